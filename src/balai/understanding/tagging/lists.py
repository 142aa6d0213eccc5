"""The lists of known names as the tagger sees them: a sorted table of numbers, one bit a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from balai.understanding.tagging.tokens import LONGEST_NAME, Hashes, Numbers, joined, numbers

_SLOTS = 20  # bits of the number by which most strangers are told at once


class Filter:
    """Sorted numbers, with a table of bits that turns most strangers away before the search."""

    def __init__(self, known: Hashes) -> None:
        self._known = known
        self._seen = np.zeros(1 << _SLOTS, bool)
        self._seen[known >> np.uint64(64 - _SLOTS)] = True

    def places(self, wanted: Hashes) -> tuple[Numbers, Numbers]:
        """Which of the wanted are known, and their places among the known."""
        where = np.flatnonzero(self._seen[wanted >> np.uint64(64 - _SLOTS)])
        if not len(self._known):
            return where, where
        which = np.searchsorted(self._known, wanted[where])
        which[which == len(self._known)] = 0
        right = self._known[which] == wanted[where]
        return where[right], which[right]


class Lists(NamedTuple):
    """`names` are sorted; `kinds[i]` holds one bit for each list that name `i` stands in."""

    names: Hashes
    kinds: NDArray[np.uint8]


def lists(of: Mapping[int, Iterable[str]]) -> Lists:
    """The table of plain names; the keys are the numbers of the bits, 0 to 7."""
    bits: dict[str, int] = {}
    for bit, names in of.items():
        for name in names:
            bits[name] = bits.get(name, 0) | 1 << bit
    words = [name.split(" ") for name in bits]
    kinds = np.fromiter(bits.values(), np.uint8, len(bits))
    keys, values = [], []
    for size in range(1, LONGEST_NAME + 1):
        mine = [place for place, one in enumerate(words) if len(one) == size]
        if not mine:
            continue
        whole = numbers([words[place][0] for place in mine])
        for at in range(1, size):
            whole = joined(whole, numbers([words[place][at] for place in mine]))
        keys.append(whole)
        values.append(kinds[mine])
    if not keys:
        return Lists(np.zeros(0, np.uint64), np.zeros(0, np.uint8))
    together = np.concatenate(keys)
    order = np.argsort(together, kind="stable")
    return Lists(together[order], np.concatenate(values)[order])
