"""What the registry announces."""

from dataclasses import dataclass

from balai.ground.events import Event


@dataclass(frozen=True)
class AccountMoved(Event):
    """An official account went from one state to another."""

    account_id: int
    institution_id: int
    before: str
    after: str


@dataclass(frozen=True)
class AccountCompromised(Event):
    """An official account is no longer surely ours: what speaks through it should stop."""

    account_id: int
    institution_id: int


@dataclass(frozen=True)
class AccountRetired(Event):
    """An official account was closed for good; its handle stays on record."""

    account_id: int
    institution_id: int


@dataclass(frozen=True)
class FalseAccountReported(Event):
    """Somebody says that an account speaks in our name without right."""

    report_id: int
    institution_id: int


@dataclass(frozen=True)
class HandleChanged(Event):
    """The same account carries another handle."""

    account_id: int
    institution_id: int
    handle: str
