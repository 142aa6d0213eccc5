"""May we answer this citizen now: how, until when, at what price."""

from datetime import datetime
from typing import NamedTuple

from balai.channels.selectors import pieces_of, reply_rights
from balai.ground.clock import now
from balai.inbox import rules
from balai.inbox.models import Conversation, Message


class Rights(NamedTuple):
    """What the network grants for an answer to the citizen's newest words (rules.reply_state)."""

    state: str  # open, ending, over, never
    how: str
    until: datetime | None
    price: str
    why_not: str

    @property
    def may(self) -> bool:
        """An answer that leaves now is taken."""
        return self.state in ("open", "ending")


def rights_of(conversation: Conversation) -> Rights:
    """What holds now, from what the connector declares of the citizen's newest words."""
    asked = Message.objects.filter(pk=conversation.last_in_id).only("sent_at", "extra").first()
    granted = reply_rights(
        conversation.connection,
        (asked.extra.get("handle") if asked else None) or {},
        is_public=conversation.is_public,
        sent_at=asked.sent_at if asked else conversation.last_at,
    )
    state = rules.reply_state(may=granted.may, until=granted.until, at=now())
    return Rights(state, granted.how, granted.until, granted.price, granted.why_not)


def cost_in_pieces(conversation: Conversation, text: str) -> int:
    """How many messages the network would charge for a text."""
    return pieces_of(conversation.connection, text)
