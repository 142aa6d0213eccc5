"""The queue: fifty rows at a time, in the order of an index, at a cost that never grows."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from balai.ground.clock import now
from balai.inbox import rules
from balai.inbox.models import Conversation, HeldAnswer, Label, Labelling, QueueCount, QueueOrder
from balai.inbox.selectors.pressing import first_pressing, pressing
from balai.inbox.selectors.rows import (
    EPOCH,
    PAGE,
    WALK,
    Asked,
    Page,
    Place,
    Row,
    end_of_walk,
    microseconds,
    page_of,
    read_rows,
    tagged,
)
from balai.people.models import Member
from balai.people.selectors import reach_of

VIEWS = ("open", "mine", "unassigned", "late", "waiting", "done", "moderated", "all")
BY_TIME = ("waiting", "done", "moderated", "all")  # newest first over several states
WAITING = ("answered", "linked_to_case", "waiting_citizen")
SOON = timedelta(hours=1)
IN_ORDER = ("open", "mine", "unassigned")  # which the reader may order by deadline
COUNTED_TO = 100  # what no counter keeps is counted along an index, and not further than this
VIEW_COUNTED_TO, VIEW_WALK = 50, 500  # the same for saved views, which may filter by anything
STUCK_SHOWN = 20
# Django writes `is_open=True` as a bare column, which SQLite looks up in no index; IN (1) it does.
OPEN = {"is_open__in": (True,)}


class Counted(NamedTuple):
    """How many were counted; `more`: there may be more than these."""

    n: int
    more: bool


def queue(member: Member, asked: Asked) -> Page:
    """Fifty conversations that the member may read.

    What waits for us: danger first, then newest first, or by deadline (pressing). What is late or
    needs a person: answers of which nobody knows whether they arrived, then the longest overdue.
    Everything else: newest first. Each piece is read in the order of one index; a filter on what no
    index knows looks through WALK rows of each.
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
        case _ if asked.order == QueueOrder.Order.DEADLINE:
            page = pressing(found, wanted, asked.after)
        case _:
            page = _gravest(found, wanted, asked.after)
    return page._replace(rows=tagged(page.rows))


def by_ids(member: Member, ids: Sequence[int]) -> list[Row]:
    """Those of these conversations that the member may read, in the order given."""
    return _in_order(readable(member).filter(pk__in=ids), ids)


def found_among(member: Member, ids: Sequence[int], asked: Asked) -> list[Row]:
    """Those of a search's finds that the filters let through, in the order given.

    Hidden words are found only among what was moderated; sealed ones never.
    """
    found = _of_view(member, asked).filter(pk__in=ids)
    if asked.view in BY_TIME:
        found = found.filter(_any_of(_states(asked.view)))
    if asked.view != "moderated":
        found = found.exclude(state="moderated")
    return _in_order(found.exclude(state="sealed").filter(_wanted(asked)), ids)


def _in_order(within: QuerySet[Conversation], ids: Sequence[int]) -> list[Row]:
    found = {row.id: row for row in read_rows(within)}
    return tagged([found[pk] for pk in dict.fromkeys(ids) if pk in found])


def next_in_queue(member: Member, *, not_this: int) -> int | None:
    """The conversation to answer after this one, in the reader's order: the first that nobody else
    has in hand."""
    free = Q(assignee=None) | Q(assignee=member)
    if order_of(member) == QueueOrder.Order.DEADLINE:
        row = first_pressing(readable(member).filter(free).exclude(pk=not_this), Q())
        return row.id if row else None
    found = readable(member).filter(free, is_open=True).exclude(pk=not_this)
    return found.order_by("-priority", "-last_message_id").values_list("pk", flat=True).first()


def order_of(member: Member) -> str:
    """In which order the member's queue opens: as the member chose, else as the office did."""
    chosen = QueueOrder.objects.filter(
        Q(member=member) | Q(member=None), institution_id=member.institution_id
    )
    whose: dict[int | None, str] = dict(chosen.values_list("member_id", "order"))
    return whose.get(member.pk) or whose.get(None) or QueueOrder.Order.NEWEST.value


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
        "held": _with_held_answer(member)[:VIEW_COUNTED_TO],
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


def view_counts(member: Member, views: Mapping[int, Asked]) -> dict[int, Counted]:
    """How many stand in each saved view: never too many, and `more` where it may be too few.

    VIEW_WALK rows of each are looked at, VIEW_COUNTED_TO are told. One query.
    """
    if not views:
        return {}
    parts = [_walked(pk, member, asked) for pk, asked in views.items()]
    first, *others = parts
    return {
        int(pk): Counted(min(n, VIEW_COUNTED_TO), n > VIEW_COUNTED_TO or walked >= VIEW_WALK)
        for pk, n, walked in (first.union(*others, all=True) if others else first)
    }


def _walked(pk: int, member: Member, asked: Asked) -> QuerySet[Any, Any]:
    """One row of a union: the view, how many fit, how many were looked at."""
    found = _of_view(member, asked)
    if asked.view in BY_TIME:
        found = found.filter(_any_of(_states(asked.view)))
    within = Conversation.objects.filter(pk__in=found.values("pk")[:VIEW_WALK]).order_by()
    wanted = _wanted(asked) or Q(pk__isnull=False)
    fits = Case(When(wanted, then=Value(1)), output_field=IntegerField())
    named = within.annotate(view=Value(str(pk), output_field=CharField())).values("view")
    return named.annotate(n=Count(fits), walked=Count("pk")).values_list("view", "n", "walked")


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
    # By deadline other indexes are walked, each with its own word for "open" (pressing).
    by_deadline = asked.order == QueueOrder.Order.DEADLINE and asked.view in IN_ORDER
    is_open = {} if by_deadline else OPEN
    match asked.view:
        case "mine":
            return found.filter(assignee=member, **is_open)
        case "unassigned":
            return found.filter(assignee=None, **is_open)
        case "late":
            # The bare column is what the partial index of due moments asks for.
            return found.filter(is_open=True, first_answered_at=None, due_at__lt=now() + SOON)
        case view if view in BY_TIME:
            return found  # its pieces say the rest
        case _:
            return found.filter(**is_open)


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
    end = end_of_walk(found, "priority", "last_message_id") if wanted else None
    if end is not None:
        priority, last = end
        found = found.filter(
            Q(priority__gt=priority) | Q(priority=priority, last_message_id__gte=last),
            priority__gte=priority,
        )
    return page_of(read_rows(found.filter(wanted)), _grave_place, end)


def _late(found: QuerySet[Conversation], wanted: Q, after: Place | None) -> Page:
    if after is not None:
        due = EPOCH + timedelta(microseconds=after[0])
        found = found.filter(Q(due_at__gt=due) | Q(due_at=due, id__gt=after[1]), due_at__gte=due)
    found = found.order_by("due_at", "id")
    end = end_of_walk(found, "due_at", "id") if wanted else None
    if end is None:
        return page_of(read_rows(found.filter(wanted)), _due_place)
    due, last = end
    found = found.filter(Q(due_at__lt=due) | Q(due_at=due, id__lte=last), due_at__lte=due)
    return page_of(read_rows(found.filter(wanted)), _due_place, (microseconds(due), last))


def _all_stuck(member: Member) -> QuerySet[Conversation]:
    return readable(member).filter(stuck_at__isnull=False)


def _with_held_answer(member: Member) -> QuerySet[Conversation]:
    """Conversations in which an answer waits for approval; one waits in each."""
    waiting = HeldAnswer.objects.filter(
        institution_id=member.institution_id, state=HeldAnswer.State.WAITING
    )
    found = readable(member).filter(pk__in=waiting.values("conversation"))
    return found.exclude(state="sealed")


def _stuck(member: Member, wanted: Q) -> list[Row]:
    """Conversations with an answer of which only a person can say whether it arrived."""
    return read_rows(_all_stuck(member).filter(wanted).order_by("stuck_at"))[:STUCK_SHOWN]


def _newest(member: Member, found: QuerySet[Conversation], wanted: Q, asked: Asked) -> Page:
    """Newest first over several states: an index gives each of them in order, we merge.

    Only the keys are merged; whole rows are read of those that are shown.
    """
    if asked.after is not None:
        found = found.filter(last_message_id__lt=asked.after[1])
    pieces = [found.filter(piece).order_by("-last_message_id") for piece in _pieces(member, asked)]
    end: int | None = None
    if wanted:
        ends = [end_of_walk(piece, "last_message_id") for piece in pieces]
        end = max((last for (last,) in filter(None, ends)), default=None)
    keys: set[Place] = set()
    for piece in pieces:
        walked = (
            piece.filter(wanted) if end is None else piece.filter(wanted, last_message_id__gte=end)
        )
        keys.update(walked.values_list("last_message_id", "pk")[: PAGE + 1])
    newest = sorted(keys, reverse=True)[: PAGE + 1]
    read = read_rows(Conversation.objects.filter(pk__in=[pk for _, pk in newest]))
    rows = sorted(read, key=lambda row: (row.last_message_id, row.id), reverse=True)
    return page_of(rows, _time_place, None if end is None else (0, end))


def _states(view: str) -> Sequence[str]:
    """The states that a view by time shows; none for all of them."""
    match view:
        case "waiting":
            return WAITING
        case "done":
            return sorted(rules.DONE - {"moderated"})
        case "moderated":
            return ("moderated",)
    return ()


def _any_of(states: Sequence[str]) -> Q:
    return Q(state__in=states) if states else Q()


def _pieces(member: Member, asked: Asked) -> list[Q]:
    """The states of a view; of one who reaches some units only, the same in each of them."""
    states = _states(asked.view)
    reach = reach_of(member, "conversation.view", member.institution_id)
    if reach.everywhere and not asked.unit_id and states:
        return [Q(state=state) for state in states]
    kinds = (False,) if states else (True, False)  # whose turn it is not, and everything
    grades = Conversation.Priority.values
    of_states = _any_of(states)
    pieces = [of_states & Q(is_open__in=(kind,), priority=p) for kind in kinds for p in grades]
    if reach.everywhere or asked.unit_id:
        return pieces
    homes = [Q(unit_id=unit) for unit in sorted(reach.unit_ids)]
    homes += [Q(assignee=member)] if reach.own_objects else []
    return [home & piece for home in homes for piece in pieces]


def _grave_place(row: Row) -> Place:
    return (row.priority, row.last_message_id)


def _time_place(row: Row) -> Place:
    return (0, row.last_message_id)


def _due_place(row: Row) -> Place:
    return (microseconds(row.due_at or EPOCH), row.id)


def _sum(kept: dict[str, int], states: Sequence[str] | frozenset[str]) -> int:
    return sum(kept.get(state, 0) for state in states)


def owed_by_unit(unit_id: int) -> int:
    """In how many conversations this unit owes the next word."""
    return Conversation.objects.filter(unit_id=unit_id, is_open=True).count()
