"""What the screens and other rooms may know of conversations."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q, QuerySet

from balai.channels.selectors import Delivery, deliveries
from balai.ground.clock import now
from balai.inbox import rules
from balai.inbox.models import Attachment, Conversation, Correction, Message, QueueCount
from balai.people.models import Member

PAGE = 50
ANSWER = "inbox.answer"  # the purpose under which our answers leave
VIEWS = ("open", "mine", "unassigned", "late", "waiting", "done", "all")
SOON = timedelta(hours=1)


@dataclass(frozen=True)
class Asked:
    """What the officer wants to see of the queue."""

    view: str = "open"
    channel: str = ""
    unit_id: int | None = None
    intent: str = ""
    language: str = ""
    after: tuple[int, int] | None = None  # (priority, last_message_id) of the last row seen


@dataclass(frozen=True)
class Page:
    """One page of the queue, and where the next one starts."""

    rows: list[Conversation]
    after: tuple[int, int] | None


@dataclass(frozen=True)
class Told:
    """A message as it stands in the conversation page."""

    message: Message
    delivery: Delivery | None = None
    attachments: Sequence[Attachment] = field(default_factory=tuple)


def queue(member: Member, asked: Asked) -> Page:
    """Fifty conversations: danger first, then newest first. The cost does not grow with history."""
    found = _filtered(member, asked)
    if asked.after is not None:
        priority, last = asked.after
        found = found.filter(
            Q(priority__lt=priority) | Q(priority=priority, last_message_id__lt=last)
        )
    rows = list(
        found.select_related("connection", "assignee", "unit").order_by(
            "-priority", "-last_message_id"
        )[: PAGE + 1]
    )
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return Page(rows, (rows[-1].priority, rows[-1].last_message_id) if more else None)


def by_ids(member: Member, ids: Sequence[int]) -> list[Conversation]:
    """These conversations of the member's institution, in the order given (search results)."""
    found = Conversation.objects.filter(
        institution_id=member.institution_id, pk__in=ids
    ).select_related("connection", "assignee", "unit")
    by_id = {c.pk: c for c in found}
    return [by_id[pk] for pk in dict.fromkeys(ids) if pk in by_id]


def counts(institution_id: int) -> dict[str, int]:
    """How many conversations are in each state, from counters that are kept, never counted."""
    kept = QueueCount.objects.filter(institution_id=institution_id)
    return {count.state: count.n for count in kept}


def how_many_open(institution_id: int) -> int:
    """In how many conversations the next word is ours."""
    kept = counts(institution_id)
    return sum(kept.get(state, 0) for state in rules.WE_OWE)


def told(conversation: Conversation) -> list[Told]:
    """The whole conversation in order, with the delivery of our answers step by step."""
    messages = list(conversation.messages.order_by("id"))
    ours = [m.pk for m in messages if m.direction == Message.Direction.OUT]
    sent = deliveries(ANSWER, ours) if ours else {}
    files: dict[int, list[Attachment]] = {}
    for attachment in Attachment.objects.filter(message_id__in=[m.pk for m in messages]):
        files.setdefault(attachment.message_id, []).append(attachment)
    return [Told(m, sent.get(m.pk), files.get(m.pk, ())) for m in messages]


def earlier_of_citizen(conversation: Conversation, limit: int = 10) -> list[Conversation]:
    """Other conversations with the same person, newest first."""
    found = Conversation.objects.filter(citizen_id=conversation.citizen_id)
    return list(found.exclude(pk=conversation.pk).order_by("-last_message_id")[:limit])


def corrections_of(conversation: Conversation) -> list[Correction]:
    """What persons said against the machine's reading."""
    return list(conversation.corrections.select_related("by").order_by("-pk"))


def identity_of(conversation: Conversation) -> dict[str, Any]:
    """Name, handle and address of the citizen. Who calls this records that it was opened."""
    sealed = conversation.citizen.identity
    return dict(json.loads(sealed)) if sealed else {}


def last_word_of_citizen(conversation: Conversation) -> Message:
    """The citizen's newest message."""
    return Message.objects.get(pk=conversation.last_in_id)


def by_receipt(receipt: str) -> Conversation:
    """The conversation of a status page. Raises ObjectDoesNotExist."""
    if not receipt:
        raise ObjectDoesNotExist
    return Conversation.objects.select_related("institution", "unit").get(receipt=receipt)


def _filtered(member: Member, asked: Asked) -> QuerySet[Conversation]:
    found = Conversation.objects.filter(institution_id=member.institution_id)
    match asked.view:
        case "mine":
            found = found.filter(assignee=member, is_open=True)
        case "unassigned":
            found = found.filter(is_open=True, assignee=None)
        case "late":
            found = found.filter(is_open=True, first_answered_at=None, due_at__lt=now() + SOON)
        case "waiting":
            found = found.filter(state__in=["answered", "waiting_citizen", "linked_to_case"])
        case "done":
            found = found.filter(state__in=sorted(rules.DONE))
        case "all":
            pass
        case _:
            found = found.filter(is_open=True)
    if asked.channel:
        found = found.filter(connection__channel=asked.channel)
    if asked.unit_id:
        found = found.filter(unit_id=asked.unit_id)
    if asked.intent:
        found = found.filter(intent=asked.intent)
    if asked.language:
        found = found.filter(language=asked.language)
    return found
