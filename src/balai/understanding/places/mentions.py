"""Names of areas in the words of one text, each with every area that it may mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from balai.understanding.places.areas import REGENCY, Area, Areas
from balai.understanding.places.words import LEADS, OFFICES, PREFIXES, Common
from balai.understanding.tagging.tokens import Tokens

_LONGEST = 5  # words of a name
_HYPHENS = frozenset("-/'`.\u2019")
_JOINTS = frozenset(".:")  # signs that may stand between a prefix and its name
_REMEMBERED = 20_000  # names with the word before them; about 20 MB, then memory starts afresh


class Named(msgspec.Struct, frozen=True, gc=False):
    """What a name means behind a certain word.

    `prefixed`: that word is one such as "desa"; `high`: a province, a regency or a city bears the
    name; `common`: it is an ordinary word too (firm, loose or ""). `above` are the codes of all
    areas that hold one of the bearers.
    """

    bearers: tuple[Area, ...]
    prefixed: bool
    high: bool
    common: str
    codes: frozenset[str]
    above: frozenset[str]


class Mention(msgspec.Struct, frozen=True, gc=False):
    """A name in a text: its tokens from `first` (prefix included) to `last`, and its meaning.

    `core` is the first token of the name itself. `led`: a word such as "di" stands before it.
    """

    first: int
    core: int
    last: int
    named: Named
    led: bool

    @property
    def bearers(self) -> tuple[Area, ...]:
        """Every area that may be meant."""
        return self.named.bearers


class Finder:
    """Finds names of areas; the longest that begin earliest, none overlapping another."""

    def __init__(self, areas: Areas, common: Common) -> None:
        self._areas = areas
        self._common = common
        self._longest: dict[str, int] = {}  # words of the longest name that begins with a word
        for name in areas.codes:
            word, *rest = name.split(" ", _LONGEST)
            size = min(_LONGEST, 1 + len(rest))
            if self._longest.get(word, 0) < size:
                self._longest[word] = size
        self._known: dict[tuple[str, str], Named] = {}

    def find(self, tokens: Tokens) -> list[Mention]:
        """The mentions of a text, in reading order."""
        if len(self._known) > _REMEMBERED:
            self._known = {}
        low = tokens.low
        if _HYPHENS.isdisjoint(low):
            return [self._mention(name, low, first, last) for name, first, last in self._found(low)]
        # A sign within a word, as in "Sir-Sir" or "Ba'u", parts no names.
        places = [
            at for at, word in enumerate(low) if word not in _HYPHENS or not tokens.touches(at)
        ]
        words = [low[at] for at in places]
        return [
            self._mention(name, low, places[first], places[last])
            for name, first, last in self._found(words)
        ]

    def _found(self, words: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        longest, behind = self._longest, 0
        for at, word in enumerate(words):
            if word in longest and at >= behind and (size := self._size(words, at)):
                yield " ".join(words[at : at + size]), at, at + size - 1
                behind = at + size

    def _size(self, words: Sequence[str], at: int) -> int:
        """How many words the longest name has that begins here; 0 where none does."""
        codes = self._areas.codes
        level = PREFIXES.get(words[at])
        for size in range(min(self._longest[words[at]], len(words) - at), 0, -1):
            if " ".join(words[at : at + size]) not in codes:
                continue
            if level is None:
                return size
            if size == 1 or self._is_named(words[at + 1 : at + size], level):
                return 0  # a prefix and its name: "Kota Padang" is a city before it is a district
            return size
        return 0

    def _is_named(self, words: Sequence[str], level: int) -> bool:
        return any(area.level == level for area in self._areas.named(" ".join(words)))

    def _mention(self, name: str, words: Sequence[str], core: int, last: int) -> Mention:
        before = core - 1
        while before >= 0 and words[before] in _JOINTS and core - before < 3:
            before -= 1
        word = words[before] if before >= 0 else ""
        directly = before == core - 1
        if word not in PREFIXES and not (directly and word in OFFICES):
            named = self._named(name, "")
            return Mention(core, core, last, named, directly and word in LEADS)
        named = self._named(name, word)
        if not named.prefixed:
            return Mention(core, core, last, named, directly and word in LEADS)
        lead = words[before - 1] if before else ""
        return Mention(before, core, last, named, lead in LEADS)

    def _named(self, name: str, word: str) -> Named:
        """What a name means behind a prefix or an office, or behind no such word."""
        named = self._known.get((name, word))
        if named is None:
            named = self._known[name, word] = self._meaning(name, word)
        return named

    def _meaning(self, name: str, word: str) -> Named:
        bearers, common = self._areas.named(name), self._common.kind(name)
        level, prefixed = PREFIXES.get(word), False
        if level is not None:
            fitting = _fitting(bearers, word, level)
            prefixed = bool(fitting) or not common
            bearers = fitting or bearers
        elif word:
            bearers = tuple(area for area in bearers if area.level == OFFICES[word]) or bearers
        return Named(
            bearers, prefixed, any(area.level <= REGENCY for area in bearers), common,
            frozenset(area.code for area in bearers),
            frozenset(code for area in bearers for code in area.holders()),
        )  # fmt: skip


def _fitting(bearers: tuple[Area, ...], word: str, level: int) -> tuple[Area, ...]:
    found = tuple(area for area in bearers if area.level == level)
    if word in {"kabupaten", "kab"}:
        return tuple(area for area in found if not area.is_city) or found
    if word in {"kota", "kotamadya"}:
        return tuple(area for area in found if area.is_city) or found
    return found
