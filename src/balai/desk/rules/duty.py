"""Who is on duty at a moment, by weekly hours, changes of one day, and days off."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise

Hours = tuple[time, time]
ONE_DAY = timedelta(days=1)


class WrongHours(ValueError):
    """Hours that nobody can work, and the weekday (0 is Monday) of the fault."""

    def __init__(self, weekday: int) -> None:
        super().__init__(f"hours overlap on weekday {weekday}")
        self.weekday = weekday


@dataclass(frozen=True)
class Pattern:
    """The hours of one member in one shift, in the institution's own time.

    `week` has the hours of each weekday (0 is Monday); `changes` those of single days, which go
    before the week and before days off. Hours that end before they begin end on the next day.
    """

    week: Mapping[int, Sequence[Hours]]
    changes: Mapping[date, Sequence[Hours]] = field(default_factory=dict)
    works_on_days_off: bool = False

    def hours_on(self, day: date, days_off: Container[date] = ()) -> Sequence[Hours]:
        """The hours that begin on a day."""
        if day in self.changes:
            return self.changes[day]
        if day in days_off and not self.works_on_days_off:
            return ()
        return self.week.get(day.weekday(), ())


def duty_until(pattern: Pattern, at: datetime, days_off: Container[date] = ()) -> datetime | None:
    """Until when the duty lasts that runs at a local moment; None when none runs.

    Hours that follow each other without a pause are one duty.
    """
    spans = sorted(
        span
        for day in (at.date() - ONE_DAY, at.date(), at.date() + ONE_DAY)
        for span in _moments(day, pattern.hours_on(day, days_off), at)
    )
    until: datetime | None = None
    for starts, ends in spans:
        if until is None:
            until = ends if starts <= at < ends else None
        elif starts <= until:
            until = max(until, ends)
    return until


def refuse_overlap(week: Mapping[int, Iterable[Hours]]) -> None:
    """Raise WrongHours where hours of a week overlap, also past midnight and from Sunday on."""
    spans: list[tuple[int, int, int]] = []
    for weekday, hours in week.items():
        for starts, ends in hours:
            begin = weekday * 1440 + _minute(starts)
            length = (_minute(ends) - _minute(starts)) % 1440
            if not length:
                raise WrongHours(weekday)
            spans.append((begin, begin + length, weekday))
    spans.sort()
    for before, after in pairwise(spans):
        if after[0] < before[1]:
            raise WrongHours(after[2])
    if spans and spans[-1][1] - 7 * 1440 > spans[0][0]:
        raise WrongHours(spans[0][2])


def _moments(day: date, hours: Iterable[Hours], at: datetime) -> list[tuple[datetime, datetime]]:
    spans = []
    for starts, ends in hours:
        last = day if ends > starts else day + ONE_DAY
        spans.append(
            (
                datetime.combine(day, starts, at.tzinfo),
                datetime.combine(last, ends, at.tzinfo),
            )
        )
    return spans


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
