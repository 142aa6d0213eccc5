"""When a clock stands still (domain 4.6, clock pause rules [D])."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from balai.governance.rules.calendar import Calendar

WAITING_CITIZEN = "waiting_citizen"
MOST_PAUSES = 2
LONGEST_PAUSE = 10  # working days


@dataclass(frozen=True)
class Pause:
    """A time in which we waited; `until` is None while it lasts, `cause` the state we were in."""

    since: datetime
    until: datetime | None
    cause: str = WAITING_CITIZEN


def counted_pauses(
    calendar: Calendar, pauses: Sequence[Pause], *, at: datetime, is_first_response: bool = False
) -> list[tuple[datetime, datetime]]:
    """The stretches up to `at` in which the clock really stood still.

    Only waiting for the citizen counts, twice at most, ten working days each at most; the clock of
    the first response never stands still.
    """
    if is_first_response:
        return []
    waited = sorted((p for p in pauses if p.cause == WAITING_CITIZEN), key=lambda p: p.since)
    counted: list[tuple[datetime, datetime]] = []
    for pause in waited[:MOST_PAUSES]:
        since = max(pause.since, counted[-1][1]) if counted else pause.since
        until = min(pause.until or at, at, calendar.deadline(pause.since, LONGEST_PAUSE))
        if until > since:
            counted.append((since, until))
    return counted


def due_after_pauses(
    calendar: Calendar,
    due: datetime,
    pauses: Sequence[Pause],
    *,
    at: datetime,
    is_first_response: bool = False,
) -> datetime:
    """A due moment moved on by the service time of the pauses that count up to `at`."""
    stretches = counted_pauses(calendar, pauses, at=at, is_first_response=is_first_response)
    paused = sum(calendar.working_minutes(since, until) for since, until in stretches)
    return calendar.add_working_minutes(due, paused) if paused else due
