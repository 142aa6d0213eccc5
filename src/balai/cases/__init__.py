"""Cases: a citizen's matter, the unit that owes an answer, and a clock that nobody can bend.

Words: case, voice, disposition, return, promise, referral, duplicate, result. Stands on: inbox,
channels, library, governance, people, understanding, ground.
The answer goes out through the conversation in which the citizen spoke; a deadline once told is
never shortened; every move has words that the citizen can read.
"""
