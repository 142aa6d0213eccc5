"""Which passages of a batch may name a place: one pass over their bytes.

The automaton holds whole names between two borders. Ordinary words that are also names are in it
only behind a word that leads to a place ("di genteng"): talk without places stays untouched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from ahocorasick_rs import BytesAhoCorasick, MatchKind

from balai.understanding.places.areas import DISTRICT, Areas
from balai.understanding.places.words import CUES, LEADS, NO_STREETS, Common

_SHORTEST = 4  # letters of a village that is looked for without a prefix
_PLAIN = bytes(
    byte + 32 if 65 <= byte <= 90 else byte if 97 <= byte <= 122 or 48 <= byte <= 57 else 32
    for byte in range(256)
)
_END, _SPACE = b"\n "
_AROUND = 100  # code points on both sides of a name that are read with it

Passage = tuple[int, int]


class Gate:
    """Made once from all names."""

    def __init__(self, areas: Areas, world: frozenset[str], common: Common) -> None:
        patterns = {_pattern(name) for name in _names(areas, world, common)}
        nothing = sorted({_pattern(words) for words in NO_STREETS} - patterns)
        self._naming = len(patterns)
        self._automaton = BytesAhoCorasick(
            sorted(patterns) + nothing, matchkind=MatchKind.LeftmostLongest
        )

    def passages(self, texts: Sequence[str]) -> dict[int, list[Passage]]:
        """The stretches of each text that may name a place, by the text's place, in code points.

        They stand in reading order and do not touch; words at their ends are whole.
        """
        lines = [text.encode("latin-1", "replace").translate(_PLAIN) for text in texts]
        joined = b" " + b" \n ".join(lines) + b" \n"  # a byte for each code point
        doubled = joined.replace(b" ", b"  ")
        naming = self._naming
        hits = [
            (start, end)
            for pattern, start, end in self._automaton.find_matches_as_indexes(doubled)
            if pattern < naming
        ]
        if not hits:
            return {}
        signs = np.frombuffer(joined, np.uint8)
        behind = np.cumsum(1 + (signs == _SPACE))  # where each sign ends in `doubled`
        starts, stops = np.searchsorted(behind, np.array(hits).T, "right")
        ends = np.flatnonzero(signs == _END)
        owners = np.searchsorted(ends, starts)
        begins = np.concatenate(([1], ends + 2))[owners]
        found: dict[int, list[Passage]] = {}
        for owner, start, stop in zip(
            owners.tolist(), (starts - begins).tolist(), (stops - begins).tolist(), strict=True
        ):
            _widen(found.setdefault(owner, []), texts[owner], start, stop)
        return found


def _widen(passages: list[Passage], text: str, start: int, stop: int) -> None:
    """Add what stands around a name, to the last passage where they meet."""
    known = passages[-1] if passages else None
    if known and stop + _AROUND <= known[1]:
        return
    first, last = max(0, start - _AROUND), min(len(text), stop + _AROUND)
    if first > 0 and (space := text.find(" ", first, max(first, start))) >= 0:
        first = space + 1
    if last < len(text) and (space := text.rfind(" ", stop, last)) >= 0:
        last = space
    if known and first <= known[1]:
        passages[-1] = known[0], max(known[1], last)
    else:
        passages.append((first, last))


def _pattern(name: str) -> bytes:
    return f"  {name} ".replace(" ", "  ")[2:].encode()


def _names(areas: Areas, world: frozenset[str], common: Common) -> Iterator[str]:
    yield from world
    yield from CUES
    for name, codes in areas.codes.items():
        high = min(code.count(".") for code in codes) < DISTRICT
        kind = common.kind(name)
        if kind == "firm" or not (high or len(name) >= _SHORTEST) or not name.isascii():
            continue
        if kind == "loose":
            yield from (f"{lead} {name}" for lead in (*LEADS, "kota", "kampung"))
        else:
            yield name
