"""Reckon the index once for each day that is over, and never again."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from balai.analytics.models import Upkeep
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.people.models import Institution
from balai.people.selectors import SYSTEM
from balai.readiness.models import ReckonedMeasure, Reckoning
from balai.readiness.rules.figures import FORMULA, Figure, fingerprint, two_places
from balai.readiness.rules.stoc import index_of
from balai.readiness.selectors import Window, figures_on, formula_on, scorecard_on, window_on

SETTLING = timedelta(minutes=30)  # after midnight: what was told late is counted by then


@transaction.atomic
def reckon(institution: Institution, on: date) -> Reckoning:
    """The index of the window that ends with this day. What was reckoned already is given back."""
    there = Reckoning.objects.filter(institution=institution, on=on).first()
    if there is not None:
        return there
    source, formula = formula_on(on)
    asked = window_on(institution, formula, on)
    _scorecard, more = scorecard_on(on)
    measures = (*formula.measures, *more)
    figures = figures_on(measures, asked)
    index = index_of(formula, figures)
    row, is_new = Reckoning.objects.get_or_create(
        institution=institution,
        on=on,
        defaults={
            "first": asked.first,
            "at": asked.at,
            "instrument_hash": source.content_hash,
            "formula": FORMULA,
            "value": None if index.value is None else two_places(index.value),
            "stage": index.stage,
        },
    )
    if not is_new:  # another worker was quicker
        return row
    ReckonedMeasure.objects.bulk_create(
        _measure(row, one.code, one.signal, figures[one.code], asked) for one in measures
    )
    record(
        by=SYSTEM,
        did="index.reckoned",
        on=row,
        until=on.isoformat(),
        value=None if row.value is None else str(row.value),
        instrument=source.content_hash,
    )
    return row


def due_institution() -> tuple[Institution, date] | None:
    """An institution whose index of yesterday (there) is not reckoned, and that day.

    It waits while earlier conversations are still being counted.
    """
    moment = now()
    counted = Upkeep.objects.filter(is_complete=True).values("institution")
    for zone in Institution.Zone.values:
        yesterday = (moment - SETTLING).astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
        done = Reckoning.objects.filter(on=yesterday).values("institution")
        found = Institution.objects.filter(zone=zone, pk__in=counted).exclude(pk__in=done)
        first = found.order_by("pk").first()
        if first is not None:
            return first, yesterday
    return None


def _measure(
    row: Reckoning, code: str, signal: str, figure: Figure, asked: Window
) -> ReckonedMeasure:
    question = {"institution": row.institution_id, "first": asked.first, "last": asked.last}
    return ReckonedMeasure(
        reckoning=row,
        code=code,
        status=figure.status,
        reason=figure.reason,
        numerator="" if figure.numerator is None else str(figure.numerator),
        denominator="" if figure.denominator is None else str(figure.denominator),
        n=figure.n,
        fingerprint=fingerprint(signal, FORMULA, question),
    )
