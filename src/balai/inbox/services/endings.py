"""What happens to a conversation without an officer: silence, a bounce, a withdrawn message."""

from django.db import transaction

from balai.channels.contract import Gone
from balai.channels.models import Connection, Dispatch
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox import rules
from balai.inbox.models import Conversation, Message, MessageKey
from balai.inbox.selectors import ANSWER
from balai.inbox.services.answering import take_word_back
from balai.inbox.services.moving import lock, move
from balai.people.selectors import SYSTEM


def confirm_silent_endings(limit: int = 200) -> int:
    """Confirm what was resolved seven days ago without another word (domain 5.4(2))."""
    silent = Conversation.objects.filter(
        state="resolved", resolved_at__lt=now() - rules.SILENT_CONFIRM_AFTER
    )[:limit]
    for conversation in silent:
        _confirm(conversation)
    return len(silent)


@transaction.atomic
def note_bounce(message: Message, words: str) -> None:
    """The answer came back: the citizen has not heard from us, so the next word is ours again."""
    conversation = lock(message.conversation)
    if take_word_back(conversation):
        if not _reached_by_another(message):
            move(conversation, first_answered_at=None, response_minutes=None)
        record(by=SYSTEM, did="conversation.answer_returned", on=conversation, message=message.pk)


def _reached_by_another(returned: Message) -> bool:
    """Whether an answer of ours, other than the returned one, has arrived."""
    answers = Message.objects.filter(
        conversation_id=returned.conversation_id, direction=Message.Direction.OUT
    ).exclude(pk=returned.pk)
    arrived = Dispatch.objects.filter(
        purpose=ANSWER, ref__in=answers.values("pk"), state=Dispatch.State.OUT, returned_at=None
    )
    return arrived.exists()


@transaction.atomic
def note_taken_back(connection: Connection, gone: Gone) -> None:
    """The citizen deleted a message on the network: said so here, kept as the record it became."""
    key = MessageKey.objects.filter(connection=connection, remote_id=gone.remote_id).first()
    if key is None:
        return
    message = Message.objects.get(pk=key.message_id)
    if "taken_back_at" not in message.extra:
        at = (gone.at or now()).isoformat()
        Message.objects.filter(pk=message.pk).update(extra={**message.extra, "taken_back_at": at})
        move(lock(message.conversation))


@transaction.atomic
def _confirm(conversation: Conversation) -> None:
    conversation = lock(conversation)
    if conversation.state == "resolved":
        move(conversation, "confirmed")
        record(by=SYSTEM, did="conversation.confirmed", on=conversation, reason="silent for 7 days")
