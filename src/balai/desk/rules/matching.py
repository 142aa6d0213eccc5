"""What a rule asks for and what it does, as plain values that are kept in its versions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

HOUR = timedelta(hours=1)
NO_UNIT = 0  # among the units of a condition: what belongs to none


@dataclass(frozen=True)
class Facts:
    """What is known of a conversation when rules are asked about it.

    `places` are pairs of Kemendagri code (or "") and name that the citizen's last words speak of.
    """

    topic: str = ""
    intent: str = ""
    priority: int = 0
    places: tuple[tuple[str, str], ...] = ()
    language: str = ""
    connection_id: int = 0
    account_id: int | None = None
    text: str = ""
    unit_id: int | None = None
    is_open: bool = True
    in_hours: bool = True


@dataclass(frozen=True)
class Conditions:
    """All of these must hold; of the values of one, any. What is empty asks for nothing."""

    topics: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    at_least: int = 0
    places: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    connections: tuple[int, ...] = ()
    accounts: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    units: tuple[int, ...] = ()
    is_open: bool | None = None
    in_hours: bool | None = None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Conditions":
        """As they are kept; what this version of the house does not know is refused (KeyError)."""
        return cls(**_known(cls, kept))

    def kept(self) -> dict[str, Any]:
        """What is kept of them: only what asks for something."""
        return _kept(self)


@dataclass(frozen=True)
class Deeds:
    """What a rule does, in this order. `raise_to` is an urgency, which is never lowered."""

    unit: int | None = None
    team: int | None = None
    member: int | None = None
    label: int | None = None
    raise_to: int | None = None
    notify: tuple[int, ...] = ()
    notify_lead: bool = False
    away: bool = False

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Deeds":
        """As they are kept. Raises KeyError for what this version of the house does not know."""
        return cls(**_known(cls, kept))

    def kept(self) -> dict[str, Any]:
        """What is kept of them: only what does something."""
        return _kept(self)

    def __bool__(self) -> bool:
        return bool(self.kept())


def fits(asked: Conditions, facts: Facts) -> bool:
    """Whether everything that is asked for holds."""
    return mismatch(asked, facts) is None


def mismatch(asked: Conditions, facts: Facts) -> str | None:
    """The first condition that does not hold, by its name; None where all do."""
    held = {
        "intents": not asked.intents or facts.intent in asked.intents,
        "at_least": facts.priority >= asked.at_least,
        "languages": not asked.languages or facts.language in asked.languages,
        "connections": not asked.connections or facts.connection_id in asked.connections,
        "accounts": not asked.accounts or facts.account_id in asked.accounts,
        "units": not asked.units or (facts.unit_id or NO_UNIT) in asked.units,
        "is_open": asked.is_open is None or facts.is_open == asked.is_open,
        "in_hours": asked.in_hours is None or facts.in_hours == asked.in_hours,
        "topics": not asked.topics or _folded(facts.topic) in map(_folded, asked.topics),
        "places": not asked.places or _any_place(asked.places, facts.places),
        "words": not asked.words or says_any(facts.text, asked.words),
    }
    return next((name for name, holds in held.items() if not holds), None)


def says_any(text: str, words: Iterable[str]) -> bool:
    """Whether one of these words or phrases stands in the text, as a whole and in any case."""
    said = f" {_spaced(text)} "
    return any(f" {word} " in said for word in map(_spaced, words) if word)


def room_left(runs: Sequence[datetime], at: datetime, limit: int) -> int:
    """How often a rule may still act in the hour that ends at a moment."""
    return max(0, limit - sum(at - HOUR < run <= at for run in runs))


def _any_place(asked: Iterable[str], said: Iterable[tuple[str, str]]) -> bool:
    """A code holds for all places under it; anything else is compared as a name."""
    for wanted in asked:
        if wanted[:1].isdigit():
            if any(code == wanted or code.startswith(f"{wanted}.") for code, _ in said):
                return True
        elif any(_folded(wanted) == _folded(name) for _, name in said):
            return True
    return False


def _spaced(text: str) -> str:
    """Only the words, in small letters, with one space between them."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _folded(word: str) -> str:
    return " ".join(word.casefold().split())


def _known(shape: Any, kept: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(shape)}
    for name in kept:
        if name not in names:
            raise KeyError(name)
    return {n: tuple(value) if isinstance(value, list) else value for n, value in kept.items()}


def _kept(shape: Any) -> dict[str, Any]:
    said = {field.name: (getattr(shape, field.name), field.default) for field in fields(shape)}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, (value, default) in said.items()
        if value != default
    }
