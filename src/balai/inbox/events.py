"""The facts that the inbox announces."""

from dataclasses import dataclass

from balai.ground.events import Event


@dataclass(frozen=True)
class MessagesTakenIn(Event):
    """One batch of citizens' messages landed; all ids of one institution."""

    institution_id: int
    message_ids: list[int]
    conversation_ids: list[int]


@dataclass(frozen=True)
class ConversationMoved(Event):
    """A conversation changed its state, its unit or its officer.

    `version` is the one that the change made; `origin` names the machine that did it, if one did.
    """

    institution_id: int
    conversation_id: int
    state: str
    version: int = 0
    origin: str = ""


@dataclass(frozen=True)
class ConversationAnswered(Event):
    """An answer of ours is out, with the network's proof."""

    institution_id: int
    conversation_id: int
    message_id: int


@dataclass(frozen=True)
class DeskArranged(Event):
    """An institution's labels or saved views changed; open pages look again."""

    institution_id: int
