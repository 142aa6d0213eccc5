"""Understanding: text in, a `Reading` out; every value carries its reason and its model.

Words: reading, cue, guess, sure, reason. Stands on: nothing (no table, no network, no Django).
Here a message's language, mood, intent, urgency, abuse and personal data are read. Storing the
answer is the business of the room that asked; what is done about it is decided by a person.
"""
