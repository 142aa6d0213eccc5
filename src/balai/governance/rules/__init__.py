"""Arithmetic of the law and of the ledger: no database, no Django."""

from balai.governance.rules.calendar import (
    OFFICE_HOURS,
    BeyondCalendar,
    Calendar,
    DayOff,
    Window,
    keep_promise,
)
from balai.governance.rules.envelope import PackTrouble
from balai.governance.rules.pauses import Pause, counted_pauses, due_after_pauses
from balai.governance.rules.targets import (
    LooserThanPack,
    Measure,
    NoTarget,
    Pack,
    Target,
)

__all__ = [
    "OFFICE_HOURS",
    "BeyondCalendar",
    "Calendar",
    "DayOff",
    "LooserThanPack",
    "Measure",
    "NoTarget",
    "Pack",
    "PackTrouble",
    "Pause",
    "Target",
    "Window",
    "counted_pauses",
    "due_after_pauses",
    "keep_promise",
]
