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
class MembersCalled(Event):
    """Something in a conversation concerns these members: a mention, a task, an answer to approve,
    a question to their unit."""

    institution_id: int
    conversation_id: int
    member_ids: list[int]


@dataclass(frozen=True)
class DeskArranged(Event):
    """An institution's labels or saved views changed; open pages look again."""

    institution_id: int


@dataclass(frozen=True)
class ContactRearranged(Event):
    """Channel identities were joined to one person, or parted again."""

    institution_id: int
    citizen_ids: list[int]


@dataclass(frozen=True)
class PromiseMoved(Event):
    """A promise to a person was made, kept, broken or is overdue (`state`)."""

    institution_id: int
    conversation_id: int
    promise_id: int
    state: str


@dataclass(frozen=True)
class ConsentMoved(Event):
    """A person consented to a purpose, withdrew, or the use has stopped: `state` says which."""

    institution_id: int
    citizen_id: int
    purpose: str
    state: str


@dataclass(frozen=True)
class RightsRequestMoved(Event):
    """A person's request about their own data went one step on, or is overdue."""

    institution_id: int
    request_id: int
    state: str


@dataclass(frozen=True)
class CitizenErased(Event):
    """A person's words and identity were erased; whoever copied words of these conversations
    erases them too."""

    institution_id: int
    citizen_ids: list[int]
    conversation_ids: list[int]


@dataclass(frozen=True)
class HandOffMoved(Event):
    """A call for help was passed on, acknowledged, ended, or nobody acknowledged it in time."""

    institution_id: int
    conversation_id: int
    hand_off_id: int
    state: str
