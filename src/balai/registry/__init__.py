"""Registry: the official accounts that the State owns in public, also the closed ones.

Words: official account, handle, owner unit, contact, proof. Stands on: governance, people.
An account exists, and stays on record, whether or not we can connect to it. Its identity is the
platform's immutable user id, never the handle.
"""
