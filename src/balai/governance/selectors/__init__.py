"""Reads of governance: the calendar, the targets of rule packs, the audit log."""

from balai.governance.rules import Target
from balai.governance.selectors.calendar import calendar_of
from balai.governance.selectors.ledger import (
    HeadNotGenuine,
    Walk,
    chains,
    entries_in,
    entries_of,
    signed_head,
    verify_chain,
)
from balai.governance.selectors.targets import pack_in_force, packs, target, targets_of

__all__ = [
    "HeadNotGenuine",
    "Target",
    "Walk",
    "calendar_of",
    "chains",
    "entries_in",
    "entries_of",
    "pack_in_force",
    "packs",
    "signed_head",
    "target",
    "targets_of",
    "verify_chain",
]
