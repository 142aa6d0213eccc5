"""The words that claims are made of, and which of them look alike.

"memakan" and "dimakan", "Afganistan" and "Afghanistan": two words are as alike as the share of
runs of three letters that they have in common (Dice's coefficient), borders included.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

LEAST_ALIKE = 0.5
_GRAM = 3
_BITS = 18
_REMEMBERED = 100_000
_AT_ONCE = 256
_TAIL = 0.2  # words that came since the table was made, as a share of it, before it is made anew

Alike = tuple[NDArray[np.int32], NDArray[np.float32]]


class Vocabulary:
    """Numbers words in the order of first sight; numbers are never given twice."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._numbers: dict[str, int] = {}
        self._tables: list[_Table] = []
        self._ready = 0  # words that are in a table
        self._known: dict[str, Alike] = {}

    def __len__(self) -> int:
        return len(self.words)

    def learn(self, words: Sequence[str]) -> list[str]:
        """Number these words in their order; raises ValueError where one comes twice."""
        self.numbers(words)
        if len(self.words) != len(words):
            raise ValueError("a vocabulary must be learnt whole, each word once")
        return self.words

    def numbers(self, words: Sequence[str]) -> list[int]:
        """The numbers of words, new ones for those that were never seen."""
        found = []
        for word in words:
            number = self._numbers.get(word)
            if number is None:
                number = self._numbers[word] = len(self.words)
                self.words.append(word)
            found.append(number)
        return found

    def alike(self, words: Sequence[str]) -> list[Alike]:
        """For each word the numbers of words like it, and how like (itself: 1)."""
        if self._ready < len(self.words) or len(self._known) > _REMEMBERED:
            self._settle()
            self._known = {}
        new = [word for word in dict.fromkeys(words) if word not in self._known]
        for place in range(0, len(new), _AT_ONCE):
            here = new[place : place + _AT_ONCE]
            self._known.update(zip(here, self._look(here), strict=True))
        return [self._known[word] for word in words]

    def _settle(self) -> None:
        """Put the words that came since into tables; small tables melt into big ones."""
        first = self._ready
        while self._tables and self._tables[-1].size * _TAIL < len(self.words) - first:
            first -= self._tables.pop().size
        if first < len(self.words):
            self._tables.append(_Table(self.words[first:], first))
        self._ready = len(self.words)

    def _look(self, words: list[str]) -> list[Alike]:
        grams = _grams(words)
        parts = [table.alike(grams) for table in self._tables]
        found = []
        for place, word in enumerate(words):
            numbers = np.concatenate([part[place][0] for part in parts] or [_NO_NUMBERS])
            likeness = np.concatenate([part[place][1] for part in parts] or [_NO_LIKENESS])
            if word[:1].isdigit():  # 25 is not like 250
                same = np.array([self.words[n] == word for n in numbers.tolist()], np.bool_)
                numbers, likeness = numbers[same], likeness[same]
            found.append((numbers, likeness))
        return found


class _Table:
    """The runs of letters of some words, the first of which has the number `first`."""

    def __init__(self, words: Sequence[str], first: int) -> None:
        self.size = len(words)
        self._first = first
        grams = _grams(words)
        self._counts = np.diff(grams.indptr).astype(np.float32)
        self._by_gram = grams.T.tocsr()

    def alike(self, grams: sparse.csr_matrix) -> list[Alike]:
        common = (grams @ self._by_gram).tocsr()
        rows = np.repeat(np.arange(common.shape[0]), np.diff(common.indptr))
        mine = np.diff(grams.indptr).astype(np.float32)
        likeness = 2 * common.data / (mine[rows] + self._counts[common.indices])
        near = likeness >= LEAST_ALIKE
        rows, numbers, likeness = rows[near], common.indices[near], likeness[near]
        order = np.lexsort((numbers, rows))
        starts = np.searchsorted(rows[order], np.arange(common.shape[0] + 1)).tolist()
        numbers = (numbers[order] + self._first).astype(np.int32)
        likeness = likeness[order].astype(np.float32)
        return [(numbers[a:b], likeness[a:b]) for a, b in pairwise(starts)]


def _grams(words: Sequence[str]) -> sparse.csr_matrix:
    """Words x runs of letters, 1 for each different run."""
    columns: list[int] = []
    starts = [0]
    for word in words:
        framed = f"^{word}$"
        runs = {_place(framed[n : n + _GRAM]) for n in range(len(framed) - _GRAM + 1)}
        columns += sorted(runs)
        starts.append(len(columns))
    ones = np.ones(len(columns), np.float32)
    return sparse.csr_matrix(
        (ones, np.array(columns, np.int32), np.array(starts, np.int64)),
        (len(words), 1 << _BITS),
    )


def _place(run: str) -> int:
    """A place of three letters; different runs of small Latin letters never share one."""
    a, b, c = (ord(letter) & 63 for letter in run)
    return a << 12 | b << 6 | c


_NO_NUMBERS = np.zeros(0, np.int32)
_NO_LIKENESS = np.zeros(0, np.float32)
