"""Cases and the units that owe an answer (domain 3.5 T2, C4; 3.4 I6)."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from balai.cases.models import Case, Clock
from balai.cases.selectors import readable
from balai.people.models import Member
from balai.readiness.rules.figures import Figure, absent, counted
from balai.readiness.selectors.signals.window import CountedRow, Window

A_WEEK = timedelta(days=7)  # in which the public trace of an open case shall show news
A_CROWD = 2_000  # the most open cases of which a page says which had no news


def traced(asked: Window, n_min: int) -> Figure:
    """Open, not confidential, with words for the citizen within 7 days / open, not confidential."""
    if not _has_cases(asked):
        return absent("no_cases")
    cases = _open(asked)
    n = cases.count()
    return counted(_with_news(asked, cases).count(), n, n=n, n_min=n_min)


def of_units(asked: Window, n_min: int) -> Figure:
    """Sent to a unit and solved before the deadline / sent and solved, or past the deadline."""
    return _in_time(asked, n_min, joint=False)


def joint(asked: Window, n_min: int) -> Figure:
    """The same of cases on which two units or more have worked."""
    return _in_time(asked, n_min, joint=True)


def rows_traced(asked: Window, reader: Member, limit: int) -> list[CountedRow]:
    """Open cases, those without news for the citizen first."""
    cases = _open(asked).filter(pk__in=readable(reader).values("pk")).order_by("received_at")
    told = set(_with_news(asked, cases).values_list("pk", flat=True))
    return _rows(((one, one.pk in told) for one in cases[:A_CROWD]), limit)


def rows_of_units(asked: Window, reader: Member, limit: int) -> list[CountedRow]:
    """Cases of units, those that missed their deadline first."""
    return _rows_in_time(asked, reader, limit, joint=False)


def rows_joint(asked: Window, reader: Member, limit: int) -> list[CountedRow]:
    """Cases of several units, those that missed their deadline first."""
    return _rows_in_time(asked, reader, limit, joint=True)


def _has_cases(asked: Window) -> bool:
    return Case.objects.filter(institution=asked.institution).exists()


def _open(asked: Window) -> QuerySet[Case]:
    return Case.objects.filter(
        institution=asked.institution,
        is_open=True,
        is_confidential=False,
        received_at__lt=asked.ends_at,
    )


def _with_news(asked: Window, cases: QuerySet[Case]) -> QuerySet[Case]:
    since = asked.at - A_WEEK
    spoke = Q(moves__at__gte=since) & ~Q(moves__words="")
    return cases.filter(spoke | Q(replies__at__gte=since) | Q(promises__at__gte=since)).distinct()


def _clocks(asked: Window, *, joint: bool) -> QuerySet[Clock]:
    """Clocks of solving that ended done, or whose deadline is over, of cases sent in the window."""
    over = Q(ending=Clock.Ending.DONE) | Q(ended_at__isnull=True, due_at__lt=asked.at)
    found = Clock.objects.filter(
        over,
        kind=Clock.Kind.RESOLUTION,
        case__institution=asked.institution,
        case__dispatched_at__gte=asked.begins_at,
        case__dispatched_at__lt=asked.ends_at,
    )
    if not joint:
        return found
    several = Case.objects.filter(institution=asked.institution).annotate(
        units=Count("moves__unit", distinct=True)
    )
    return found.filter(case__in=several.filter(units__gte=2).values("pk"))


def _kept(clock: Clock) -> bool:
    return clock.ended_at is not None and clock.ended_at <= clock.due_at


def _by_case(asked: Window, *, joint: bool) -> dict[int, bool]:
    """Whether each case kept every deadline that it had: one that began anew counts once more."""
    found: dict[int, bool] = {}
    for clock in _clocks(asked, joint=joint):
        found[clock.case_id] = found.get(clock.case_id, True) and _kept(clock)
    return found


def _in_time(asked: Window, n_min: int, *, joint: bool) -> Figure:
    if not _has_cases(asked):
        return absent("no_cases")
    found = _by_case(asked, joint=joint)
    return counted(sum(found.values()), len(found), n=len(found), n_min=n_min)


def _rows_in_time(asked: Window, reader: Member, limit: int, *, joint: bool) -> list[CountedRow]:
    found = _by_case(asked, joint=joint)
    cases = readable(reader).filter(pk__in=list(found)).order_by("received_at")
    return _rows(((one, found[one.pk]) for one in cases), limit)


def _rows(cases: Iterable[tuple[Case, bool]], limit: int) -> list[CountedRow]:
    rows = [
        CountedRow(one.title, reverse("cases:case", args=[one.pk]), one.received_at, fulfils)
        for one, fulfils in cases
    ]
    return sorted(rows, key=lambda row: bool(row.fulfils))[:limit]
