"""Reads of governance: the calendar, the targets of rule packs, the audit log."""

from balai.governance.rules import (
    BeyondCalendar,
    Calendar,
    LooserThanPack,
    Measure,
    NoTarget,
    Pause,
    Target,
    due_after_pauses,
    keep_promise,
)
from balai.governance.rules.instruments import Instrument, NoInstrument
from balai.governance.selectors.calendar import calendar_of
from balai.governance.selectors.instruments import instrument, instrument_by_hash, instruments
from balai.governance.selectors.ledger import (
    HeadNotGenuine,
    Walk,
    chains,
    entries_in,
    entries_of,
    is_whole,
    signed_head,
    verify_chain,
)
from balai.governance.selectors.targets import pack_in_force, packs, target, targets_of

__all__ = [
    "BeyondCalendar",
    "Calendar",
    "HeadNotGenuine",
    "Instrument",
    "LooserThanPack",
    "Measure",
    "NoInstrument",
    "NoTarget",
    "Pause",
    "Target",
    "Walk",
    "calendar_of",
    "chains",
    "due_after_pauses",
    "entries_in",
    "entries_of",
    "instrument",
    "instrument_by_hash",
    "instruments",
    "is_whole",
    "keep_promise",
    "pack_in_force",
    "packs",
    "signed_head",
    "target",
    "targets_of",
    "verify_chain",
]
