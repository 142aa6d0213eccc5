"""Texts to short signatures that edited copies share: MinHash over the words of a text.

Two texts agree in about as many places of their signatures as they share words (the Jaccard
coefficient; Broder 1997). Words that nearly every text has say nothing about copies and do not
count. A whole batch is one buffer of bytes and a few passes of NumPy over it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PLACES = 48
ROWS = 3
BANDS = PLACES // ROWS
"""With 16 bands of 3, two texts that share 60 % of their words meet with p = .98, 70 % .999."""
LONGEST = 20_000  # code points of a text that are looked at, as in the rest of the reading
FEWEST = 3  # with fewer telling words, only the very same words make a copy

_AT_ONCE = 1 << 18  # code points of a batch; keeps the arrays inside the cache
_ROWS_AT_ONCE = 1 << 13
_END = "\x1e"
_FACTOR = 0x100000001B3
_INVERSE = pow(_FACTOR, -1, 1 << 64)
_SEED = 20_261_122
_COMMON = """
yang di dan itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena tersebut bisa ada
mereka lebih kata tahun sudah atau saat oleh menjadi orang ia telah adalah seperti sebagai bahwa
dapat para harus namun kita dua satu masih hari hanya mengatakan kepada kami setelah melakukan lalu
belum lain dia kalau banyak apa aja saja yg dgn utk tdk gak nggak ga udah sdh tolong mohon pak bu
kak min admin bapak ibu the a an of to in is are was and or for on at by with that this it as be
have has from not you we they he she his her its will would can
"""

Hashes = NDArray[np.uint64]
Signatures = NDArray[np.uint16]
Keys = NDArray[np.uint32]
WORDLESS = np.uint64(0)
"""The `whole` of a text without any word."""


class Signed(NamedTuple):
    """A batch: one signature a text, and the hash of all its words in their order."""

    signatures: Signatures
    whole: Hashes


def _powers(base: int, count: int) -> Hashes:
    return np.fromiter(
        accumulate(range(count - 1), lambda power, _: power * base % (1 << 64), initial=1),
        np.uint64,
        count,
    )


def _mixed(raw: Hashes) -> Hashes:
    raw = (raw ^ (raw >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    raw = (raw ^ (raw >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return raw ^ (raw >> np.uint64(33))


_CHANCE = np.random.default_rng(_SEED)
_MULTIPLIERS = (_CHANCE.integers(0, 1 << 31, (PLACES, 1), np.uint32) << 1) | np.uint32(1)
_SHIFTS = _CHANCE.integers(0, 1 << 32, (PLACES, 1), np.uint32)
_BAND_FACTORS = _CHANCE.integers(0, 1 << 63, ROWS, np.uint64) * np.uint64(2) + np.uint64(1)
# What is no letter or digit parts words and becomes 0; capitals become small.
_PLAIN = bytes(
    sign if sign >= 0x80 or sign == ord(_END) else ord(chr(sign).lower()) * chr(sign).isalnum()
    for sign in range(256)
)
_TABLES: dict[str, Hashes] = {"up": _powers(_FACTOR, 1024), "down": _powers(_INVERSE, 1024)}


def sign(texts: Sequence[str]) -> Signed:
    """The signatures of a batch. No text makes it fail; its cost is linear in the bytes."""
    parts = [_sign(part) for part in _portions(texts)]
    if not parts:
        return Signed(np.zeros((0, PLACES), np.uint16), np.zeros(0, np.uint64))
    return Signed(np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts]))


def band_keys(signatures: Signatures) -> Keys:
    """One key for each band: texts with the same key in one band are worth comparing."""
    keys = np.zeros((len(signatures), BANDS), np.uint32)
    for first in range(0, len(signatures), _ROWS_AT_ONCE):
        here = slice(first, first + _ROWS_AT_ONCE)
        grouped = signatures[here].astype(np.uint64).reshape(-1, BANDS, ROWS)
        joined = _mixed((grouped * _BAND_FACTORS).sum(axis=2, dtype=np.uint64))
        keys[here] = joined >> np.uint64(32)
    return keys


def _portions(texts: Sequence[str]) -> Iterator[list[str]]:
    portion, size = [], 0
    for text in texts:
        text = text[:LONGEST]
        if not text.isascii():
            text = unicodedata.normalize("NFKC", text).lower()
        portion.append(text)
        size += len(text)
        if size > _AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _sign(texts: list[str]) -> Signed:
    joined = _END.join(texts)
    if joined.count(_END) >= len(texts):
        joined = _END.join(text.replace(_END, " ") for text in texts)
    words, owners = _words(joined)
    return Signed(*_lowest(words, owners, len(texts)))


def _words(joined: str) -> tuple[Hashes, NDArray[np.int64]]:
    """The hash of each word, and whose it is."""
    raw = (_END + joined + _END).encode("utf-8", "replace").translate(_PLAIN)
    signs = np.frombuffer(raw, np.uint8)
    inside = signs > ord(_END)
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts, ends = edges[0::2], edges[1::2]
    up, down = _table("up", len(signs)), _table("down", len(signs))
    sums = np.zeros(len(signs) + 1, np.uint64)
    np.cumsum(signs * up[: len(signs)], out=sums[1:])
    words = _mixed((sums[ends] - sums[starts]) * down[starts])
    owners = np.searchsorted(np.flatnonzero(signs == ord(_END)), starts) - 1
    return words, owners


def _table(name: str, size: int) -> Hashes:
    if len(_TABLES[name]) < size:
        _TABLES[name] = _powers(_FACTOR if name == "up" else _INVERSE, 2 * size)
    return _TABLES[name]


def _lowest(words: Hashes, owners: NDArray[np.int64], count: int) -> tuple[Signatures, Hashes]:
    whole = _in_order(words, owners, count)
    telling = ~_IS_COMMON[(words >> np.uint64(46)).astype(np.int64)]
    enough = np.bincount(owners[telling], minlength=count) >= FEWEST
    kept = telling & enough[owners]
    # A text without enough telling words is known by all of it only.
    short = np.flatnonzero(~enough)
    hashes = np.concatenate((words[kept], _mixed(whole[short] + np.uint64(1))))
    belongs = np.concatenate((owners[kept], short))
    order = np.argsort(belongs, kind="stable") if len(short) else slice(None)
    low = (hashes[order] >> np.uint64(16)).astype(np.uint32)
    starts = np.searchsorted(belongs[order], np.arange(count))
    # Half of each place is kept: of 65,536 places that differ, one seems to agree.
    found = np.empty((PLACES, count), np.uint16)
    spread = np.empty_like(low)
    for place in range(PLACES):
        np.bitwise_xor(low, _SHIFTS[place], out=spread)
        np.multiply(spread, _MULTIPLIERS[place], out=spread)
        found[place] = np.minimum.reduceat(spread, starts)
    return np.ascontiguousarray(found.T), whole


def _in_order(words: Hashes, owners: NDArray[np.int64], count: int) -> Hashes:
    """One hash of all words of each text in their order; the same for texts without any."""
    whole = np.zeros(count, np.uint64)
    if len(words):
        starts = np.flatnonzero(np.concatenate(([True], owners[1:] != owners[:-1])))
        sizes = np.diff(starts, append=len(words))
        places = np.arange(len(words)) - np.repeat(starts, sizes)
        spread = words * _table("up", int(sizes.max()) + 1)[places + 1]
        whole[owners[starts]] = np.add.reduceat(spread, starts)
    return _mixed(whole)


_IS_COMMON = np.zeros(1 << 18, np.bool_)
_IS_COMMON[(_words(_COMMON)[0] >> np.uint64(46)).astype(np.int64)] = True
