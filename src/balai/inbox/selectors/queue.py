"""The queue: fifty rows at a time, in the order of an index, at a cost that never grows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value

from balai.ground.clock import now
from balai.inbox import rules
from balai.inbox.models import Conversation, Label, Labelling, QueueCount
from balai.inbox.selectors.desk import Tag, tags_of
from balai.people.models import Member
from balai.people.selectors import reach_of

PAGE = 50
VIEWS = ("open", "mine", "unassigned", "late", "waiting", "done", "moderated", "all")
BY_TIME = ("waiting", "done", "moderated", "all")  # newest first over several states
WAITING = ("answered", "linked_to_case", "waiting_citizen")
SOON = timedelta(hours=1)
COUNTED_TO = 100  # what no counter keeps is counted along an index, and not further than this
# A filter that no index serves looks through so many of each piece and says where it stopped: the
# rarest of words in the longest of histories costs what the commonest costs.
WALK = 3_000
STUCK_SHOWN = 20
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
    label_id: int | None = None
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
    stuck_at: datetime | None  # since when only a person can say whether our answer arrived
    tags: tuple[Tag, ...] = ()


class Page(NamedTuple):
    """One page of the queue, and where the next one starts.

    `is_cut`: a filter looked no further than `after`; older ones may fit as well.
    """

    rows: list[Row]
    after: Place | None
    is_cut: bool = False


_COLUMNS = (
    *Row._fields[:15],
    "citizen__key",
    "connection__channel",
    "connection__name",
    "unit__name",
    "assignee_id",
    "assignee__name",
    "stuck_at",
)


def queue(member: Member, asked: Asked) -> Page:
    """Fifty conversations that the member may read.

    What waits for us: danger first, then newest first. What is late or needs a person: answers of
    which nobody knows whether they arrived, then the longest overdue. Everything else: newest
    first. Each piece is read in the order of one index; a filter on what no index knows looks
    through WALK rows of each.
    """
    found = _of_view(member, asked)
    wanted = _wanted(asked)
    match asked.view:
        case "late":
            page = _late(found, wanted, asked.after)
            stuck = [] if asked.after else _stuck(member, wanted)
            page = page._replace(rows=[*stuck, *page.rows])
        case view if view in BY_TIME:
            page = _newest(member, found, wanted, asked)
        case _:
            page = _gravest(found, wanted, asked.after)
    return page._replace(rows=_tagged(page.rows))


def by_ids(member: Member, ids: Sequence[int]) -> list[Row]:
    """Those of these conversations that the member may read, in the order given (search)."""
    found = {row.id: row for row in _rows(readable(member).filter(pk__in=ids))}
    return _tagged([found[pk] for pk in dict.fromkeys(ids) if pk in found])


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
    everywhere = reach_of(member, "conversation.view", member.institution_id).everywhere
    bounded = {
        "mine": _of_view(member, Asked(view="mine"))[:COUNTED_TO],
        "late": _of_view(member, Asked(view="late"))[:COUNTED_TO],
        "stuck": _all_stuck(member)[:STUCK_SHOWN],
    }
    if not everywhere:
        bounded["open"] = _of_view(member, Asked())[:COUNTED_TO]
    kept = QueueCount.objects.filter(institution_id=member.institution_id)
    found = dict(kept.values_list("state", "n").union(*map(_counted, bounded, bounded.values())))
    counted = {view: found.get(view, 0) for view in bounded}
    counted["late"] += counted.pop("stuck")
    if not everywhere:
        return counted
    return counted | {
        "open": _sum(found, rules.WE_OWE),
        "waiting": _sum(found, WAITING),
        "done": _sum(found, rules.DONE - {"moderated"}),
        "moderated": found.get("moderated", 0),
    }


def _counted(view: str, found: QuerySet[Conversation]) -> QuerySet[Any, Any]:
    """One row of a union: the view's name and how many there are."""
    within = Conversation.objects.filter(pk__in=found.values("pk")).order_by()
    named = within.annotate(view=Value(view, output_field=CharField())).values("view")
    return named.annotate(n=Count("pk")).values_list("view", "n")


def _of_view(member: Member, asked: Asked) -> QuerySet[Conversation]:
    """What an index knows of the wish: the reader's reach, the view, the unit."""
    found = readable(member)
    if asked.unit_id:
        found = found.filter(unit_id=asked.unit_id)
    if asked.label_id and _is_rare(asked.label_id):
        found = found.filter(pk__in=_carrying(asked.label_id))
    match asked.view:
        case "mine":
            return found.filter(assignee=member, **OPEN)
        case "unassigned":
            return found.filter(assignee=None, **OPEN)
        case "late":
            # The bare column is what the partial index of due moments asks for.
            return found.filter(is_open=True, first_answered_at=None, due_at__lt=now() + SOON)
        case view if view in BY_TIME:
            return found  # its pieces say the rest
        case _:
            return found.filter(**OPEN)


def _is_rare(label_id: int) -> bool:
    """Whether so few conversations carry a label that they are looked up instead of walked to."""
    return Label.objects.filter(pk=label_id, used__lte=WALK).exists()


def _carrying(label_id: int) -> QuerySet[Labelling, Any]:
    return Labelling.objects.filter(label_id=label_id).values("conversation")


def _wanted(asked: Asked) -> Q:
    """What no index knows: the filters that a walk applies."""
    said = {
        "connection__channel": asked.channel,
        "intent": asked.intent,
        "language": asked.language,
    }
    wanted = Q(**{name: value for name, value in said.items() if value})
    if asked.label_id:
        # Not a join, by which a database would begin with all that ever carried the label.
        here = Labelling.objects.filter(label_id=asked.label_id, conversation=OuterRef("pk"))
        wanted &= Q(Exists(here))
    return wanted


def _gravest(found: QuerySet[Conversation], wanted: Q, after: Place | None) -> Page:
    if after is not None:
        priority, last = after
        found = found.filter(
            Q(priority__lt=priority) | Q(priority=priority, last_message_id__lt=last),
            priority__lte=priority,
        )
    found = found.order_by("-priority", "-last_message_id")
    end = _end_of_walk(found, "priority", "last_message_id") if wanted else None
    if end is not None:
        priority, last = end
        found = found.filter(
            Q(priority__gt=priority) | Q(priority=priority, last_message_id__gte=last),
            priority__gte=priority,
        )
    return _page(_rows(found.filter(wanted)), _grave_place, end)


def _late(found: QuerySet[Conversation], wanted: Q, after: Place | None) -> Page:
    if after is not None:
        due = EPOCH + timedelta(microseconds=after[0])
        found = found.filter(Q(due_at__gt=due) | Q(due_at=due, id__gt=after[1]), due_at__gte=due)
    found = found.order_by("due_at", "id")
    end = _end_of_walk(found, "due_at", "id") if wanted else None
    if end is None:
        return _page(_rows(found.filter(wanted)), _due_place)
    due, last = end
    found = found.filter(Q(due_at__lt=due) | Q(due_at=due, id__lte=last), due_at__lte=due)
    return _page(_rows(found.filter(wanted)), _due_place, (_microseconds(due), last))


def _all_stuck(member: Member) -> QuerySet[Conversation]:
    return readable(member).filter(stuck_at__isnull=False)


def _stuck(member: Member, wanted: Q) -> list[Row]:
    """Conversations with an answer of which only a person can say whether it arrived."""
    return _rows(_all_stuck(member).filter(wanted).order_by("stuck_at"))[:STUCK_SHOWN]


def _newest(member: Member, found: QuerySet[Conversation], wanted: Q, asked: Asked) -> Page:
    """Newest first over several states: an index gives each of them in order, we merge.

    Only the keys are merged; whole rows are read of those that are shown.
    """
    if asked.after is not None:
        found = found.filter(last_message_id__lt=asked.after[1])
    pieces = [found.filter(piece).order_by("-last_message_id") for piece in _pieces(member, asked)]
    end: int | None = None
    if wanted:
        ends = [_end_of_walk(piece, "last_message_id") for piece in pieces]
        end = max((last for (last,) in filter(None, ends)), default=None)
    keys: set[Place] = set()
    for piece in pieces:
        walked = (
            piece.filter(wanted) if end is None else piece.filter(wanted, last_message_id__gte=end)
        )
        keys.update(walked.values_list("last_message_id", "pk")[: PAGE + 1])
    newest = sorted(keys, reverse=True)[: PAGE + 1]
    read = _rows(Conversation.objects.filter(pk__in=[pk for _, pk in newest]))
    rows = sorted(read, key=lambda row: (row.last_message_id, row.id), reverse=True)
    return _page(rows, _time_place, None if end is None else (0, end))


def _pieces(member: Member, asked: Asked) -> list[Q]:
    """The states of a view; of one who reaches some units only, the same in each of them."""
    states: Sequence[str] = ()
    match asked.view:
        case "waiting":
            states = WAITING
        case "done":
            states = sorted(rules.DONE - {"moderated"})
        case "moderated":
            states = ("moderated",)
    reach = reach_of(member, "conversation.view", member.institution_id)
    if reach.everywhere and not asked.unit_id and states:
        return [Q(state=state) for state in states]
    kinds = (False,) if states else (True, False)  # whose turn it is not, and everything
    grades = Conversation.Priority.values
    of_states = Q(state__in=states) if states else Q()
    pieces = [of_states & Q(is_open__in=(kind,), priority=p) for kind in kinds for p in grades]
    if reach.everywhere or asked.unit_id:
        return pieces
    homes = [Q(unit_id=unit) for unit in sorted(reach.unit_ids)]
    homes += [Q(assignee=member)] if reach.own_objects else []
    return [home & piece for home in homes for piece in pieces]


def _end_of_walk(ordered: QuerySet[Conversation], *place: str) -> tuple[Any, ...] | None:
    """The place of the last row that a filter looks at; None when the walk sees them all."""
    last: QuerySet[Conversation, Any] = ordered.values_list(*place)[WALK - 1 : WALK]
    return next(iter(last), None)


def _rows(found: QuerySet[Conversation]) -> list[Row]:
    read: QuerySet[Conversation, Any] = found.values_list(*_COLUMNS)
    return [Row(*values) for values in read[: PAGE + 1]]


def _tagged(rows: list[Row]) -> list[Row]:
    """The rows with their labels: one query a page."""
    tags = tags_of([row.id for row in rows])
    return [row._replace(tags=tags[row.id]) if row.id in tags else row for row in rows]


def _page(rows: list[Row], place: Callable[[Row], Place], end: Place | None = None) -> Page:
    if len(rows) > PAGE:
        rows = rows[:PAGE]
        return Page(rows, place(rows[-1]))
    return Page(rows, end, is_cut=end is not None)


def _grave_place(row: Row) -> Place:
    return (row.priority, row.last_message_id)


def _time_place(row: Row) -> Place:
    return (0, row.last_message_id)


def _due_place(row: Row) -> Place:
    return (_microseconds(row.due_at or EPOCH), row.id)


def _microseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def _sum(kept: dict[str, int], states: Sequence[str] | frozenset[str]) -> int:
    return sum(kept.get(state, 0) for state in states)


def owed_by_unit(unit_id: int) -> int:
    """In how many conversations this unit owes the next word."""
    return Conversation.objects.filter(unit_id=unit_id, is_open=True).count()
