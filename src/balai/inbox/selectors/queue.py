"""The queue: fifty rows at a time, in the order of an index, at a cost that never grows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from balai.ground.clock import now
from balai.inbox import rules
from balai.inbox.models import Conversation, QueueCount
from balai.people.models import Member
from balai.people.selectors import reach_of

PAGE = 50
VIEWS = ("open", "mine", "unassigned", "late", "waiting", "done", "all")
WAITING = ("answered", "linked_to_case", "waiting_citizen")
SOON = timedelta(hours=1)
COUNTED_TO = 100  # what no counter keeps is counted along an index, and not further than this
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Django writes `is_open=True` as a bare column, which SQLite looks up in no index; IN (1) it does.
OPEN = {"is_open__in": (True,)}

Place = tuple[int, int]


@dataclass(frozen=True)
class Asked:
    """What the officer wants to see of the queue."""

    view: str = "open"
    channel: str = ""
    unit_id: int | None = None
    intent: str = ""
    language: str = ""
    after: Place | None = None  # the place of the last row seen, as the page before gave it


class Row(NamedTuple):
    """One conversation as the queue shows it. No citizen's name, no address, no whole text."""

    id: int
    version: int
    state: str
    is_open: bool
    priority: int
    intent: str
    language: str
    preview: str
    is_public: bool
    clock: str
    due_at: datetime | None
    first_answered_at: datetime | None
    last_at: datetime
    last_message_id: int
    messages_in: int
    citizen_key: str
    channel: str
    connection: str
    unit: str | None
    assignee_id: int | None
    assignee: str | None


class Page(NamedTuple):
    """One page of the queue, and where the next one starts."""

    rows: list[Row]
    after: Place | None


_COLUMNS = (
    *Row._fields[:15],
    "citizen__key",
    "connection__channel",
    "connection__name",
    "unit__name",
    "assignee_id",
    "assignee__name",
)


def queue(member: Member, asked: Asked) -> Page:
    """Fifty conversations that the member may read.

    What waits for us: danger first, then newest first. What is late: the longest overdue first.
    Everything else: newest first. Each piece is read in the order of one index.
    """
    found = _filtered(member, asked)
    match asked.view:
        case "late":
            return _page(_late(found, asked.after), _due_place)
        case "waiting" | "done" | "all":
            return _page(_newest(found, asked), _time_place)
        case _:
            return _page(_gravest(found, asked.after), _grave_place)


def by_ids(member: Member, ids: Sequence[int]) -> list[Row]:
    """Those of these conversations that the member may read, in the order given (search)."""
    found = {row.id: row for row in _rows(readable(member).filter(pk__in=ids))}
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def next_in_queue(member: Member, *, not_this: int) -> int | None:
    """The conversation to answer after this one: the gravest that nobody else has in hand."""
    free = Q(assignee=None) | Q(assignee=member)
    found = readable(member).filter(free, is_open=True).exclude(pk=not_this)
    return found.order_by("-priority", "-last_message_id").values_list("pk", flat=True).first()


def readable(member: Member) -> QuerySet[Conversation]:
    """The conversations of the member's institution in the units that the member's roles reach."""
    found = Conversation.objects.filter(institution_id=member.institution_id)
    reach = reach_of(member, "conversation.view", member.institution_id)
    if reach.everywhere:
        return found
    within = Q(unit_id__in=sorted(reach.unit_ids))
    return found.filter(within | Q(assignee=member) if reach.own_objects else within)


def counts(institution_id: int) -> dict[str, int]:
    """How many conversations are in each state, from counters that are kept, never counted."""
    kept = QueueCount.objects.filter(institution_id=institution_id)
    return {count.state: count.n for count in kept}


def how_many_open(institution_id: int) -> int:
    """In how many conversations the next word is ours."""
    return _sum(counts(institution_id), rules.WE_OWE)


def tab_counts(member: Member) -> dict[str, int]:
    """How many conversations stand in the views of the queue: kept counters, else COUNTED_TO.

    A member who reaches only some units is told only what an index of those units tells.
    """
    asked = Asked()
    bounded = {
        view: _filtered(member, replace(asked, view=view))[:COUNTED_TO].count()
        for view in ("mine", "late")
    }
    if not reach_of(member, "conversation.view", member.institution_id).everywhere:
        return bounded | {"open": _filtered(member, asked)[:COUNTED_TO].count()}
    kept = counts(member.institution_id)
    return bounded | {
        "open": _sum(kept, rules.WE_OWE),
        "waiting": _sum(kept, WAITING),
        "done": _sum(kept, rules.DONE),
    }


def _filtered(member: Member, asked: Asked) -> QuerySet[Conversation]:
    found = readable(member)
    match asked.view:
        case "mine":
            found = found.filter(assignee=member, **OPEN)
        case "unassigned":
            found = found.filter(assignee=None, **OPEN)
        case "late":
            # The bare column is what the partial index of due moments asks for.
            found = found.filter(is_open=True, first_answered_at=None, due_at__lt=now() + SOON)
        case "waiting" | "done" | "all":
            pass  # their pieces say it
        case _:
            found = found.filter(**OPEN)
    wanted = {
        "connection__channel": asked.channel,
        "unit_id": asked.unit_id,
        "intent": asked.intent,
        "language": asked.language,
    }
    return found.filter(**{name: value for name, value in wanted.items() if value})


def _gravest(found: QuerySet[Conversation], after: Place | None) -> list[Row]:
    if after is not None:
        priority, last = after
        found = found.filter(
            Q(priority__lt=priority) | Q(priority=priority, last_message_id__lt=last),
            priority__lte=priority,
        )
    return _rows(found.order_by("-priority", "-last_message_id"))


def _late(found: QuerySet[Conversation], after: Place | None) -> list[Row]:
    if after is not None:
        due = EPOCH + timedelta(microseconds=after[0])
        found = found.filter(Q(due_at__gt=due) | Q(due_at=due, id__gt=after[1]), due_at__gte=due)
    return _rows(found.order_by("due_at", "id"))


def _newest(found: QuerySet[Conversation], asked: Asked) -> list[Row]:
    """Newest first over several states: an index gives each of them in order, we merge."""
    if asked.after is not None:
        found = found.filter(last_message_id__lt=asked.after[1])
    pieces: list[Q]
    match asked.view:
        case "waiting":
            pieces = [Q(state=state) for state in WAITING]
        case "done":
            pieces = [Q(state=state) for state in sorted(rules.DONE)]
        case _:
            grades = Conversation.Priority.values
            pieces = [
                Q(is_open__in=(open_,), priority=p) for open_ in (True, False) for p in grades
            ]
    rows = [
        row for piece in pieces for row in _rows(found.filter(piece).order_by("-last_message_id"))
    ]
    return sorted(rows, key=lambda row: -row.last_message_id)


def _rows(found: QuerySet[Conversation]) -> list[Row]:
    read: QuerySet[Conversation, Any] = found.values_list(*_COLUMNS)
    return [Row(*values) for values in read[: PAGE + 1]]


def _page(rows: list[Row], place: Callable[[Row], Place]) -> Page:
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return Page(rows, place(rows[-1]) if more else None)


def _grave_place(row: Row) -> Place:
    return (row.priority, row.last_message_id)


def _time_place(row: Row) -> Place:
    return (0, row.last_message_id)


def _due_place(row: Row) -> Place:
    due = row.due_at or EPOCH
    return ((due - EPOCH) // timedelta(microseconds=1), row.id)


def _sum(kept: dict[str, int], states: Sequence[str] | frozenset[str]) -> int:
    return sum(kept.get(state, 0) for state in states)


def owed_by_unit(unit_id: int) -> int:
    """In how many conversations this unit owes the next word."""
    return Conversation.objects.filter(unit_id=unit_id, is_open=True).count()
