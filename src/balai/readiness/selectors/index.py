"""The STOC index: what it is made of on a day, and what was reckoned before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db.models import QuerySet

from balai.governance.selectors import Instrument, instrument, instrument_by_hash
from balai.ground.clock import now
from balai.people.models import Institution, Member
from balai.people.selectors import members_holding
from balai.readiness.models import ReckonedMeasure, Reckoning
from balai.readiness.rules.figures import Figure, Status
from balai.readiness.rules.scorecard import Scorecard, read_scorecard, scorecard_of
from balai.readiness.rules.stoc import Formula, Index, Measure, index_of, read_formula
from balai.readiness.selectors.signals import Window, figure

INSTRUMENT, SCORECARD = "stoc", "scorecard"


@dataclass(frozen=True)
class Reckoned:
    """A reckoning as it was: its measures, and the letters that they gave by its own formula."""

    row: Reckoning
    instrument: Instrument
    formula: Formula
    figures: Mapping[str, Figure]
    fingerprints: Mapping[str, str]
    index: Index


def formula_on(on: date) -> tuple[Instrument, Formula]:
    """The index's formula on a day, and the dated file in which it stands."""
    found = instrument(INSTRUMENT, on)
    return found, read_formula(found.content)


def window_on(
    institution: Institution, formula: Formula, on: date, at: datetime | None = None
) -> Window:
    """The days that the index of a day looks at, that day the last of them."""
    first = on - timedelta(days=formula.window_days - 1)
    return Window(institution, first, on, at or now())


def scorecard_on(on: date) -> tuple[Instrument, tuple[Measure, ...]]:
    """The measures of the scorecard on a day, and the dated file in which they stand."""
    found = instrument(SCORECARD, on)
    return found, read_scorecard(found.content)


def figures_on(measures: Iterable[Measure], asked: Window) -> dict[str, Figure]:
    """What every measure comes to in a window, counted now."""
    return {one.code: figure(one.signal, asked, one.n_min) for one in measures}


def scorecard(told: Reckoned) -> Scorecard:
    """The seven principles of a reckoning, by the scorecard of its day."""
    source, measures = scorecard_on(told.row.on)
    return scorecard_of(list(source.content["principles"]), measures, told.figures)


def latest(institution: Institution | int) -> Reckoned | None:
    """The last reckoning; None when there is none yet."""
    row = _of(institution).order_by("-on").first()
    return reckoned(row) if row else None


def monthly(institution: Institution | int, months: int = 13) -> list[Reckoned]:
    """The last reckoning of each month, the oldest first; months without one are left out."""
    days = _of(institution).order_by("-on").values_list("pk", "on")
    last: dict[tuple[int, int], int] = {}
    for pk, on in days[: months * 31]:
        last.setdefault((on.year, on.month), pk)
    wanted = list(last.values())[:months]
    return [reckoned(row) for row in _of(institution).filter(pk__in=wanted).order_by("on")]


def reckoned(row: Reckoning) -> Reckoned:
    """A reckoning read by the very formula that it was made with."""
    found = instrument_by_hash(row.instrument_hash)
    formula, measures = read_formula(found.content), list(row.measures.all())
    figures = {one.code: _figure(one) for one in measures}
    return Reckoned(
        row,
        found,
        formula,
        figures,
        {one.code: one.fingerprint for one in measures},
        index_of(formula, figures),
    )


def owners_of(institution: Institution | int, roles: set[str]) -> dict[str, list[Member]]:
    """Who holds each of these roles at present."""
    return {role: list(members_holding(role, institution)) for role in sorted(roles)}


def _of(institution: Institution | int) -> QuerySet[Reckoning]:
    number = institution if isinstance(institution, int) else institution.pk
    return Reckoning.objects.filter(institution=number).prefetch_related("measures")


def _figure(row: ReckonedMeasure) -> Figure:
    return Figure(
        Status(row.status),
        Fraction(row.numerator) if row.numerator else None,
        Fraction(row.denominator) if row.denominator else None,
        row.n,
        row.reason,
    )
