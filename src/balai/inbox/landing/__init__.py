"""The landing: where a batch of messages becomes rows, once, in one transaction.

`land` keeps every message, conversation, counter, search entry and announcement of a batch, or
none of them. Its two dialects hold the only raw SQL of the house. What a conversation becomes is
decided by `threads` and by inbox.rules, without a database.
"""

from balai.inbox.landing.port import (
    Arrival,
    Attached,
    Busy,
    Found,
    Landed,
    NoRoom,
    OurWords,
    Store,
    Term,
)
from balai.inbox.landing.scrubbing import overwrite_freed, scrub
from balai.inbox.landing.store import open_store

__all__ = [
    "Arrival",
    "Attached",
    "Busy",
    "Found",
    "Landed",
    "NoRoom",
    "OurWords",
    "Store",
    "Term",
    "open_store",
    "overwrite_freed",
    "scrub",
]
