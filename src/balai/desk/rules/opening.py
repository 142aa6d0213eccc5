"""When an office opens next, as citizens are told."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

Hours = tuple[time, time]
LOOKS_AHEAD = 30  # days; an office that is closed longer says so in other ways


def is_served(hours_on: Callable[[date], Sequence[Hours]], at: datetime) -> bool:
    """Whether a local moment lies within the hours of service."""
    return any(opens <= at.time() < closes for opens, closes in hours_on(at.date()))


def next_opening(hours_on: Callable[[date], Sequence[Hours]], at: datetime) -> datetime | None:
    """The next moment at which service begins; None within LOOKS_AHEAD days."""
    for ahead in range(LOOKS_AHEAD + 1):
        day = at.date() + timedelta(days=ahead)
        for opens, _closes in hours_on(day):
            begins = datetime.combine(day, opens, at.tzinfo)
            if begins > at:
                return begins
    return None


def worded(text: str, opens: str) -> str:
    """An away note with the moment of the next opening in place of {buka}."""
    return text.replace("{buka}", opens)
