"""The clocks of a case (domain 4.6): when it is due, when it is told, and what moves neither.

Figures of the law stand in rule packs; here is what is done with them. All moments are aware.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from balai.governance.selectors import Calendar, Pause, Target, due_after_pauses, keep_promise

# How much of the time may have passed before somebody is told, and whom (domain 5.4(3)).
MARKS = (50, 80, 100, 150)  # per cent of the deadline
TOLD = {50: "officer", 80: "coordinator", 100: "unit_head", 150: "leader"}
NOTHING_OLDER = datetime(2015, 1, 5, tzinfo=UTC)  # the calendar of holidays begins at 2015
FLOOR_AFTER_REOPENING = 3  # working days [D], domain 4.6

VERIFICATION, RESOLUTION = "verification", "resolution"
FOLLOW_UP, CONFIRMATION = "follow_up", "confirmation"
NEVER_PAUSES = frozenset({VERIFICATION})  # it is the first response to the citizen (domain 4.6)
ESCALATES = frozenset({VERIFICATION, RESOLUTION, FOLLOW_UP})

# The rule pack's clock behind each of ours.
PACK_CLOCKS = {
    VERIFICATION: "complaint_verification",
    FOLLOW_UP: "follow_up",
    CONFIRMATION: "complaint_auto_close",
}
PACK_CLOCK_OF_SCRUTINY = {
    "ordinary": "complaint_ordinary",
    "without_oversight": "complaint_without_oversight",
    "with_oversight": "complaint_with_oversight",
}
# What a kind of case is taken for until a coordinator has looked; an aspiration as one [D].
USUAL_SCRUTINY = {
    "complaint": "without_oversight",
    "aspiration": "without_oversight",
    "information_request": "ordinary",
}


def pack_clock(kind: str, scrutiny: str) -> str:
    """The name in the rule packs of a clock of ours; resolution depends on the scrutiny."""
    return PACK_CLOCK_OF_SCRUTINY[scrutiny] if kind == RESOLUTION else PACK_CLOCKS[kind]


def due(
    calendar: Calendar,
    started: datetime,
    target: Target,
    pauses: Sequence[Pause] = (),
    *,
    at: datetime,
    kind: str = RESOLUTION,
) -> datetime:
    """When it is due, moved on by the pauses that count up to `at`. Raises BeyondCalendar."""
    first = calendar.due(started, target)
    return due_after_pauses(calendar, first, pauses, at=at, is_first_response=kind in NEVER_PAUSES)


def minutes_left(calendar: Calendar, due_at: datetime, stopped: datetime) -> float:
    """The service time that remained when a clock stopped; 0 when it was late."""
    return calendar.working_minutes(stopped, due_at)


def due_again(calendar: Calendar, at: datetime, left: float) -> datetime:
    """When a clock that goes on at `at` is due: after the service minutes that it had left, and
    never sooner than in three working days (domain 4.6 [D])."""
    on = calendar.add_working_minutes(at, left)
    return max(on, calendar.deadline(at, FLOOR_AFTER_REOPENING))


def keep(promised: datetime, computed: datetime) -> datetime:
    """The deadline after the calendar changed: what was promised is never shortened [D]."""
    return keep_promise(promised, computed)


def due_after_merge(own: datetime, earliest: datetime) -> datetime:
    """The deadline of a master that takes over an older report: the earliest counts (4.6)."""
    return min(own, earliest)


def mark_at(calendar: Calendar, started: datetime, due_at: datetime, mark: int) -> datetime:
    """When `mark` per cent of the service time between start and deadline will have passed."""
    if mark == 100:
        return due_at
    whole = calendar.working_minutes(started, due_at)
    return calendar.add_working_minutes(started, whole * mark / 100)


def next_mark(
    calendar: Calendar, started: datetime, due_at: datetime, told: int
) -> datetime | None:
    """When somebody is to be told next, if `told` per cent was the last time; None after 150."""
    coming = next((mark for mark in MARKS if mark > told), None)
    return None if coming is None else mark_at(calendar, started, due_at, coming)


def marks_passed(
    calendar: Calendar, started: datetime, due_at: datetime, told: int, at: datetime
) -> list[int]:
    """The marks above `told` that have passed by `at`, in order."""
    coming = (mark for mark in MARKS if mark > told)
    return [mark for mark in coming if mark_at(calendar, started, due_at, mark) <= at]
