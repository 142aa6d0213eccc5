"""What words weigh for the words around them, summed once for each part of a word.

New words share their parts with old ones: beginnings, ends, runs of letters, groups, capitals. What
such a part weighs at every distance is looked up once and kept, so that a word never seen before
costs a few additions; only its whole form is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from balai.understanding.tagging.features import REACH, SEEN_FROM, edge, shown
from balai.understanding.tagging.lists import Filter
from balai.understanding.tagging.tokens import Hashes, Numbers

_REMEMBERED = 60_000  # parts; about 12 MB, then memory starts afresh
_BEFORE = {
    far: [f"{distance}:".encode() for distance in REACH if abs(distance) <= far]
    for far in SEEN_FROM
}
_PLACES = {
    far: [at for at, distance in enumerate(REACH) if abs(distance) <= far] for far in SEEN_FROM
}

Floats = NDArray[np.float32]


class Seen:
    """The weights of words at each distance of `REACH`; what is remembered changes no answer."""

    def __init__(self, keys: Filter, weights: Floats) -> None:
        self._keys = keys
        self._weights = weights
        self._forget()

    def _forget(self) -> None:
        self._parts = _Parts()
        self._table = np.zeros((1024, len(REACH), self._weights.shape[1]), np.float32)

    def of(self, words: Sequence[str], groups: Sequence[Sequence[int]]) -> Floats:
        """Words x distances x labels; "" is the edge of a text, `groups` are those of each word."""
        if len(self._parts) > _REMEMBERED:
            self._forget()
        parts = self._parts
        numbered = parts.__getitem__
        here: list[int] = []
        starts: list[int] = []
        known, reach = len(parts), list[int]()
        first = known
        for word, mine in zip(words, groups, strict=True):
            starts.append(len(here))
            for names, far in zip(shown(word, mine), SEEN_FROM, strict=True):
                here += map(numbered, names)
                if len(parts) > known:
                    reach += [far] * (len(parts) - known)
                    known = len(parts)
        self._learn(first, reach)
        found: Floats = np.add.reduceat(self._table[here], starts, axis=0)
        for place, word in enumerate(words):
            if not word:
                found[place] = [self.summed(np.array(edge(one), np.uint64)) for one in REACH]
        return found

    def _learn(self, first: int, reach: Sequence[int]) -> None:
        """Look up what the parts from `first` on, each seen so far, weigh at every distance."""
        size = len(self._parts)
        if size > len(self._table):
            more = max(size, 2 * len(self._table)) - len(self._table)
            self._table = np.pad(self._table, ((0, more), (0, 0), (0, 0)))
        wanted = bytearray()
        at: list[int] = []
        for name, far in zip(self._parts.names[first:], reach, strict=True):
            said = name.encode("utf-8", "replace")
            at += _PLACES[far]
            for before in _BEFORE[far]:  # the same as `tokens.number`, many at a time
                wanted += blake2b(before + said, digest_size=8).digest()
        rows: Numbers = np.repeat(
            np.arange(first, size), np.array([len(_PLACES[far]) for far in reach], np.int64)
        )
        where, which = self._keys.places(np.frombuffer(wanted, "<u8"))
        self._table[rows[where], np.array(at, np.int64)[where]] = self._weights[which]

    def summed(self, wanted: Hashes) -> Floats:
        """The weights of some traits together."""
        _, which = self._keys.places(wanted)
        total: Floats = self._weights[which].sum(axis=0, dtype=np.float32)
        return total


class _Parts(dict[str, int]):
    """Numbers parts of words in the order of first sight; `names` is the way back."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __missing__(self, part: str) -> int:
        number = self[part] = len(self.names)
        self.names.append(part)
        return number
