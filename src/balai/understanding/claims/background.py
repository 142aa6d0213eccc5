"""How common words are in what people post, whatever the claims are about.

A word that few claims have may still be a word that everybody writes ("banget", "guys"): that a
post says it too means little. The table is a count over sets whose licence allows it, kept in ten
levels, from 0 (in half of all posts) to 9 (in one of ten thousand).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from balai.understanding.claims.spoken import words_of

LEVELS = 10
_FEWEST = 10  # posts that must say a word before it is in the table; others count as rare


def strangeness(words: Sequence[str]) -> NDArray[np.float32]:
    """For each word, 1 where posts hardly ever have it, towards 0 the more they do."""
    table = _table()
    levels = np.fromiter((table.get(word, LEVELS) for word in words), np.float32, len(words))
    return ((levels + np.float32(0.5)) / np.float32(LEVELS + 0.5)) ** np.float32(0.75)


def counted(texts: Iterable[str]) -> str:
    """The table of these posts, as it is kept in `background.txt`."""
    heard: Counter[str] = Counter()
    posts = 0
    for text in texts:
        heard.update(set(words_of(text)))
        posts += 1
    levels: list[list[str]] = [[] for _ in range(LEVELS)]
    for word, count in heard.items():
        if count >= _FEWEST and not word[0].isdigit():
            rare = math.log(posts / count) / math.log(posts / _FEWEST)
            levels[min(LEVELS - 1, int(rare * LEVELS))].append(word)
    return "".join(f"{level} {' '.join(sorted(words))}\n" for level, words in enumerate(levels))


@cache
def _table() -> dict[str, int]:
    lines = resources.files(__package__).joinpath("background.txt").read_text("utf-8")
    found = {}
    for line in lines.splitlines():
        level, *words = line.split()
        found.update(dict.fromkeys(words, int(level)))
    return found
