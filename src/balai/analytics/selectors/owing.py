"""Which conversations stand behind a figure: ids, for whoever then reads what they may read."""

from datetime import datetime

from django.db.models import F, QuerySet

from balai.analytics.models import Contribution, Dimension
from balai.analytics.rules import Counts, Spread
from balai.analytics.selectors.figures import Line, Period, figures

_TIMED, _MET = Counts(timed=1).mask(), Counts(met=1).mask()
_REOPENED = Counts(reopened=1).mask()


def whole(institution_id: int, period: Period, *, at: datetime) -> Line:
    """Everything of a period on one line; a line of noughts where nothing was taken in."""
    lines = figures(institution_id, Dimension.ALL, period, at=at).lines
    return lines[0] if lines else Line("", "", Counts(), Spread(0, None, None))


def late_ids(
    institution_id: int, period: Period, *, at: datetime, limit: int, place: str = ""
) -> list[int]:
    """Unanswered and past the deadline, the longest first; of one place when told."""
    rows = _within(institution_id, period).filter(runs_until__lt=at)
    rows = rows.filter(place=place) if place else rows
    return _ids(rows.order_by("runs_until"), limit)


def answered_ids(institution_id: int, period: Period, *, in_time: bool, limit: int) -> list[int]:
    """Answered by a person in time, or after the deadline; the newest first."""
    rows = _within(institution_id, period).filter(minutes__isnull=False)
    rows = rows.annotate(bits=F("counted").bitand(_TIMED | _MET))
    wanted = _TIMED | _MET if in_time else _TIMED
    return _ids(rows.filter(bits=wanted).order_by("-opened_at"), limit)


def reopened_ids(institution_id: int, period: Period, *, limit: int) -> list[int]:
    """Ended once and taken up again by the citizen; the newest first."""
    rows = _within(institution_id, period).annotate(bits=F("counted").bitand(_REOPENED))
    return _ids(rows.filter(bits=_REOPENED).order_by("-opened_at"), limit)


def _within(institution_id: int, period: Period) -> QuerySet[Contribution]:
    return Contribution.objects.filter(
        institution_id=institution_id, on__gte=period.first, on__lte=period.last
    )


def _ids(rows: QuerySet[Contribution], limit: int) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:limit])
