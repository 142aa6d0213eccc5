"""Answers to citizens, from what analytics keeps (domain 3.5 O1, O5; 3.4 E3, E4, E8)."""

from fractions import Fraction

from django.urls import reverse

from balai.analytics.models import Dimension
from balai.analytics.selectors import (
    Line,
    Period,
    answered_ids,
    figures,
    late_ids,
    reopened_ids,
    whole,
)
from balai.inbox.models import Conversation
from balai.inbox.selectors import readable
from balai.people.models import Member
from balai.readiness.rules.figures import Figure, counted
from balai.readiness.selectors.signals.window import CountedRow, Window

A_PLACE_NEEDS = 20  # cases, before its answer rate is compared (domain 3.5 O5)


def in_time(asked: Window, n_min: int) -> Figure:
    """Answered by a person within the target / answered or past it. Open ones in time: neither."""
    share = _everything(asked).attainment
    return counted(share.part, share.whole, n=share.whole, n_min=n_min)


def ended_undisputed(asked: Window, n_min: int) -> Figure:
    """Ended and not taken up again by the citizen / ever ended."""
    counts = _everything(asked).counts
    ended = counts.ever_ended
    return counted(ended - counts.reopened, ended, n=ended, n_min=n_min)


def places_alike(asked: Window, n_min: int) -> Figure:
    """The lowest answer rate of a place over the highest; `n` counts the places with enough cases.

    A place's rate is answered / (answered + unanswered past the deadline).
    """
    rates = [rate for rate, _line in _rated(asked)]
    low, high = min(rates, default=Fraction(0)), max(rates, default=Fraction(0))
    return counted(low, high, n=len(rates), n_min=n_min)


def rows_in_time(asked: Window, reader: Member, limit: int) -> list[CountedRow]:
    """Unanswered ones past their deadline, then those answered late, then those in time."""
    home, period = asked.institution.pk, _period(asked)
    late = late_ids(home, period, at=asked.at, limit=limit)
    missed = answered_ids(home, period, in_time=False, limit=limit)
    met = answered_ids(home, period, in_time=True, limit=limit)
    found = conversation_rows(reader, [*late, *missed], fulfil=False)
    return [*found, *conversation_rows(reader, met, fulfil=True)][:limit]


def rows_disputed(asked: Window, reader: Member, limit: int) -> list[CountedRow]:
    """Those that were taken up again."""
    back = reopened_ids(asked.institution.pk, _period(asked), limit=limit)
    return conversation_rows(reader, back, fulfil=False)


def rows_of_places(asked: Window, reader: Member, limit: int) -> list[CountedRow]:
    """The unanswered and late ones of the place that is answered worst."""
    rated = _rated(asked)
    if not rated:
        return []
    _rate, worst = min(rated, key=lambda pair: (pair[0], pair[1].key))
    late = late_ids(asked.institution.pk, _period(asked), at=asked.at, limit=limit, place=worst.key)
    return conversation_rows(reader, late, fulfil=False)


def conversation_rows(reader: Member, ids: list[int], *, fulfil: bool | None) -> list[CountedRow]:
    """Those of these conversations that the reader may read, in the order given."""
    found = {one.pk: one for one in readable(reader).filter(pk__in=ids)}
    return [_row(found[pk], fulfil) for pk in ids if pk in found]


def _row(one: Conversation, fulfils: bool | None) -> CountedRow:
    address = reverse("inbox:conversation", args=[one.pk])
    return CountedRow(one.preview or str(one), address, one.opened_at, fulfils)


def _everything(asked: Window) -> Line:
    return whole(asked.institution.pk, _period(asked), at=asked.at)


def _rated(asked: Window) -> list[tuple[Fraction, Line]]:
    """The answer rate of every place that has enough cases."""
    lines = figures(asked.institution.pk, Dimension.PLACE, _period(asked), at=asked.at).lines
    cases = [(line.counts.answered, line.counts.answered + line.late, line) for line in lines]
    return [(Fraction(part, all_), line) for part, all_, line in cases if all_ >= A_PLACE_NEEDS]


def _period(asked: Window) -> Period:
    return Period(asked.first, asked.last)
