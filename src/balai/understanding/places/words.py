"""The words that stand around places: prefixes, streets, landmarks, and what leads to a place."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

_LEVELS = ("province", "regency", "district", "village")


def _read(file: str) -> str:
    return resources.files(__package__).joinpath(file).read_text("utf-8")


_TABLE = tomllib.loads(_read("words.toml"))


def _levels(table: str) -> dict[str, int]:
    return {
        word: level
        for level, name in enumerate(_LEVELS)
        for word in _TABLE[table][name].split()
    }  # fmt: skip


def _words(name: str) -> frozenset[str]:
    return frozenset(_TABLE["words"][name].split())


PREFIXES = _levels("prefixes")
"""Words that stand before a name, with the level that they tell; they are part of the place."""
OFFICES = _levels("offices")
"""Offices that are named by their area, with its level; they are no part of the place."""
LEADS = _words("leads") | OFFICES.keys()
"""Words behind which a name that is also an ordinary word may be a place."""
LANDMARKS = _words("streets") | _words("landmarks")
"""A place that begins with one of these is a street or a landmark, whatever area lent its name."""
CUES = (LANDMARKS | PREFIXES.keys()) - _words("common_heads")
"""Words for which alone a text is looked at closely."""
NO_STREETS = tuple(f"jalan {word}" for word in sorted(_words("no_street")))
"""Talk of roads that names none."""
DIRECTIONS = _words("directions")
HALVES = _words("halves")
"""Second halves of names, written together with the first or apart."""


_HEADS = DIRECTIONS | LANDMARKS | PREFIXES.keys()


class Common(NamedTuple):
    """Names that are ordinary words too: `firm` need a prefix, `loose` need some evidence."""

    firm: frozenset[str]
    loose: frozenset[str]

    def kind(self, name: str) -> str:
        """firm, loose, or "" for a name that is none but a name."""
        if name in self.firm or name in _HEADS:
            return "firm"
        return "loose" if name in self.loose else ""


@cache
def common() -> Common:
    """The two lists of common_words.txt, the second with our own."""
    body = "\n".join(
        line for line in _read("common_words.txt").splitlines() if not line.startswith("#")
    )
    firm, _, loose = body.partition("\n\n")
    return Common(frozenset(firm.splitlines()), frozenset(loose.splitlines()) | _words("common"))
