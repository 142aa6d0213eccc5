"""The facts that the desk announces."""

from dataclasses import dataclass

from balai.ground.events import Event


@dataclass(frozen=True)
class ConversationEscalated(Event):
    """A promised first response passed a step of its time, in per cent."""

    institution_id: int
    conversation_id: int
    step: int
