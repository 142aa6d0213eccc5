"""Conversations as the measures know them, read by their ids from the rows of the inbox."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from balai.analytics.rules import ENDED, Matter
from balai.channels.models import Dispatch
from balai.inbox.models import Conversation, Message
from balai.inbox.selectors import ANSWER

_COLUMNS = (
    "id", "connection__channel", "unit_id", "assignee_id", "intent", "state", "is_open", "clock",
    "opened_at", "due_at", "first_answered_at", "response_minutes", "reopened", "reopened_soon",
)  # fmt: skip


class Named(NamedTuple):
    """A place that a citizen's message names: its Kemendagri code and name."""

    message_id: int
    code: str
    name: str


def matters_of(ids: Sequence[int]) -> list[Matter]:
    """These conversations as they are now, with how many answers arrived where it is over."""
    rows: QuerySet[Conversation, Any] = Conversation.objects.filter(pk__in=ids)
    found = [Matter(*row) for row in rows.values_list(*_COLUMNS)]
    out = _answers_out([matter.id for matter in found if matter.state in ENDED])
    return [matter._replace(answers_out=out[matter.id]) for matter in found]


def places_named(message_ids: Sequence[int]) -> dict[int, Named]:
    """The first place named in each conversation by these messages of its citizen."""
    rows = (
        Message.objects.filter(pk__in=message_ids, direction=Message.Direction.IN)
        .order_by("id")
        .values_list("id", "conversation_id", "reading__places")
    )
    return _first_named(rows)


def places_in(conversation_ids: Sequence[int]) -> dict[int, Named]:
    """The same over all messages of these conversations: for a recount, never for a page."""
    rows = (
        Message.objects.filter(conversation_id__in=conversation_ids, direction=Message.Direction.IN)
        .order_by("id")
        .values_list("id", "conversation_id", "reading__places")
    )
    return _first_named(rows)


def _first_named(rows: Iterable[tuple[int, int, Any]]) -> dict[int, Named]:
    found: dict[int, Named] = {}
    for number, conversation_id, places in rows:
        if conversation_id in found:
            continue
        coded = [place for place in places or () if place.get("code")]
        if coded:
            # The narrowest: "di Cibiru, Kota Bandung" speaks of Cibiru.
            place = max(coded, key=lambda one: len(one["code"]))
            found[conversation_id] = Named(number, place["code"][:16], place["name"][:100])
    return found


def _answers_out(ids: Sequence[int]) -> Counter[int]:
    if not ids:
        return Counter()
    ours = Message.objects.filter(
        conversation_id__in=ids, direction=Message.Direction.OUT, is_automatic=False
    )
    homes = dict(ours.values_list("id", "conversation_id"))
    arrived = Dispatch.objects.filter(
        purpose=ANSWER, ref__in=list(homes), state=Dispatch.State.OUT, returned_at=None
    )
    return Counter(homes[ref] for ref in arrived.values_list("ref", flat=True))
