"""Say something to a citizen on behalf of the house: short, automatic, never an answer."""

from balai.channels.contract import Can, Outgoing
from balai.channels.models import Connection, Dispatch
from balai.channels.selectors import promises, text_problem
from balai.channels.services import entrust
from balai.ground.clock import now
from balai.inbox.models import Conversation, Message
from balai.inbox.selectors import identity_of

MATTER = "inbox.matter"  # the purpose under which such words leave


def can_reach(conversation: Conversation) -> bool:
    """Whether our line to the citizen carries words at all."""
    line = conversation.connection
    at_rest = line.state in (Connection.State.PAUSED, Connection.State.CLOSED)
    return not at_rest and Can.REPLY in promises(line).can


def tell(
    conversation: Conversation,
    text: str,
    *,
    key: str,
    ref: int,
    purpose: str = MATTER,
    handle: Message | None = None,
    subject: str | None = None,
) -> Dispatch | None:
    """Entrust words that stand nowhere but on their way; None where the line cannot carry them.

    `handle` is the message that is replied to, where it is no longer the newest as it came;
    `subject` stands in the place of the conversation's own.
    """
    line = conversation.connection
    if not can_reach(conversation) or text_problem(line, text) is not None:
        return None
    asked = handle or Message.objects.get(pk=conversation.last_in_id)
    moment = now()
    return entrust(
        line,
        Outgoing(
            key=key,
            text=text,
            reply_to=asked.extra.get("handle") or {},
            to=identity_of(conversation).get("address", ""),
            subject=conversation.subject if subject is None else subject,
            language="ind",
            is_automatic=True,
            at=moment,
        ),
        purpose=purpose,
        ref=ref,
        due_at=moment,
    )
