"""Figures of a period along one dimension, from the rollups; only what is late is asked of time."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, F, QuerySet, Sum

from balai.analytics import rules
from balai.analytics.models import Contribution, DailyMeasure, Dimension
from balai.analytics.rules import COUNTED, Counts, Histogram, Share, Spread
from balai.governance.selectors import Calendar

EXACT_UP_TO = 5_000  # answers of a period whose times are read one by one; of more, the histogram
OPEN_UP_TO = 5_000  # unanswered ones whose ages are computed for one page


class Period(NamedTuple):
    """Local days of the institution, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Line:
    """The measures of one key: a unit, a channel, a topic, a place, an officer, or all of them.

    `late`: conversations of the period that are unanswered and past their deadline now.
    `backlog`: where the next word is ours now, of whatever day.
    """

    key: str
    label: str
    counts: Counts
    times: Spread
    late: int = 0
    backlog: int = 0

    @property
    def attainment(self) -> Share:
        return rules.attainment(self.counts, self.late)

    @property
    def solved_at_once(self) -> Share:
        return rules.solved_at_once(self.counts)

    @property
    def reopen_rate(self) -> Share:
        return rules.reopen_rate(self.counts)


@dataclass(frozen=True)
class Figures:
    """The lines of a report, most taken in first."""

    period: Period
    dimension: str
    lines: list[Line] = field(default_factory=list)


# Which column of a contribution a dimension's keys come from.
_COLUMN = {
    Dimension.UNIT.value: "unit_id",
    Dimension.MEMBER.value: "member_id",
    Dimension.CHANNEL.value: "channel",
    Dimension.INTENT.value: "intent",
    Dimension.PLACE.value: "place",
}


def figures(
    institution_id: int,
    dimension: str,
    period: Period,
    *,
    at: datetime,
    keys: Collection[str] | None = None,
) -> Figures:
    """The measures of a period for each key (of `keys`, when given), as they stand at `at`."""
    rows = _rollups(institution_id, dimension, keys)
    within = rows.filter(on__gte=period.first, on__lte=period.last)
    counts, labels = _counts(within)
    spreads = _spreads(institution_id, dimension, period, within, keys)
    late = _late(institution_id, dimension, period, at, keys)
    waiting = backlog(institution_id, dimension, keys)
    nothing = Spread(0, None, None)
    lines = [
        Line(
            key,
            labels.get(key, ""),
            counts.get(key, Counts()),
            spreads.get(key, nothing),
            late.get(key, 0),
            waiting.get(key, 0),
        )
        for key in {*counts, *late, *waiting}
    ]
    shown = [line for line in lines if line.counts or line.late or line.backlog]
    shown.sort(key=lambda line: (-line.counts.taken_in, line.key))
    return Figures(period, dimension, shown)


def backlog(
    institution_id: int, dimension: str, keys: Collection[str] | None = None
) -> dict[str, int]:
    """In how many conversations the next word is ours, by key: a sum over days that have any."""
    rows = _rollups(institution_id, dimension, keys).filter(waiting__gt=0)
    return dict(rows.values_list("key").annotate(n=Sum("waiting")).order_by())


def series(
    institution_id: int, dimension: str, key: str, period: Period
) -> list[tuple[date, Counts]]:
    """Day by day, days without anything included."""
    rows = _rollups(institution_id, dimension, [key])
    within = rows.filter(on__gte=period.first, on__lte=period.last)
    found = {on: Counts(*values) for on, *values in within.values_list("on", *COUNTED)}
    days = (period.first + timedelta(days=n) for n in range(period.days))
    return [(day, found.get(day, Counts())) for day in days]


def open_ages(
    institution_id: int, period: Period, calendar: Calendar, *, at: datetime
) -> list[int] | None:
    """How long unanswered conversations of the period have waited, in working minutes.

    None when there are more than OPEN_UP_TO of them.
    """
    running = _running(institution_id, period).values_list("opened_at", flat=True)
    opened = list(running[: OPEN_UP_TO + 1])
    if len(opened) > OPEN_UP_TO:
        return None
    return [round(minutes) for minutes in calendar.working_minutes_until(opened, at)]


def times_between(institution_id: int, period: Period) -> list[int] | None:
    """Every time to a first answer of the period; None when they are more than EXACT_UP_TO."""
    found = list(
        _times(institution_id, period).values_list("minutes", flat=True)[: EXACT_UP_TO + 1]
    )
    return None if len(found) > EXACT_UP_TO else [minutes or 0 for minutes in found]


def _rollups(
    institution_id: int, dimension: str, keys: Collection[str] | None
) -> QuerySet[DailyMeasure]:
    rows = DailyMeasure.objects.filter(institution_id=institution_id, dimension=dimension)
    return rows if keys is None else rows.filter(key__in=list(keys))


def _counts(rows: QuerySet[DailyMeasure]) -> tuple[dict[str, Counts], dict[str, str]]:
    counts: dict[str, Counts] = {}
    labels: dict[str, str] = {}
    sums = [Sum(name) for name in COUNTED]
    for key, label, *values in (
        rows.values_list("key", "label")
        .annotate(**{f"sum_{name}": one for name, one in zip(COUNTED, sums, strict=True)})
        .order_by()
    ):
        counts[key] = counts.get(key, Counts()) + Counts(*values)
        labels[key] = label
    return counts, labels


def _spreads(
    institution_id: int,
    dimension: str,
    period: Period,
    rows: QuerySet[DailyMeasure],
    keys: Collection[str] | None,
) -> dict[str, Spread]:
    """Exact where the period has few answers, else from the histograms."""
    answered = _rollups(institution_id, Dimension.ALL, None).filter(
        on__gte=period.first, on__lte=period.last
    )
    total = answered.aggregate(n=Sum("answered"))["n"] or 0
    if total > EXACT_UP_TO:
        merged: dict[str, Histogram] = defaultdict(lambda: Histogram({}))
        for key, times in _histograms(rows):
            merged[key] += times
        return {key: rules.rough_spread(times) for key, times in merged.items()}
    exact: dict[str, list[int]] = defaultdict(list)
    for key, minutes in _keyed(_times(institution_id, period), dimension, "minutes"):
        exact[key].append(minutes)
    wanted = exact if keys is None else {key: exact[key] for key in keys if key in exact}
    return {key: rules.exact_spread(times) for key, times in wanted.items()}


def _histograms(rows: QuerySet[DailyMeasure]) -> Iterable[tuple[str, Histogram]]:
    for key, times in rows.filter(answered__gt=0).values_list("key", "times"):
        yield key, Histogram({int(bucket): n for bucket, n in times.items()})


def _late(
    institution_id: int,
    dimension: str,
    period: Period,
    at: datetime,
    keys: Collection[str] | None,
) -> dict[str, int]:
    """Unanswered ones past their deadline, along the partial index of running clocks."""
    late = _running(institution_id, period).filter(runs_until__lt=at)
    column = _COLUMN.get(dimension)
    if column is None:
        return {"": late.count()}
    found = late.values_list(column).annotate(n=Count("pk")).order_by()
    named = {
        _key(value): n for value, n in found if not (dimension == Dimension.PLACE and not value)
    }
    return {key: n for key, n in named.items() if keys is None or key in keys}


def _running(institution_id: int, period: Period) -> QuerySet[Contribution]:
    return Contribution.objects.filter(
        institution_id=institution_id,
        runs_until__isnull=False,
        on__gte=period.first,
        on__lte=period.last,
    )


def _times(institution_id: int, period: Period) -> QuerySet[Contribution]:
    return Contribution.objects.filter(
        institution_id=institution_id,
        minutes__isnull=False,
        on__gte=period.first,
        on__lte=period.last,
    )


def _keyed(rows: QuerySet[Contribution], dimension: str, value: str) -> Iterable[tuple[str, Any]]:
    column = _COLUMN.get(dimension)
    if column is None:
        return (("", found) for found in rows.values_list(value, flat=True))
    return (
        (_key(key), found) for key, found in rows.annotate(_of=F(column)).values_list("_of", value)
    )


def _key(value: Any) -> str:
    return "" if value is None else str(value)
