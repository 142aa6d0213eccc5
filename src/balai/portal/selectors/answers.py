"""What was asked and answered, from the rollups: never a row of a citizen, never a scan."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from balai.analytics.models import Dimension, Upkeep
from balai.analytics.selectors import Line, Period, figures
from balai.channels.selectors import all_promises
from balai.ground.clock import now
from balai.people.models import Institution
from balai.portal import rules

DAYS = 90  # what the front page looks back on


class ByChannel(NamedTuple):
    """One way to reach us: how much came in, how much of it was answered, and how fast."""

    name: str
    taken_in: int | None
    answered: int | None
    median: float | None  # working minutes
    in_time: float | None  # per cent


class ByPlace(NamedTuple):
    """A place, and how long its people wait."""

    name: str
    median: float
    n: int


@dataclass(frozen=True)
class Answers:
    """The figures of the front page. None: too few cases to say it (`rules.LEAST`).

    `waiting` and `late` are as of now and of any day; everything else is of the period.
    """

    period: Period
    taken_in: int | None
    answered: int | None
    in_time: float | None
    timed: int
    median: float | None
    n: int
    waiting: int | None
    late: int | None
    channels: list[ByChannel]
    slowest: ByPlace | None
    fastest: ByPlace | None
    formula: int
    is_counting: bool

    @property
    def has_any(self) -> bool:
        return self.taken_in != 0 or self.waiting != 0


def answers_of(institution: Institution, *, days: int = DAYS) -> Answers:
    """What was asked and answered in the last days of the institution's calendar."""
    today = now().astimezone(ZoneInfo(institution.zone)).date()
    period = Period(today - timedelta(days=days - 1), today)
    whole = _lines(institution, Dimension.ALL, period)
    line = whole[0] if whole else None
    places = _places(_lines(institution, Dimension.PLACE, period))
    upkeep = Upkeep.objects.filter(institution=institution).first()
    return Answers(
        period=period,
        taken_in=rules.told(line.counts.taken_in) if line else 0,
        answered=rules.told(line.counts.answered) if line else 0,
        in_time=rules.told_percent(*line.attainment) if line else None,
        timed=line.attainment.whole if line else 0,
        median=rules.told_time(line.times.median, line.times.n) if line else None,
        n=line.times.n if line else 0,
        waiting=rules.told(line.backlog) if line else 0,
        late=rules.told(line.late) if line else 0,
        channels=_channels(_lines(institution, Dimension.CHANNEL, period)),
        slowest=places[-1] if len(places) > 1 else None,
        fastest=places[0] if len(places) > 1 else None,
        formula=upkeep.formula if upkeep else 0,
        is_counting=upkeep is None or not upkeep.is_complete,
    )


def today_of(institution: Institution) -> date:
    """The present day where the institution is."""
    return now().astimezone(ZoneInfo(institution.zone)).date()


def channel_names() -> dict[str, str]:
    """What our channels are called."""
    return {one.slug: str(one.label) for one in all_promises()}


def _lines(institution: Institution, dimension: str, period: Period) -> list[Line]:
    return figures(institution.pk, dimension, period, at=now()).lines


def _channels(lines: list[Line]) -> list[ByChannel]:
    names = channel_names()
    taken = rules.told_parts({line.key: line.counts.taken_in for line in lines})
    answered = rules.told_parts({line.key: line.counts.answered for line in lines})
    return [
        ByChannel(
            names.get(line.key, line.key),
            taken[line.key],
            answered[line.key],
            rules.told_time(line.times.median, line.times.n),
            rules.told_percent(*line.attainment),
        )
        for line in lines
        if line.counts.taken_in
    ]


def _places(lines: list[Line]) -> list[ByPlace]:
    """Places of which enough is known, the fastest first."""
    known = [
        ByPlace(line.label, median, line.times.n)
        for line in lines
        if line.key and (median := rules.told_time(line.times.median, line.times.n)) is not None
    ]
    return sorted(known, key=lambda place: (place.median, place.name))
