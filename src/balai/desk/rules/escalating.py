"""How far a promised answer's time has run, and who is told at which step (domain 5.4(3), 4.6)."""

from collections.abc import Callable
from datetime import datetime

STEPS = (50, 80, 100, 150)  # per cent of the time: domain 5.4(3), timer of any open matter
# Domain 5.4(3): officer, coordinator, unit head, leader. One more hears of each further step.
TOLD = {50: ("officer",), 80: ("officer", "lead"), 100: ("officer", "lead", "head"),
        150: ("officer", "lead", "head", "leader")}  # fmt: skip


def passed(
    begun: datetime,
    due: datetime,
    at: datetime,
    minutes: Callable[[datetime, datetime], float],
) -> float:
    """How many per cent of the time from `begun` to `due` have passed at a moment.

    `minutes` measures between two moments as the clock does: minutes of service, or by the clock.
    At the due moment it is 100 at least, whatever the measure.
    """
    whole = minutes(begun, due)
    if whole <= 0:
        return 100.0 if at >= due else 0.0
    share = minutes(begun, at) / whole * 100
    return max(share, 100.0) if at >= due else min(share, 99.99)


def steps_at(share: float) -> tuple[int, ...]:
    """The steps that were passed, rising."""
    return tuple(step for step in STEPS if share >= step)


def by_the_clock(start: datetime, end: datetime) -> float:
    """Minutes between two moments."""
    return (end - start).total_seconds() / 60
