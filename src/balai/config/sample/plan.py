"""When everything in the sample week happened: pure, so that it can be tried at any moment.

A thread's first step says when: `at` (days before today and a local time), `ago` (minutes), or
`left` (minutes of service that remain `of` a clock). Every further step follows the one before it:
`after` minutes of service for the office, `minutes` by the clock on the wall, `later` for citizens.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

Deed = Mapping[str, Any]
LONGEST_SEARCH = timedelta(days=20)  # the longest holidays with the days around them


class Hours(Protocol):
    """What is needed of governance's calendar."""

    def working_minutes(self, start: datetime, end: datetime) -> float:
        """Minutes of service between two moments."""

    def add_working_minutes(self, start: datetime, minutes: float) -> datetime:
        """The moment after so many minutes of service."""


@dataclass(frozen=True)
class Step:
    """One thing that somebody said or did, with its moment."""

    at: datetime
    thread: Deed
    deed: Deed
    number: int  # within its thread


def plan(
    threads: Iterable[Deed], hours: Hours, *, limits: Mapping[str, int], zone: str, now: datetime
) -> list[Step]:
    """All steps up to `now`, in the order in which they happened.

    What would still lie ahead of `now` has not happened yet. Threads marked `sure` show a state
    that the sample must have on any day of the year: theirs are pulled before `now`.
    """
    place = ZoneInfo(zone)
    steps = [step for thread in threads for step in _of_thread(thread, hours, limits, place, now)]
    return sorted(steps, key=lambda step: step.at)  # stable: the order within a thread is kept


def _of_thread(
    thread: Deed, hours: Hours, limits: Mapping[str, int], zone: ZoneInfo, now: datetime
) -> list[Step]:
    deeds: Sequence[Deed] = thread["steps"]
    at = _first(deeds[0], hours, limits, zone, now)
    steps = [Step(at, thread, deeds[0], 0)]
    for number, deed in enumerate(deeds[1:], 1):
        before, at = at, _following(at, deed, hours)
        if at >= now:
            if not thread.get("sure"):
                break
            at = before + (now - before) / 2
        steps.append(Step(at, thread, deed, number))
    return steps


def _first(
    deed: Deed, hours: Hours, limits: Mapping[str, int], zone: ZoneInfo, now: datetime
) -> datetime:
    if "ago" in deed:
        return now - timedelta(minutes=deed["ago"])
    if "left" in deed:
        return _worked_since(hours, limits[deed["of"]] - deed["left"], now)
    days, clock = deed["at"].split()
    day = now.astimezone(zone).date() + timedelta(days=int(days))
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(now.tzinfo)


def _following(before: datetime, deed: Deed, hours: Hours) -> datetime:
    if "after" in deed:
        return hours.add_working_minutes(before, deed["after"])
    return before + timedelta(minutes=deed.get("later") or deed["minutes"])


def _worked_since(hours: Hours, minutes: int, now: datetime) -> datetime:
    """The latest moment since when so many minutes of service have passed."""
    early, late = now - LONGEST_SEARCH, now
    while late - early > timedelta(seconds=20):
        middle = early + (late - early) / 2
        if hours.working_minutes(middle, now) >= minutes:
            early = middle
        else:
            late = middle
    return early
