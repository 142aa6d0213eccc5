"""To what a member is called, and what is to be done."""

from typing import NamedTuple

from django.db.models import F, QuerySet

from balai.inbox.models import Call, Conversation, Task
from balai.inbox.selectors.queue import readable
from balai.people.models import Member

SHOWN = 50
COUNTED_CALLS = 99  # what the bell counts up to


class Called(NamedTuple):
    """One call. `can_read`: the reader may still read the conversation to which it leads."""

    call: Call
    can_read: bool


def unseen_calls(member: Member) -> int:
    """How many calls the member has not looked at, COUNTED_CALLS at most."""
    unseen = Call.objects.filter(member=member, seen_at__isnull=True)
    return unseen.values("pk")[: COUNTED_CALLS + 1].count()


def calls_of(member: Member) -> list[Called]:
    """The newest calls. What one may no longer read is named without a way there."""
    calls = list(
        Call.objects.filter(member=member)
        .select_related("by", "conversation__citizen", "conversation__connection")
        .order_by("-id")[:SHOWN]
    )
    ids = {one.conversation_id for one in calls}
    open_ones = set(_open(member).filter(pk__in=ids).values_list("pk", flat=True))
    return [Called(one, one.conversation_id in open_ones) for one in calls]


def tasks_of(member: Member) -> list[Task]:
    """What the member is to do, in conversations that the member may read: the nearest day first,
    what has no day last."""
    mine = Task.objects.filter(who=member, done_at__isnull=True, conversation__in=_open(member))
    found = mine.select_related("conversation__citizen", "conversation__connection", "by")
    return list(found.order_by(F("until").asc(nulls_last=True), "id")[:SHOWN])


def how_many_tasks(member: Member) -> int:
    """How many those are, SHOWN at most."""
    return Task.objects.filter(who=member, done_at__isnull=True).values("pk")[:SHOWN].count()


def tasks_in(conversation: Conversation) -> list[Task]:
    """What is to be done in a conversation, then what was done last."""
    found = conversation.tasks.select_related("who", "by", "done_by")
    waiting = found.filter(done_at=None).order_by(F("until").asc(nulls_last=True), "id")
    return [*waiting, *found.exclude(done_at=None).order_by("-done_at")[:5]]


def task_for(member: Member, task_id: int) -> Task:
    """A task in a conversation that the member may read. Raises ObjectDoesNotExist."""
    here = Task.objects.filter(conversation__in=_open(member))
    return here.select_related("conversation").get(pk=task_id)


def _open(member: Member) -> QuerySet[Conversation]:
    return readable(member).exclude(state=Conversation.State.SEALED)
