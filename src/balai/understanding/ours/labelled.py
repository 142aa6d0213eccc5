"""Reads our own labelled sets and says which part is held back.

A message belongs to the held-back quarter by the hash of its text, so nobody chooses it, and it
stays there whatever is added later. Rules and word lists are written from the other part only.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TypeVar

import msgspec

from balai.understanding.shapes import INTENTS, LANGUAGES, SENSITIVE, URGENCIES

_HELD_BACK_ONE_IN = 4


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message and its labels, as CODEBOOK.md defines them; `note` says what is odd in it."""

    text: str
    language: str
    intent: str
    urgency: str
    abusive: bool
    sensitive: tuple[str, ...]
    note: str = ""

    def __post_init__(self) -> None:
        known = self.intent in INTENTS and self.urgency in URGENCIES and self.text.strip()
        if not (known and self.language in LANGUAGES and set(self.sensitive) <= set(SENSITIVE)):
            raise ValueError(f"a label that the codebook does not know, or no text: {self}")


class Failure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence of a class that is known to be hard; `field` is what it tests."""

    kind: str
    text: str
    field: str
    right: str
    why: str


_Row = TypeVar("_Row", Message, Failure)


def held_back(text: str) -> bool:
    """Whether a text belongs to the quarter that only measures."""
    return sha256(text.encode()).digest()[0] % _HELD_BACK_ONE_IN == 0


@cache
def messages() -> tuple[Message, ...]:
    """Every message of the topic files, in the order of their names."""
    folder = resources.files(__package__) / "messages"
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".jsonl"))
    return tuple(message for name in names for message in _read(f"messages/{name}", Message))


def to_learn() -> list[Message]:
    """What rules and models may be made from: three quarters of the topics, and the late ones."""
    return [one for one in messages() if not held_back(one.text)] + list(_late())


def to_measure() -> list[Message]:
    """The held-back quarter."""
    return [one for one in messages() if held_back(one.text)]


@cache
def unseen() -> tuple[Message, ...]:
    """Messages written after the last word list and never looked at since: they only measure.

    The held-back quarter was written by the hand that made the word lists, on the same day, so it
    flatters them; these come nearer to talk that the lists were not made from.
    """
    return _read("unseen.jsonl", Message)


def is_late(text: str) -> bool:
    """Whether a text was written after the first word lists."""
    return text in _late_texts()


@cache
def _late_texts() -> frozenset[str]:
    return frozenset(one.text for one in _late())


@cache
def _late() -> tuple[Message, ...]:
    """Written after the first word lists: they teach how far a list may be trusted in new talk."""
    return _read("late.jsonl", Message)


@cache
def civil() -> tuple[Message, ...]:
    """Harsh but civil criticism of government: none of it is abuse; it only measures."""
    return _read("civil.jsonl", Message)


@cache
def insults() -> tuple[Message, ...]:
    """Insults, threats and slurs against persons and groups: all abuse; they only measure."""
    return _read("insults.jsonl", Message)


@cache
def failures() -> tuple[Failure, ...]:
    """Sentences of the known failure classes."""
    return _read("failures.jsonl", Failure)


def _read(name: str, kind: type[_Row]) -> tuple[_Row, ...]:
    lines = (resources.files(__package__) / name).read_bytes().splitlines()
    return tuple(msgspec.json.decode(line, type=kind) for line in lines)
