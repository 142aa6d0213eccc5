"""The facts that channels announce."""

from dataclasses import dataclass

from balai.ground.events import Event


@dataclass(frozen=True)
class DispatchSettled(Event):
    """A dispatch reached (or left) a state that whoever asked for it wants to know."""

    dispatch_id: int
    purpose: str
    ref: int
    state: str


@dataclass(frozen=True)
class ConnectionBroke(Event):
    """A line does not work and somebody must do something."""

    institution_id: int
    connection_id: int
    words: str


@dataclass(frozen=True)
class ConnectionMended(Event):
    """A line works again."""

    institution_id: int
    connection_id: int


@dataclass(frozen=True)
class AnswerReturned(Event):
    """The network says later that a message of ours did not arrive (a bounce)."""

    dispatch_id: int
    purpose: str
    ref: int
    permanent: bool
    words: str
