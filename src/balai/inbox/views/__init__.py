"""Faces of the inbox: the officer's queue and conversation, the citizen's letterbox and status."""
