"""Tables of band keys: which signatures of a growing collection meet in a bucket."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from balai.understanding.claims.signatures import BANDS, PLACES, ROWS, Keys, Signatures, band_keys

FULLEST = 32  # members of one bucket that are looked at; a template of thousands stays cheap

Rows = NDArray[np.int32]


class Pairs(NamedTuple):
    """Which query may be a copy of which row, and the share of places that agree."""

    queries: NDArray[np.int64]
    rows: NDArray[np.int64]
    agreement: NDArray[np.float32]


class Buckets:
    """The rows from `first` on, by the bucket of each of their bands. Never changed, only made."""

    def __init__(self, signatures: Signatures, first: int = 0) -> None:
        self._first = first
        count = len(signatures)
        self._shift = np.uint32(32 - max(4, min(24, (count // 2).bit_length())))
        width = 1 << (32 - int(self._shift))
        self._starts = np.zeros((BANDS, width + 1), np.int32)
        self._members = np.zeros((BANDS, count), np.int32)
        keys = band_keys(signatures)
        for band in range(BANDS):
            places = keys[:, band] >> self._shift
            self._members[band] = np.argsort(places, kind="stable")
            np.cumsum(np.bincount(places, minlength=width), out=self._starts[band, 1:])

    def find(self, asked: Signatures, known: Signatures, least: float) -> Pairs:
        """All pairs that meet in some band and agree in at least a `least` share of places.

        `known` holds the signatures of all rows, also of those before `first`.
        """
        count = self._members.shape[1]
        mine = known[self._first : self._first + count]
        keys = band_keys(asked)
        met = np.sort(
            np.concatenate([self._met(band, keys[:, band], asked, mine) for band in range(BANDS)])
        )
        pairs = met[np.flatnonzero(np.diff(met, prepend=-1))]
        queries, rows = np.divmod(pairs, max(count, 1))
        agreement = agreeing(asked, queries, mine, rows)
        near = agreement >= least
        return Pairs(queries[near], rows[near] + self._first, agreement[near])

    def _met(self, band: int, keys: Keys, asked: Signatures, mine: Signatures) -> NDArray[np.int64]:
        places = (keys >> self._shift).astype(np.int64)
        begins = self._starts[band, places]
        sizes = np.minimum(self._starts[band, places + 1] - begins, FULLEST)
        queries = np.repeat(np.arange(len(keys)), sizes)
        steps = np.arange(len(queries)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        rows = self._members[band][np.repeat(begins, sizes) + steps]
        same = asked[queries, band * ROWS] == mine[rows, band * ROWS]
        met: NDArray[np.int64] = (queries * len(mine) + rows)[same]
        return met


def agreeing(
    left: Signatures,
    lefts: NDArray[np.int64],
    right: Signatures,
    rights: NDArray[np.int64],
    at_once: int = 4_096,
) -> NDArray[np.float32]:
    """The share of places in which `left[lefts]` and `right[rights]` agree, pair by pair."""
    found = np.empty(len(lefts), np.float32)
    for place in range(0, len(lefts), at_once):
        here = slice(place, place + at_once)
        same = left[lefts[here]] == right[rights[here]]
        found[here] = same.sum(axis=1, dtype=np.uint8)
    return found / np.float32(PLACES)
