"""The facts that cases announce."""

from dataclasses import dataclass

from balai.ground.events import Event


@dataclass(frozen=True)
class CaseOpened(Event):
    """A citizen's matter became a case."""

    institution_id: int
    case_id: int
    conversation_id: int
    kind: str


@dataclass(frozen=True)
class CaseMoved(Event):
    """A case changed its state, its unit or its officer."""

    institution_id: int
    case_id: int
    state: str
    unit_id: int | None


@dataclass(frozen=True)
class CaseAnswered(Event):
    """The unit's answer was entrusted to every thread in which citizens spoke."""

    institution_id: int
    case_id: int
    conversation_ids: list[int]


@dataclass(frozen=True)
class CaseClosed(Event):
    """A case ended after its result was confirmed, or after the citizen's time to object."""

    institution_id: int
    case_id: int
    unit_id: int | None
    conversation_ids: list[int]
    result: str
    confirmed: bool


@dataclass(frozen=True)
class DeadlineMissed(Event):
    """A clock of a case reached its deadline and still runs."""

    institution_id: int
    case_id: int
    unit_id: int | None
    clock: str
