"""What the inbox does when channels tell it something. Idempotent: facts may be heard twice."""

from balai.channels.events import AnswerReturned, DispatchSettled
from balai.inbox import services
from balai.inbox.models import Message
from balai.inbox.selectors import ANSWER


def note_dispatch(fact: DispatchSettled) -> None:
    """An answer of ours went one step on its way."""
    if fact.purpose == ANSWER:
        services.note_delivery(Message.objects.get(pk=fact.ref))


def note_return(fact: AnswerReturned) -> None:
    """An answer of ours came back undelivered."""
    if fact.purpose == ANSWER and fact.permanent:
        services.note_bounce(Message.objects.get(pk=fact.ref), fact.words)
