"""What people announces."""

from dataclasses import dataclass

from balai.ground.events import Event


@dataclass(frozen=True)
class InstitutionFounded(Event):
    """An institution began to work with this installation."""

    institution_id: int


@dataclass(frozen=True)
class UnitAdded(Event):
    """An institution has a new unit."""

    unit_id: int
    institution_id: int


@dataclass(frozen=True)
class UnitDissolved(Event):
    """A unit no longer exists; its past stays."""

    unit_id: int
    institution_id: int


@dataclass(frozen=True)
class MemberJoined(Event):
    """Somebody works in an institution now, or again."""

    member_id: int
    institution_id: int


@dataclass(frozen=True)
class MemberLeft(Event):
    """Somebody no longer works in an institution: what they had in hand needs somebody else."""

    member_id: int
    institution_id: int


@dataclass(frozen=True)
class RolesChanged(Event):
    """What a member may do changed: a grant, its end, a loan or its revocation."""

    member_id: int
    institution_id: int


@dataclass(frozen=True)
class MandateChanged(Event):
    """An institution entrusted work to another one, or a mandate was accepted or ended."""

    mandate_id: int
    institution_id: int
