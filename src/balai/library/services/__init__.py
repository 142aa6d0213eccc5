"""The verbs of the library."""

from balai.library.services.keeping import confirm_review, note_use, retire_article
from balai.library.services.writing import (
    Cited,
    NothingToApprove,
    Worded,
    approve_edition,
    drop_draft,
    propose_article,
    revise_article,
)

__all__ = [
    "Cited",
    "NothingToApprove",
    "Worded",
    "approve_edition",
    "confirm_review",
    "drop_draft",
    "note_use",
    "propose_article",
    "retire_article",
    "revise_article",
]
