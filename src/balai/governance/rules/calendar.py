"""The working-day engine of domain 4.6: working days, service hours, and when a promise falls due.

Moments are aware datetimes and come back in UTC; days are the institution's own. Indonesia's three
zones have no summer time, so they are fixed offsets here and need no time zone database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from balai.governance.rules.targets import Measure, Target

ZONES = {
    "Asia/Jakarta": timezone(timedelta(hours=7), "WIB"),
    "Asia/Makassar": timezone(timedelta(hours=8), "WITA"),
    "Asia/Jayapura": timezone(timedelta(hours=9), "WIT"),
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONE_DAY = timedelta(days=1)
TICKS_A_MINUTE = 60_000_000

Ticks = npt.NDArray[np.int64]  # microseconds since 1970


class DayOff(StrEnum):
    """Why nobody works on a day."""

    PUBLIC = "public"
    COLLECTIVE_LEAVE = "collective_leave"
    LOCAL = "local"


class BeyondCalendar(LookupError):
    """The calendar does not reach the day: whether somebody works then is not decided yet."""


@dataclass(frozen=True)
class Window:
    """Hours of service on one weekday (0 is Monday), for a range of days or for always."""

    weekday: int
    opens: time
    closes: time
    from_on: date | None = None
    until_on: date | None = None
    decision: int = 0  # windows that were decided together have the same number; later ones rise

    def covers(self, day: date) -> bool:
        return (self.from_on or date.min) <= day <= (self.until_on or date.max)


# Monday to Friday, eight to four, where the institution has decided nothing else.
OFFICE_HOURS = tuple(Window(weekday, time(8), time(16)) for weekday in range(5))


@dataclass(frozen=True)
class Calendar:
    """When an institution works, from the first day of `first_year` to the last of `last_year`.

    On a day the windows of one decision hold: hours with an end (Ramadan) go before open-ended
    ones, and among their kind the latest decision does.
    """

    zone: str = "Asia/Jakarta"
    days_off: Mapping[date, DayOff] = field(default_factory=dict)
    windows: Sequence[Window] = OFFICE_HOURS
    first_year: int = 2015
    last_year: int = 2035
    collective_leave_is_working: bool = False

    def with_collective_leave_working(self) -> "Calendar":
        """The same calendar for a clock that runs on collective leave days (domain 4.6)."""
        return replace(self, collective_leave_is_working=True)

    def is_working(self, day: date) -> bool:
        """Whether the institution works on that day. Raises BeyondCalendar."""
        return bool(self.hours_on(day))

    def hours_on(self, day: date) -> list[tuple[time, time]]:
        """The hours of service on that day, in order; empty when nobody works."""
        if not self.first_year <= day.year <= self.last_year:
            raise BeyondCalendar(day.isoformat())
        why = self.days_off.get(day)
        if why is DayOff.COLLECTIVE_LEAVE and self.collective_leave_is_working:
            why = None
        return [] if why else _merged(self._windows_on(day))

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        day += ONE_DAY
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The working day that is `count` working days after `day`; `day` itself never counts."""
        for _ in range(count):
            day = self.next_working_day(day)
        return day

    def count_working_days(self, first: date, last: date) -> int:
        """How many working days lie from `first` to `last`, both included."""
        days = ((first + ONE_DAY * n) for n in range((last - first).days + 1))
        return sum(self.is_working(day) for day in days)

    def received_day(self, moment: datetime) -> date:
        """The day on which something counts as received: after closing it is the next one [D]."""
        local = moment.astimezone(ZONES[self.zone])
        hours = self.hours_on(local.date())
        if not hours or local.time() > hours[-1][1]:
            return self.next_working_day(local.date())
        return local.date()

    def deadline(self, moment: datetime, days: int) -> datetime:
        """The end of service `days` working days after what came in at `moment`."""
        return self.closing(self.add_working_days(self.received_day(moment), days))

    def closing(self, day: date) -> datetime:
        """The end of service on a working day."""
        return self._moment(day, self.hours_on(day)[-1][1])

    def working_minutes(self, start: datetime, end: datetime) -> float:
        """How many minutes of service lie between two moments; 0 when `end` is not later."""
        self._refuse_beyond(start)
        self._refuse_beyond(end)
        served = self._served(_ticks([end])) - self._served(_ticks([start]))
        return max(0.0, int(served[0]) / TICKS_A_MINUTE)

    def working_minutes_until(self, starts: Sequence[datetime], end: datetime) -> list[float]:
        """`working_minutes` from each of many moments, none of them refused."""
        served = self._served(_ticks([end])) - self._served(_ticks(starts))
        minutes: list[float] = (np.maximum(served, 0) / TICKS_A_MINUTE).tolist()
        return minutes

    def add_working_minutes(self, start: datetime, minutes: float) -> datetime:
        """The first moment of service by which `minutes` of service have passed since `start`."""
        self._refuse_beyond(start)
        due = self._due(_ticks([start]), _needed(minutes))
        if due[0] < 0:
            raise BeyondCalendar(f"{minutes} minutes after {start.isoformat()}")
        return _moments(due)[0]

    def due(self, start: datetime, target: Target) -> datetime:
        """When something that began at `start` is to be done. Raises BeyondCalendar."""
        if target.unit is Measure.WORKING_DAYS:
            return self.deadline(start, target.limit)
        if target.unit is Measure.WORKING_MINUTES:
            return self.add_working_minutes(start, target.limit)
        return start.astimezone(UTC) + _by_the_clock(target)

    def due_many(self, starts: Sequence[datetime], limit: Target | float) -> list[datetime]:
        """`due` for a whole batch, which it never refuses; a bare number is working minutes.

        What is dated before the calendar is due as if it came on its first day; past its end
        nothing is decided, and the clock counts.
        """
        if isinstance(limit, Target) and limit.unit is not Measure.WORKING_MINUTES:
            return self._due_by_days_or_clock(starts, limit)
        ticks = _ticks(starts)
        needed = _needed(limit.limit if isinstance(limit, Target) else limit)
        due = self._due(ticks, needed)
        return _moments(np.where(due < 0, ticks + needed, due))

    def _due_by_days_or_clock(self, starts: Sequence[datetime], target: Target) -> list[datetime]:
        if target.unit is Measure.WORKING_DAYS:
            return [self._due_anyhow(start, target) for start in starts]
        wait = _by_the_clock(target)
        return [start.astimezone(UTC) + wait for start in starts]

    def _due_anyhow(self, start: datetime, target: Target) -> datetime:
        first = datetime(self.first_year, 1, 2, tzinfo=UTC)  # the first day in every zone
        try:
            return self.due(max(start, first), target)
        except BeyondCalendar:
            return start.astimezone(UTC) + ONE_DAY * target.limit

    def _windows_on(self, day: date) -> list[Window]:
        valid = [window for window in self.windows if window.covers(day)]
        bounded = [window for window in valid if window.until_on is not None]
        candidates = bounded or valid
        decided = max((window.decision for window in candidates), default=0)
        return [w for w in candidates if w.decision == decided and w.weekday == day.weekday()]

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, ZONES[self.zone]).astimezone(UTC)

    def _refuse_beyond(self, moment: datetime) -> None:
        year = moment.astimezone(ZONES[self.zone]).year
        if not self.first_year <= year <= self.last_year:
            raise BeyondCalendar(moment.isoformat())

    @cached_property
    def _spans(self) -> tuple[Ticks, Ticks, Ticks]:
        """Opening, closing, and the service before each opening, of every span of the calendar."""
        day, last = date(self.first_year, 1, 1), date(self.last_year, 12, 31)
        opens: list[datetime] = []
        closes: list[datetime] = []
        while day <= last:
            for opening, closing in self.hours_on(day):
                opens.append(self._moment(day, opening))
                closes.append(self._moment(day, closing))
            day += ONE_DAY
        starts, ends = _ticks(opens), _ticks(closes)
        return starts, ends, np.concatenate([[0], np.cumsum(ends - starts)]).astype(np.int64)

    def _served(self, ticks: Ticks) -> Ticks:
        """All service from the calendar's first day until each moment."""
        starts, ends, before = self._spans
        place = np.searchsorted(ends, ticks, side="right")
        inside = np.append(starts, np.iinfo(np.int64).max)[place]
        served: Ticks = before[place] + np.maximum(ticks - inside, 0)
        return served

    def _due(self, ticks: Ticks, needed: int) -> Ticks:
        """The moment at which `needed` service has passed since each; -1 past the calendar."""
        starts, _ends, before = self._spans
        if not len(starts):
            return np.full(len(ticks), -1, dtype=np.int64)
        goal = self._served(ticks) + needed
        # Work that ends with the day is due at closing, not at the next opening; no work at all
        # is due at the first moment of service.
        place = np.searchsorted(before[1:], goal, side="left" if needed else "right")
        known = np.minimum(place, len(starts) - 1)
        due = starts[known] + goal - before[known]
        return np.where(place < len(starts), due, -1)


def keep_promise(promised: datetime, computed: datetime) -> datetime:
    """The due moment after the calendar changed: a promise to a citizen is never shortened [D]."""
    return max(promised, computed)


def _by_the_clock(target: Target) -> timedelta:
    if target.unit is Measure.CLOCK_HOURS:
        return timedelta(hours=target.limit)
    return timedelta(minutes=target.limit)


def _needed(minutes: float) -> int:
    if minutes < 0:
        raise ValueError("service cannot be taken back: minutes must not be negative")
    return round(minutes * TICKS_A_MINUTE)


def _ticks(moments: Sequence[datetime]) -> Ticks:
    seconds = np.fromiter(map(datetime.timestamp, moments), np.float64, len(moments))
    return np.rint(seconds * 1e6).astype(np.int64)


def _moments(ticks: Ticks) -> list[datetime]:
    return [EPOCH + since for since in ticks.astype("timedelta64[us]").tolist()]


def _merged(windows: Sequence[Window]) -> list[tuple[time, time]]:
    """The spans of a day in order; overlapping ones are one."""
    spans: list[tuple[time, time]] = []
    for opens, closes in sorted((window.opens, window.closes) for window in windows):
        if spans and opens <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], closes))
        else:
            spans.append((opens, closes))
    return spans
