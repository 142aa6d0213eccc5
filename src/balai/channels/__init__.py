"""Channels: the one door out and the one door in.

Words: connection, parcel, connector, dispatch, attempt, receipt. Stands on: registry, governance.
A parcel is what came in, byte for byte; a dispatch is one thing that must go out at most once.
What a message means, and whether it may be sent, is decided above; only this room meets a network.
"""
