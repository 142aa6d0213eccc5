"""Cases: a citizen's matter, the unit that owes an answer, and a clock that nobody can bend.

Words: case, disposition, return, promise, duplicate, resolution. Stands on: inbox, channels,
governance, people, ground.
The answer goes out through the conversation in which the citizen spoke; a deadline once told is
never shortened; every move has a reason that the citizen can read.
"""
