"""Near twins among the last many messages: the same text sent again, a little changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from balai.understanding.claims.bands import agreeing
from balai.understanding.claims.signatures import (
    BANDS,
    PLACES,
    WORDLESS,
    Signatures,
    Signed,
    band_keys,
    sign,
)
from balai.understanding.shapes import Twin

Places = NDArray[np.int64]

LEAST = 0.6
"""Words shared (of all words of both) from which on two texts count as twins."""
_NOBODY = -1
_AT_ONCE = 1 << 16  # a bucket's key and a place in the batch must fit into one number
_CHECK_BITS = 16
_CHECK = (1 << _CHECK_BITS) - 1
_BAND_NUMBERS = np.arange(BANDS, dtype=np.int64)


class Twins:
    """The last `capacity` messages. Its memory is set when it is made: about 400 bytes for each.

    A bucket remembers only the last message that fell into it, so a message is paired with recent
    twins and not with all; sixteen buckets a message make up for what one forgets. Not safe for
    several threads at once. `least` is the share of common words that makes a twin.
    """

    def __init__(self, capacity: int = 100_000, least: float = LEAST) -> None:
        if capacity < 1:
            raise ValueError("twins need room for at least one message")
        self._capacity = capacity
        self._least = least
        self._met = 0  # messages so far; message n lies at n % capacity
        self._keys: list[str] = [""] * capacity
        self._kept = np.zeros((capacity, PLACES), np.uint16)
        self._bits = max(8, min(22, capacity.bit_length()))
        self._last = np.full(BANDS << self._bits, _NOBODY, np.int64)

    def __len__(self) -> int:
        return min(self._met, self._capacity)

    def find(self, texts: Sequence[str], most: int = 3) -> list[tuple[Twin, ...]]:
        """For each text its twins among the messages added before, the nearest first."""
        signed = sign(texts)
        buckets, checks = self._buckets(signed)
        earlier = _numbers(self._last[buckets], checks)
        return self._named(signed.signatures, self._alive(earlier, signed), most)

    def add(self, keys: Sequence[str], texts: Sequence[str]) -> None:
        """Remember messages by their keys."""
        for here in self._portions(texts):
            signed = sign(texts[here])
            self._remember(keys[here], signed.signatures, *self._buckets(signed))

    def meet(
        self, keys: Sequence[str], texts: Sequence[str], most: int = 3
    ) -> list[tuple[Twin, ...]]:
        """Find and add a batch in one pass; a text also finds those before it in the batch."""
        found: list[tuple[Twin, ...]] = []
        for here in self._portions(texts):
            signed = sign(texts[here])
            kept = signed.signatures
            buckets, checks = self._buckets(signed)
            within = _before(buckets, checks)
            earlier = _numbers(self._last[buckets], checks)
            earlier = np.where(within >= 0, within + self._met, earlier)
            self._remember(keys[here], kept, buckets, checks)
            found += self._named(kept, self._alive(earlier, signed), most)
        return found

    def _portions(self, texts: Sequence[str]) -> list[slice]:
        size = min(self._capacity, _AT_ONCE)
        return [slice(first, first + size) for first in range(0, len(texts), size)]

    def _buckets(self, signed: Signed) -> tuple[Places, Places]:
        """The place of each band of each text in the table, and what tells guests there apart."""
        keys = band_keys(signed.signatures).astype(np.int64)
        buckets = (keys >> (32 - self._bits)) + (_BAND_NUMBERS << self._bits)
        return buckets, keys & _CHECK

    def _alive(self, earlier: Places, signed: Signed) -> Places:
        """Without those whose place was given away, and without twins of wordless texts."""
        gone = (earlier < self._met - self._capacity) | (signed.whole == WORDLESS)[:, None]
        return np.where(gone, _NOBODY, earlier)

    def _remember(
        self, keys: Sequence[str], kept: Signatures, buckets: Places, checks: Places
    ) -> None:
        numbers = np.arange(self._met, self._met + len(kept))
        self._kept[numbers % self._capacity] = kept
        # Written in the order of arrival, so the last one of the batch stays.
        self._last[buckets] = (numbers[:, None] << _CHECK_BITS) | checks
        for number, key in zip((numbers % self._capacity).tolist(), keys, strict=True):
            self._keys[number] = key
        self._met += len(kept)

    def _named(self, kept: Signatures, earlier: Places, most: int) -> list[tuple[Twin, ...]]:
        count = len(kept)
        texts, bands = np.nonzero(earlier != _NOBODY)
        met = earlier[texts, bands]
        fresh = np.ones(len(met), np.bool_)  # bands of a text mostly lead to the same message
        fresh[1:] = (met[1:] != met[:-1]) | (texts[1:] != texts[:-1])
        texts, met = texts[fresh], met[fresh]
        agreement = agreeing(kept, texts, self._kept, met % self._capacity)
        found: list[tuple[Twin, ...]] = [()] * count
        near: dict[int, dict[int, float]] = {}
        chosen = agreement >= self._least
        for text, number, share in zip(
            texts[chosen].tolist(), met[chosen].tolist(), agreement[chosen].tolist(), strict=True
        ):
            near.setdefault(text, {})[number] = share
        for text, shares in near.items():
            best = sorted(shares.items(), key=lambda pair: (-pair[1], -pair[0]))[:most]
            found[text] = tuple(
                Twin(self._keys[number % self._capacity], round(share, 3)) for number, share in best
            )
        return found


def _numbers(guests: Places, checks: Places) -> Places:
    """The messages in the buckets, where the whole key is the same; else nobody."""
    return np.where((guests & _CHECK) == checks, guests >> _CHECK_BITS, _NOBODY)


def _before(buckets: Places, checks: Places) -> Places:
    """For each band the last text before its own that has the same key in it, or nobody."""
    flat = ((buckets << _CHECK_BITS) | checks).ravel()
    # Sorting numbers that end with their own place is several times quicker than `argsort`.
    bits = len(flat).bit_length()
    ranked = np.sort((flat << bits) | np.arange(len(flat)))
    order, keys = ranked & ((1 << bits) - 1), ranked >> bits
    again = np.flatnonzero(keys[1:] == keys[:-1])
    before = np.full(len(flat), _NOBODY, np.int64)
    before[order[again + 1]] = order[again] // BANDS
    return before.reshape(buckets.shape)
