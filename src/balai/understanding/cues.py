"""Finds the cues of our lexicons in plain words, all texts in one pass.

A lexicon is a file of groups ("danger.event"); a cue is a word or phrase, and `kebakar*` stands
for every word that begins so. A cue inside a phrase of a `*.not` group does not count: that is
how "pemadam kebakaran" is an office and no fire.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources

from ahocorasick_rs import BytesAhoCorasick, Implementation

from balai.understanding.words import Words

Hit = tuple[int, int, int]
LEXICONS = (
    "danger", "danger_calm", "danger_told", "intent", "intent_matter", "abuse", "abuse_aim",
    "sensitive",
)  # fmt: skip
"""The files; what stands before the underscore names the groups."""


_REMEMBERED = 20_000  # sets of cues; about 10 MB, then memory starts afresh


@dataclass(slots=True, eq=False)
class Found:
    """The cues of one text: `groups` as bits for quick questions, `cues` in reading order.

    `twice` has the bits of the groups of which two different cues were seen.

    Texts with the same cues share one: it is not changed after it was made.
    """

    groups: int = 0
    twice: int = 0
    cues: dict[str, int] = field(default_factory=dict)

    def note(self, cue: str, bits: int) -> None:
        """Add a cue that belongs to these groups."""
        if cue not in self.cues:
            self.twice |= self.groups & bits
        self.groups |= bits
        self.cues[cue] = self.cues.get(cue, 0) | bits

    def words(self, groups: int) -> list[str]:
        """The distinct cues of any of these groups, in reading order."""
        if not self.groups & groups:
            return []
        return [cue for cue, bits in self.cues.items() if bits & groups]

    def count(self, groups: int) -> int:
        """How many different cues of these groups were seen."""
        if not self.groups & groups:
            return 0
        return sum(1 for bits in self.cues.values() if bits & groups)


class Cues:
    """Every cue of the given groups, ready to be looked for."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self.groups = tuple(groups)
        self._bit = {name: 1 << place for place, name in enumerate(groups)}
        self._denying = self.bits(*(name for name in groups if name.endswith(".not")))
        spell = Words()
        bits_of: dict[str, int] = {}
        for name, cues in groups.items():
            for cue in cues:
                stem = cue.removesuffix("*")
                plain = spell.plain([stem]).removesuffix("\n").strip()
                key = f" {plain}" if stem != cue else f" {plain} "
                bits_of[key] = bits_of.get(key, 0) | self._bit[name]
        self._bits = list(bits_of.values())
        self._names = [key.strip() for key in bits_of]
        self._known: dict[tuple[int, ...], Found] = {}
        self._search = BytesAhoCorasick(
            [key.encode() for key in bits_of], implementation=Implementation.ContiguousNFA
        )

    def bits(self, *names: str) -> int:
        """The bits of the named groups; an unknown name is a programmer's error (KeyError)."""
        total = 0
        for name in names:
            total |= self._bit[name]
        return total

    def single_words(self, *names: str) -> frozenset[str]:
        """The one-word cues of these groups: what a disguised spelling is compared with."""
        wanted = self.bits(*names)
        pairs = zip(self._names, self._bits, strict=True)
        return frozenset(name for name, bits in pairs if bits & wanted and " " not in name)

    def find(self, plain: str) -> dict[int, Found]:
        """The cues of each text that has any, by the text's place in `plain`."""
        buffer = f" {plain} ".encode("utf-8", "replace")
        found: dict[int, Found] = {}
        if len(self._known) > _REMEMBERED:
            self._known = {}
        known, bits_of, denying = self._known, self._bits, self._denying
        for text, hits in self._by_text(buffer):
            for hit in hits:
                if bits_of[hit[0]] & denying:
                    hits = self._allowed(hits)
                    break
            cues = tuple([hit[0] for hit in hits])
            one = known.get(cues)
            if one is None:
                one = known[cues] = self._weighed(cues)
            found[text] = one
        return found

    def _by_text(self, buffer: bytes) -> Iterator[tuple[int, list[Hit]]]:
        ends = _places(buffer, b"\n")
        text, end, mine = -1, -1, list[Hit]()
        for hit in self._search.find_matches_as_indexes(buffer, overlapping=True):
            if hit[1] > end:  # hits come in the order of their ends, so a text's hits lie together
                if mine:
                    yield text, mine
                text, mine = bisect_right(ends, hit[1]), []
                end = ends[text] if text < len(ends) else len(buffer)
            mine.append(hit)
        if mine:
            yield text, mine

    def _allowed(self, hits: list[Hit]) -> list[Hit]:
        """The hits without those that stand inside a phrase which denies them."""
        phrases = [(start, end) for cue, start, end in hits if self._bits[cue] & self._denying]
        return [
            (cue, start, end)
            for cue, start, end in hits
            if not any(a <= start and end <= b and b - a > end - start for a, b in phrases)
        ]

    def _weighed(self, cues: Iterable[int]) -> Found:
        one = Found()
        for cue in cues:
            one.note(self._names[cue], self._bits[cue])
        return one


def load() -> Cues:
    """The cues of the packaged lexicons; a group is named lexicon.table ("danger.past")."""
    groups: dict[str, list[str]] = {}
    for name in LEXICONS:
        text = resources.files(__package__).joinpath(f"lexicons/{name}.toml").read_text("utf-8")
        for table, by_language in tomllib.loads(text).items():
            groups[f"{name.partition('_')[0]}.{table}"] = [
                cue for cues in by_language.values() for cue in cues
            ]
    return Cues(groups)


def _places(buffer: bytes, sought: bytes) -> list[int]:
    places, at = [], buffer.find(sought)
    while at >= 0:
        places.append(at)
        at = buffer.find(sought, at + 1)
    return places
