"""Tokens of texts and the numbers that stand for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Hashes = NDArray[np.uint64]

_TOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*|[^\w\s]")
_JOINED = re.compile(r"\S[^\w\s]\S")
_MIX = np.uint64(0x9E3779B97F4A7C15)
_BETWEEN = "."  # stands for what was passed over
LONGEST_NAME = 4  # words of a name in the lists
MOST_TOKENS = 400
"""Tokens of a text that are looked at; places and names beyond them are left to the gazetteer."""


class Token(NamedTuple):
    """A word or a sign, and where it stands in its text (code points)."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The first `MOST_TOKENS` words and signs of a text."""
    found = []
    for match in _TOKEN.finditer(text):
        found.append(Token(match[0], *match.span()))
        if len(found) == MOST_TOKENS:
            break
    return found


class Tokens:
    """The words and signs in some passages of a text, a full stop between two passages.

    `words` are as written, `low` in small letters; where they stand is found only when asked for.
    """

    __slots__ = ("_joined", "_passages", "_spans", "_text", "low", "words")

    def __init__(self, text: str, passages: Sequence[tuple[int, int]]) -> None:
        self._text, self._passages = text, passages
        self._spans: list[tuple[int, int]] = []
        self._joined: bool | None = None
        words: list[str] = []
        for start, end in passages:
            if words:
                words.append(_BETWEEN)
            words += _TOKEN.findall(text, start, end)
            if len(words) >= MOST_TOKENS:
                del words[MOST_TOKENS:]
                break
        self.words = words
        self.low = [word.lower() for word in words]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the words from `first` to `last` begin and end, in code points of the text."""
        spans = self._found()
        return spans[first][0], spans[last][1]

    def touches(self, at: int) -> bool:
        """Whether no space parts a token from the ones before and behind it."""
        if not 0 < at < len(self.words) - 1 or not self._is_joined():
            return False
        spans = self._found()
        return spans[at - 1][1] == spans[at][0] and spans[at][1] == spans[at + 1][0]

    def _is_joined(self) -> bool:
        """Whether any sign of the text stands between two others; most texts have none."""
        if self._joined is None:
            self._joined = _JOINED.search(self._text) is not None
        return self._joined

    def _found(self) -> list[tuple[int, int]]:
        if not self._spans:
            for start, end in self._passages:
                if self._spans:
                    self._spans.append((start, start))
                self._spans += [match.span() for match in _TOKEN.finditer(self._text, start, end)]
                if len(self._spans) >= MOST_TOKENS:
                    break
        return self._spans


def number(name: str) -> int:
    """A fixed 64-bit number for a string: the same in every process and on every machine."""
    return int.from_bytes(
        blake2b(name.encode("utf-8", "replace"), digest_size=8).digest(), "little"
    )


def numbers(names: Sequence[str]) -> Hashes:
    """The numbers of many strings."""
    return np.fromiter(map(number, names), np.uint64, len(names))


def joined(left: Hashes, right: Hashes) -> Hashes:
    """The number of two neighbours; of three and more by joining again."""
    mixed = (left ^ (left >> np.uint64(29))) * _MIX + right
    return np.asarray(mixed ^ (mixed >> np.uint64(32)), np.uint64)
