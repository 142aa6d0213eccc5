"""Inbox: conversations with citizens. Taken in, triaged, assigned, answered.

Words: conversation, message, citizen, triage, assignment, answer, note, clock. Stands on: channels,
understanding. Every word of a citizen is kept once, whatever the network repeats; an answer is said
once, and is said to be out only with the network's proof. Cases and hoaxes are decided above.
"""
