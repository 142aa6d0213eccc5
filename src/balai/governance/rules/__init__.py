"""Arithmetic of the law and of the ledger: no database, no Django."""

from balai.governance.rules.calendar import (
    OFFICE_HOURS,
    BeyondCalendar,
    Calendar,
    DayOff,
    Window,
    keep_promise,
)
from balai.governance.rules.pauses import Pause, counted_pauses, due_after_pauses

__all__ = [
    "OFFICE_HOURS",
    "BeyondCalendar",
    "Calendar",
    "DayOff",
    "Pause",
    "Window",
    "counted_pauses",
    "due_after_pauses",
    "keep_promise",
]
