"""The office's own note to who writes while nobody is there: no answer, and no promise kept."""

from datetime import timedelta

from django.db import transaction

from balai.channels.contract import Can, Outgoing
from balai.channels.models import Connection
from balai.channels.selectors import promises, text_problem
from balai.channels.services import entrust
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.landing import OurWords, open_store
from balai.inbox.models import Citizen, Conversation, Message
from balai.inbox.selectors import identity_of
from balai.inbox.services.moving import allow_on, lock, move
from balai.people.models import Member
from balai.people.selectors import Actor

AWAY = "inbox.away"  # the purpose under which it leaves: it stops no clock
ONCE_IN = timedelta(hours=24)  # for one citizen, however many matters they bring


@transaction.atomic
def send_away(
    conversation: Conversation, *, text: str, language: str, by: Actor, reason: str = ""
) -> Message | None:
    """Send an automatic note into a citizen's thread; None where it must not be sent.

    It goes once into a conversation, once in ONCE_IN to a citizen, only where we owe the next word,
    never to a machine, and never where everybody reads it. The clock runs on. Raises NotAllowed,
    NotAllowedNow.
    """
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.triage")
    line = conversation.connection
    at_rest = line.state in (Connection.State.PAUSED, Connection.State.CLOSED)
    if at_rest or Can.REPLY not in promises(line).can or text_problem(line, text) is not None:
        return None
    asked = Message.objects.get(pk=conversation.last_in_id)
    if conversation.is_public or not conversation.is_open or asked.is_automatic:
        return None
    if asked.is_hidden or _was_told(conversation):
        return None
    moment = now()
    number = open_store().append(
        OurWords(
            institution_id=conversation.institution_id,
            connection_id=line.pk,
            conversation_id=conversation.pk,
            direction=Message.Direction.OUT,
            kind="away",
            text=text,
            sent_at=moment,
            author_id=by.pk if isinstance(by, Member) else None,
            extra={},
            is_automatic=True,
        )
    )
    entrust(
        line,
        Outgoing(
            key=f"{AWAY}:{conversation.pk}",
            text=text,
            reply_to=asked.extra.get("handle") or {},
            to=identity_of(conversation).get("address", ""),
            subject=conversation.subject,
            language=language,
            is_automatic=True,
            at=moment,
        ),
        purpose=AWAY,
        ref=number,
        due_at=moment,
    )
    move(conversation, by=by)
    record(by=by, did="conversation.away_noted", on=conversation, reason=reason, message=number)
    return Message.objects.get(pk=number)


@transaction.atomic
def note_away_out(message: Message, remote_id: str) -> None:
    """The note is out: a reply to it finds its way into the same conversation."""
    if remote_id and message.remote_id != remote_id:
        open_store().know(message.connection_id, remote_id, message.pk)


def _was_told(conversation: Conversation) -> bool:
    """Whether this conversation ever, or this citizen within ONCE_IN, got such a note.

    The citizen is held meanwhile: two matters of one person do not get a note each.
    """
    Citizen.objects.select_for_update().get(pk=conversation.citizen_id)
    notes = Message.objects.filter(direction=Message.Direction.OUT, kind="away")
    if notes.filter(conversation=conversation).exists():
        return True
    others = conversation.citizen.conversations.values_list("pk", flat=True)
    recent = notes.filter(conversation__in=list(others.order_by("-last_message_id")[:200]))
    return recent.filter(sent_at__gt=now() - ONCE_IN).exists()
