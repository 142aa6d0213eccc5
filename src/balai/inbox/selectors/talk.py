"""One conversation: what was said, what became of our answers, who did what, and whose it is."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist

from balai.channels.selectors import Delivery, deliveries
from balai.governance.models import AuditEntry
from balai.inbox.models import Attachment, Conversation, Correction, Message
from balai.inbox.selectors.queue import readable
from balai.people.models import Member

ANSWER = "inbox.answer"  # the purpose under which our answers leave
NOTICE = "inbox.notice"  # under which an author is told that the words were hidden
LONGEST_TALK = 60


@dataclass(frozen=True)
class Told:
    """A message as it stands in the conversation page."""

    message: Message
    delivery: Delivery | None = None
    attachments: Sequence[Attachment] = field(default_factory=tuple)


class Deed(NamedTuple):
    """One line of a conversation's trace: what was done, by whom, and the reason given."""

    entry: AuditEntry
    actor: str


def open_to(member: Member, conversation_id: int) -> Conversation:
    """The conversation, if the member may read it. Raises ObjectDoesNotExist."""
    found = readable(member).select_related(
        "institution", "connection", "citizen", "unit", "assignee"
    )
    return found.get(pk=conversation_id)


def told(conversation: Conversation, *, before: int | None = None) -> list[Told]:
    """The newest messages (older than the id `before`) in order, our answers with each step.

    LONGEST_TALK at most: a thread of a thousand messages opens as fast as one of ten.
    """
    found = conversation.messages.select_related("author").order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    messages = list(reversed(found[:LONGEST_TALK]))
    ours = [m.pk for m in messages if m.direction == Message.Direction.OUT]
    sent = dict(deliveries(ANSWER, ours)) if ours else {}
    notices = [m.pk for m in messages if m.kind == "notice"]
    sent |= deliveries(NOTICE, notices) if notices else {}
    files: dict[int, list[Attachment]] = {}
    for attachment in Attachment.objects.filter(message_id__in=[m.pk for m in messages]):
        files.setdefault(attachment.message_id, []).append(attachment)
    return [Told(m, sent.get(m.pk), files.get(m.pk, ())) for m in messages]


def earlier_of_citizen(
    conversation: Conversation, member: Member, limit: int = 10
) -> list[Conversation]:
    """Other conversations with the same person that the member may read, newest first.

    What was moved to a safe channel leaves no trace here.
    """
    found = readable(member).filter(citizen_id=conversation.citizen_id)
    found = found.exclude(state=Conversation.State.SEALED)
    return list(found.exclude(pk=conversation.pk).order_by("-last_message_id")[:limit])


def corrections_of(conversation: Conversation) -> list[Correction]:
    """What persons said against the machine's reading."""
    return list(conversation.corrections.select_related("by").order_by("-pk"))


def trace_of(conversation: Conversation, limit: int = 100) -> list[Deed]:
    """What was done to the conversation, newest first, from the audit log."""
    entries = list(
        AuditEntry.objects.filter(
            institution_id=conversation.institution_id,
            object_kind=conversation._meta.label_lower,
            object_id=str(conversation.pk),
        ).order_by("-number")[:limit]
    )
    ids = {int(e.actor.removeprefix("member:")) for e in entries if e.actor.startswith("member:")}
    names = {f"member:{pk}": name for pk, name in _names(ids)}
    return [Deed(entry, names.get(entry.actor, entry.actor)) for entry in entries]


class Hidden(NamedTuple):
    """Under which rule a conversation was hidden, by whom and when."""

    rule: str
    deed: Deed


def hidden_under(conversation: Conversation) -> Hidden | None:
    """The last decision to hide a conversation, from the audit log; None when there is none."""
    found = [deed for deed in trace_of(conversation) if deed.entry.did == "conversation.moderated"]
    return Hidden(str(found[0].entry.facts.get("rule_id", "")), found[0]) if found else None


def moderated_by(conversation: Conversation) -> int | None:
    """The id of the member who hid a conversation last."""
    hidden = hidden_under(conversation)
    if hidden is None:
        return None
    _kind, _colon, number = hidden.deed.entry.actor.partition(":")
    return int(number) if number.isdecimal() else None


def identity_of(conversation: Conversation) -> dict[str, Any]:
    """Name, handle and address of the citizen. Who calls this records that it was opened."""
    sealed = conversation.citizen.identity
    return dict(json.loads(sealed)) if sealed else {}


def last_word_of_citizen(conversation: Conversation) -> Message:
    """The citizen's newest message."""
    return Message.objects.get(pk=conversation.last_in_id)


def attachment_for(member: Member, attachment_id: int) -> Attachment:
    """A file of a conversation that the member may read now. Raises ObjectDoesNotExist.

    What was moved to a safe channel is no longer given out here.
    """
    attachment = Attachment.objects.get(pk=attachment_id)
    message = Message.objects.get(pk=attachment.message_id)
    if open_to(member, message.conversation_id).state == Conversation.State.SEALED:
        raise Attachment.DoesNotExist
    return attachment


def place_of(attachment: Attachment) -> Path:
    """Where the file lies, by its hash. Raises ObjectDoesNotExist when it was not kept here."""
    place = Path(settings.HOME.path) / "files" / attachment.sha256[:2] / attachment.sha256
    if not attachment.sha256 or not place.is_file():
        raise Attachment.DoesNotExist
    return place


def by_receipt(receipt: str) -> Conversation:
    """The conversation of a status page. Raises ObjectDoesNotExist."""
    if not receipt:
        raise ObjectDoesNotExist
    return Conversation.objects.select_related("institution", "unit", "connection").get(
        receipt=receipt
    )


def _names(ids: set[int]) -> Sequence[tuple[int, str]]:
    return list(Member.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else []
