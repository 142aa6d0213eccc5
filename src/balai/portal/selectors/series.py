"""The public series: what each one says, how it is computed, and its rows from the rollups."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from balai.analytics.models import Dimension, Upkeep
from balai.analytics.selectors import Line, Period, figures
from balai.ground.clock import now
from balai.inbox.models import Conversation
from balai.people.models import Institution, Unit
from balai.portal import rules
from balai.portal.selectors.answers import channel_names, today_of
from balai.portal.selectors.telling import LETTERS, letters_of
from balai.readiness.selectors import monthly

Words = str | Promise
Value = str | int | float | None
MONTHS = 24
YEAR = 365  # days behind the series of one dimension


@dataclass(frozen=True)
class Column:
    """One column: its name for machines, its words for people, and the unit of its values."""

    name: str
    title: Words
    unit: str = ""


@dataclass(frozen=True)
class Series:
    """One public series. `n` names the column that says on how many cases a row rests."""

    slug: str
    title: Words
    about: Words
    definition: Words
    columns: tuple[Column, ...]
    n: str
    read: Callable[[Institution], list[list[Value]]]
    period: Callable[[Institution], Period]
    charted: str = ""


_COUNTS = (
    Column("taken_in", _("Came in"), "conversations"),
    Column("answered", _("Answered"), "conversations"),
    Column("deadlines_over", _("Deadlines that are over"), "conversations"),
    Column("in_time_percent", _("In time"), "per cent"),
    Column("median_minutes", _("Median until the first answer"), "working minutes"),
    Column("n_times", _("Answers behind the median"), "answers"),
)
_DEFINITION = _(
    "Came in: conversations in which a citizen wrote, on the day of the first words. Answered: the "
    "first answer of a person has arrived. In time: answered before the deadline, of all that were "
    "answered and all that are unanswered past it. Median: from the citizen's first words to the "
    "first answer, in working minutes. Counts from 1 to 4 are left empty, and where one alone "
    "would be empty, the next smallest too; shares and medians of fewer than 5 cases are left "
    "empty."
)


def all_series() -> Sequence[Series]:
    """Every series, in the order of the catalogue."""
    return (
        Series(
            "bulanan",
            _("Asked and answered, month by month"),
            _("How much came in, how much was answered, how much of it in time."),
            _DEFINITION,
            (Column("month", _("Month")), *_COUNTS),
            "deadlines_over",
            _by_month,
            _months,
            "in_time_percent",
        ),
        Series(
            "stoc",
            _("The STOC index, month by month"),
            _("Sharing, transparency, openness and collaboration, each of 100."),
            _(
                "The last reckoning of each month, by the formula of its day. A letter is left "
                "empty while too much behind it is not known, and the index while a letter is. "
                "n_measures: how many measures had a figure."
            ),
            (
                Column("month", _("Month")),
                Column("stoc", "STOC", "of 100"),
                *(Column(code.lower(), name, "of 100") for code, name in LETTERS.items()),
                Column("stage", _("Stage")),
                Column("formula", _("Formula")),
                Column("n_measures", _("Measures with a figure")),
            ),
            "n_measures",
            _stoc,
            _months,
            "stoc",
        ),
        *(
            Series(
                slug, title, about, _DEFINITION, (Column(name, words), *_COUNTS),
                "deadlines_over", _along(dimension), _year, "taken_in",
            )
            for slug, dimension, name, words, title, about in _DIMENSIONS
        ),
    )  # fmt: skip


_DIMENSIONS: tuple[tuple[str, str, str, Words, Words, Words], ...] = (
    (
        "kanal", Dimension.CHANNEL, "channel", _("Channel"),
        _("Asked and answered by channel"), _("Over which ways people reach the office, 365 days."),
    ),
    (
        "urusan", Dimension.INTENT, "matter", _("Matter"),
        _("Asked and answered by matter"), _("What kind of words come in, 365 days."),
    ),
    (
        "unit", Dimension.UNIT, "unit", _("Unit"),
        _("Asked and answered by unit"), _("Which units owed the answers, 365 days."),
    ),
    (
        "wilayah", Dimension.PLACE, "place", _("Place"),
        _("Asked and answered by place"),
        _("Which places the words of citizens name, 365 days: where people wait longest."),
    ),
)  # fmt: skip


def series_called(slug: str) -> Series | None:
    """One series; None when there is none of this name."""
    return next((one for one in all_series() if one.slug == slug), None)


def formula_of(institution: Institution) -> int:
    """The version of the formulas by which the rollups were counted."""
    return (
        Upkeep.objects.filter(institution=institution).values_list("formula", flat=True).first()
        or 0
    )


def _by_month(institution: Institution) -> list[list[Value]]:
    rows: list[list[Value]] = []
    for period in _each_month(today_of(institution)):
        lines = figures(institution.pk, Dimension.ALL, period, at=now()).lines
        line = lines[0] if lines else None
        if line is None or not line.counts:
            if rows:
                rows.append([f"{period.first:%Y-%m}", 0, 0, 0, None, None, 0])
            continue
        rows.append([f"{period.first:%Y-%m}", *_told(line)])
    return rows


def _stoc(institution: Institution) -> list[list[Value]]:
    return [
        [
            f"{found.row.on:%Y-%m}",
            None if found.row.value is None else float(found.row.value),
            *(letter.value for letter in letters_of(found)),
            found.row.stage,
            found.row.formula,
            len(found.index.scores),
        ]
        for found in monthly(institution, MONTHS)
    ]


def _along(dimension: str) -> Callable[[Institution], list[list[Value]]]:
    def read(institution: Institution) -> list[list[Value]]:
        lines = figures(institution.pk, dimension, _year(institution), at=now()).lines
        lines = [line for line in lines if line.counts.taken_in]
        names = _names(institution, dimension)
        counted = [_counts_of(line) for line in lines]
        shown = [
            rules.told_parts({place: counts[part] for place, counts in enumerate(counted)})
            for part in range(4)
        ]
        return [
            [
                names.get(line.key) or line.label or line.key or "-",
                shown[0][place],
                shown[1][place],
                shown[2][place],
                rules.told_percent(*line.attainment),
                rules.told_time(line.times.median, line.times.n),
                shown[3][place],
            ]
            for place, line in enumerate(lines)
        ]

    return read


def _told(line: Line) -> list[Value]:
    taken_in, answered, timed, times = (rules.told(n) for n in _counts_of(line))
    percent = rules.told_percent(*line.attainment)
    return [
        taken_in, answered, timed, percent, rules.told_time(line.times.median, line.times.n), times
    ]  # fmt: skip


def _counts_of(line: Line) -> tuple[int, int, int, int]:
    counts = line.counts
    return counts.taken_in, counts.answered, line.attainment.whole, line.times.n


def _names(institution: Institution, dimension: str) -> dict[str, str]:
    match dimension:
        case Dimension.CHANNEL:
            return channel_names()
        case Dimension.INTENT:
            return {code: str(words) for code, words in Conversation.Intent.choices}
        case Dimension.UNIT:
            rows: Any = Unit.objects.filter(institution=institution).values_list("pk", "name")
            return {str(pk): name for pk, name in rows}
    return {}


def _year(institution: Institution) -> Period:
    today = today_of(institution)
    return Period(today - timedelta(days=YEAR - 1), today)


def _months(institution: Institution) -> Period:
    each = _each_month(today_of(institution))
    return Period(each[0].first, each[-1].last)


def _each_month(today: date) -> list[Period]:
    """The last MONTHS months up to today, the oldest first."""
    found: list[Period] = []
    last = today
    for _n in range(MONTHS):
        first = last.replace(day=1)
        found.append(Period(first, last))
        last = first - timedelta(days=1)
    return found[::-1]
