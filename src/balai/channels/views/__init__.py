"""Faces of channels: the webhook door, and the console of lines, parcels and dispatches."""
