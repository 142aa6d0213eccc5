"""Lists of cases: whatever a member may read, filtered, by what is due first, a page by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from balai.cases.models import Case, EscalationNotice
from balai.ground.clock import now
from balai.people.models import Member
from balai.people.selectors import may_somewhere, reach_of

PAGE = 50
COUNTED_TO = 1_000  # a tab counts no further: nobody works by the difference
VIEWS = ("open", "mine", "unit", "overdue", "news", "disputed", "waiting", "ended")
NEWEST_FIRST = frozenset({"waiting", "ended"})
State = Case.State


@dataclass(frozen=True)
class Asked:
    """What is wanted of the list. `after` is the place behind which the page begins."""

    view: str = "open"
    state: str = ""
    kind: str = ""
    unit_id: int | None = None
    words: str = ""
    after: tuple[int, int] | None = None


class Page(NamedTuple):
    """Some cases, and the place at which the next page begins."""

    cases: Sequence[Case]
    following: str


class Load(NamedTuple):
    """How much lies with a unit or an officer; `officer_id` is None for the unit's own heap."""

    unit_id: int | None
    unit: str
    officer_id: int | None
    officer: str
    open: int
    overdue: int
    news: int


def readable(member: Member) -> QuerySet[Case]:
    """The cases that a member may read; confidential ones only with those who handle them."""
    found = Case.objects.filter(institution_id=member.institution_id)
    reach = reach_of(member, "case.view", member.institution_id)
    if not reach:
        return found.none()
    if not reach.everywhere:
        found = found.filter(unit_id__in=reach.unit_ids)
    handles = ("case.verify", "case.decide", "audit.view")
    if any(reach_of(member, action, member.institution_id).everywhere for action in handles):
        return found
    works = reach_of(member, "case.work", member.institution_id)
    return found.filter(
        Q(is_confidential=False)
        | Q(unit_id__in=works.unit_ids)
        | Q(officer=member)
        | Q(opened_by=member)
    )


def listed(member: Member, asked: Asked) -> Page:
    """One page of the list. Three queries at most, however many cases there are."""
    found = _filtered(_of_view(member, asked.view), asked).select_related("unit", "officer")
    if asked.view in NEWEST_FIRST:
        if asked.after is not None:
            found = found.filter(pk__lt=asked.after[1])
        cases = list(found.order_by("-pk")[: PAGE + 1])
        places = [f"0-{case.pk}" for case in cases]
    else:
        if asked.after is not None:
            moment = _moment(asked.after[0])
            found = found.filter(
                Q(due_at__gt=moment) | Q(due_at=moment, pk__gt=asked.after[1]),
                due_at__gte=moment,
            )
        cases = list(found.order_by("due_at", "pk")[: PAGE + 1])
        places = [f"{_microseconds(case.due_at)}-{case.pk}" for case in cases]
    more = len(cases) > PAGE
    return Page(cases[:PAGE], places[PAGE - 1] if more else "")


def view_counts(member: Member) -> dict[str, int]:
    """How many cases each tab has, counted to COUNTED_TO; one query a tab."""
    return {
        view: _of_view(member, view).order_by().values("pk")[:COUNTED_TO].count()
        for view in VIEWS
        if view != "ended"
    }


def workload(member: Member) -> list[Load]:
    """Open cases by unit and officer, the heaviest unit first. One query."""
    late = Q(due_at__lt=now())
    rows = (
        readable(member)
        .filter(is_open=True)
        .values("unit_id", "unit__name", "officer_id", "officer__name")
        .annotate(
            open=Count("pk"),
            overdue=Count("pk", filter=late),
            news=Count("pk", filter=Q(news_at__isnull=False)),
        )
    )
    loads = [
        Load(
            row["unit_id"],
            row["unit__name"] or "",
            row["officer_id"],
            row["officer__name"] or "",
            row["open"],
            row["overdue"],
            row["news"],
        )
        for row in rows
    ]
    heavy: dict[int | None, int] = {}
    for load in loads:
        heavy[load.unit_id] = heavy.get(load.unit_id, 0) + load.open
    return sorted(
        loads, key=lambda one: (-heavy[one.unit_id], one.unit_id or 0, -one.open, one.officer)
    )


def notices_for(member: Member, limit: int = 20) -> list[EscalationNotice]:
    """What a member was told of running deadlines and has not seen, newest first."""
    home = member.institution_id
    if not may_somewhere(member, "case.view", home):
        return []
    works, decides = reach_of(member, "case.work", home), reach_of(member, "case.decide", home)
    mine = Q(audience="officer") & (
        Q(case__officer=member)
        | Q(case__officer=None, case__unit_id__in=works.unit_ids)
        | (Q(case__officer=None, case__unit=None) if works.everywhere else Q(pk=None))
    )
    if reach_of(member, "case.route", home).everywhere:
        mine |= Q(audience="coordinator")
    if decides.everywhere:
        mine |= Q(audience__in=["unit_head", "leader"])
    elif decides.unit_ids:
        mine |= Q(audience="unit_head", case__unit_id__in=decides.unit_ids)
    unseen = EscalationNotice.objects.filter(mine, institution_id=home, seen_at=None)
    found = unseen.filter(case__is_open=True).select_related("case__unit", "clock")
    return list(found.order_by("-pk")[:limit])


def _of_view(member: Member, view: str) -> QuerySet[Case]:
    found = readable(member)
    match view:
        case "mine":
            return found.filter(officer=member, is_open=True)
        case "unit":
            works = reach_of(member, "case.work", member.institution_id)
            units = set(works.unit_ids) | ({member.unit_id} if member.unit_id else set())
            return found.filter(unit_id__in=units, is_open=True)
        case "overdue":
            return found.filter(is_open=True, due_at__lt=now())
        case "news":
            return found.filter(news_at__isnull=False)
        case "disputed":
            return found.filter(state=State.DISPUTED)
        case "waiting":
            return found.filter(state__in=[State.RESOLVED, State.CONFIRMED])
        case "ended":
            return found.filter(closed_at__isnull=False)
        case _:
            return found.filter(is_open=True)


def _filtered(found: QuerySet[Case], asked: Asked) -> QuerySet[Case]:
    wanted: dict[str, Any] = {}
    if asked.state:
        wanted["state"] = asked.state
    if asked.kind:
        wanted["kind"] = asked.kind
    if asked.unit_id is not None:
        wanted["unit_id"] = asked.unit_id
    found = found.filter(**wanted)
    words = asked.words.strip().lstrip("#")
    if words.isdecimal():
        return found.filter(pk=int(words[:18]))
    for word in words.split()[:6]:
        found = found.filter(
            Q(title__icontains=word) | Q(place__icontains=word) | Q(category__icontains=word)
        )
    return found


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


def _moment(microseconds: int) -> datetime:
    whole, rest = divmod(min(microseconds, 253_402_300_799_000_000), 1_000_000)
    return datetime.fromtimestamp(whole, UTC).replace(microsecond=rest)
