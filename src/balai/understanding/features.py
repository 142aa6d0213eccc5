"""Words to numbers: the one function that training and serving share.

A text is the words it holds; a word is its own hash and the hashes of its runs of 1 to 5 bytes,
word borders included; two neighbours are one more hash. Since everything downstream is linear, a
word's share of every score can be summed once and reused: that is what makes reading cheap.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from balai.understanding.words import END

LONGEST_RUN = 5
_FACTOR = np.uint64(0x100000001B3)  # the FNV prime; the finisher below spreads what it leaves
_NEIGHBOUR = np.uint64(0x9E3779B97F4A7C15)

Hashes = NDArray[np.uint32]
Places = NDArray[np.int64]


class Grams(NamedTuple):
    """The hashes of words: those of word `i` lie at `starts[i]` up to `starts[i + 1]`."""

    hashes: Hashes
    starts: Places


class Numbers(dict[str, int]):
    """Numbers words in the order of first sight; `names` is the way back. `END` is number 0.

    Several words in one piece have a number below zero: -1 is the first of `phrases`.
    """

    def __init__(self) -> None:
        super().__init__({END: 0})
        self.names = [END]
        self.phrases: list[list[int]] = []

    def __missing__(self, piece: str) -> int:
        if " " in piece:
            self.phrases.append([self[word] for word in piece.split(" ")])
            number = self[piece] = -len(self.phrases)
            return number
        number = self[piece] = len(self.names)
        self.names.append(piece)
        return number


class Talk(NamedTuple):
    """A batch as numbers: `words` are places in `known`, `texts` say whose each word is."""

    known: list[str]
    words: Places
    texts: Places
    size: int


def talk(plain: str | Sequence[str], numbers: Numbers | None = None) -> Talk:
    """The words of a batch, or of its pieces; `numbers` is given by who keeps what it learnt."""
    numbers = Numbers() if numbers is None else numbers
    flow = plain.split(" ") if isinstance(plain, str) else plain
    places = _spelled(
        np.fromiter(map(numbers.__getitem__, flow), np.int64, len(flow)), numbers.phrases
    )
    ends = places == 0
    texts = np.cumsum(ends)
    return Talk(numbers.names, places[~ends], texts[~ends], int(texts[-1]))


def _spelled(places: Places, phrases: Sequence[Sequence[int]]) -> Places:
    """The same words with each phrase replaced by its own."""
    standing = np.flatnonzero(places < 0)
    if not len(standing):
        return places
    said = [phrases[-number - 1] for number in places[standing].tolist()]
    sizes = np.ones(len(places), np.int64)
    sizes[standing] = [len(words) for words in said]
    spelled = np.repeat(places, sizes)
    spelled[spelled < 0] = [word for words in said for word in words]
    return spelled


def grams(words: Sequence[str]) -> Grams:
    """The hashes of each word and of its runs of bytes."""
    if not words:
        return Grams(np.zeros(0, np.uint32), np.zeros(1, np.int64))
    encoded = [word.encode("utf-8", "replace") for word in words]
    buffer = np.frombuffer(b" " + b" ".join(encoded) + b" ", np.uint8).astype(np.uint64)
    lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
    first = np.concatenate(([0], np.cumsum(lengths + 1)))[:-1]  # the border before each word
    last = first + lengths + 1  # the border after it
    found, owners = [word_hashes(words)], [np.arange(len(words))]
    owner = np.repeat(np.arange(len(words)), lengths + 1)
    run = np.zeros(len(buffer), np.uint64)
    for size in range(1, LONGEST_RUN + 1):
        reach = len(buffer) - size + 1
        if reach <= 0:
            break
        run = run[:reach] * _FACTOR + buffer[size - 1 :]
        mine = owner[:reach]
        whole = np.arange(len(mine)) + size - 1 <= last[mine]
        found.append(_finish(run[: len(mine)][whole] + np.uint64(size)))
        owners.append(mine[whole])
    hashes, belongs = np.concatenate(found), np.concatenate(owners)
    order = np.argsort(belongs, kind="stable")
    starts = np.concatenate(([0], np.cumsum(np.bincount(belongs, minlength=len(words)))))
    return Grams(hashes[order], starts)


def word_hashes(words: Sequence[str]) -> Hashes:
    """One hash for each whole word."""
    sums = (crc32(word.encode("utf-8", "replace")) for word in words)
    return _finish(np.fromiter(sums, np.uint64, len(words)) + _NEIGHBOUR)


def _finish(raw: NDArray[np.uint64]) -> Hashes:
    raw = (raw ^ (raw >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    raw = (raw ^ (raw >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return (raw >> np.uint64(32)).astype(np.uint32)


def rows(batch: Talk) -> sparse.csr_matrix:
    """The batch as texts x known words, one count for each spoken word."""
    return _counts(batch.words, _starts(batch.texts, batch.size), len(batch.known))


class Pairs(NamedTuple):
    """The hashes of neighbours: those of text `i` lie at `starts[i]` up to `starts[i + 1]`."""

    hashes: Hashes
    starts: Places


def pair_hashes(hashes: Hashes, batch: Talk) -> Pairs:
    """One hash for every two neighbours of the batch; `hashes` are those of the known words."""
    left, right = batch.words[:-1], batch.words[1:]
    together = batch.texts[:-1] == batch.texts[1:]
    wide = hashes.astype(np.uint64)
    joined = _finish(wide[left[together]] * _NEIGHBOUR + wide[right[together]])
    return Pairs(joined, _starts(batch.texts[:-1][together], batch.size))


def pair_rows(found: Pairs, bits: int) -> sparse.csr_matrix:
    """Texts x 2**bits, one count for every two neighbours."""
    return _counts(buckets(found.hashes, bits), found.starts, 1 << bits)


def gram_rows(found: Grams, bits: int) -> sparse.csr_matrix:
    """Words x 2**bits, one count for every gram."""
    return _counts(buckets(found.hashes, bits), found.starts, 1 << bits)


def matrix(batch: Talk, bits: int, with_pairs: bool) -> sparse.csr_matrix:
    """The batch as texts x 2**bits counts, each row scaled by `scale`: what a head trains on."""
    features = rows(batch) @ gram_rows(grams(batch.known), bits)
    if with_pairs:
        features = features + pair_rows(pair_hashes(word_hashes(batch.known), batch), bits)
    return (sparse.diags(scales(batch, with_pairs)) @ features).tocsr()


def scales(batch: Talk, with_pairs: bool) -> NDArray[np.float32]:
    """The `scale` of each text of a batch."""
    counts = rows(batch) @ np.diff(grams(batch.known).starts).astype(np.float32)
    if with_pairs:
        pairs = batch.texts[:-1][batch.texts[:-1] == batch.texts[1:]]
        counts = counts + np.bincount(pairs, minlength=batch.size)
    return scale(counts)


def scale(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """What a text's sums are multiplied with, so that long and short texts weigh alike."""
    return (1 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)


def buckets(hashes: Hashes, bits: int) -> NDArray[np.int32]:
    """The place of each hash among 2**bits."""
    return (hashes >> np.uint32(32 - bits)).astype(np.int32)


def _starts(texts: Places, count: int) -> Places:
    return np.searchsorted(texts, np.arange(count + 1))


def _counts(columns: NDArray[np.integer], starts: Places, width: int) -> sparse.csr_matrix:
    ones = np.ones(len(columns), np.float32)
    return sparse.csr_matrix((ones, columns, starts), (len(starts) - 1, width))
