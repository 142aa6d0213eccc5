"""What is known of each token: its own form, its neighbours', and the lists of names it stands in.

Every trait of a token is a 64-bit number with one weight a label. Traits of a word alone (its form,
beginning, end, capitals) are the same wherever it stands, so they are summed once for each distance
from which a neighbour may look at it; only pairs and names of several words depend on the place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from balai.understanding.tagging.lists import Filter
from balai.understanding.tagging.tokens import LONGEST_NAME, Hashes, Numbers, joined, number

REACH = (-2, -1, 0, 1, 2)
"""How far a token looks: the distances of the words whose traits it is given."""
SEEN_FROM = (2, 1, 0)
"""The farthest distances from which the three parts of `shown` are seen."""
LIST_REACH = (-1, 0, 1)
_EDGE = "\x02"  # stands before the first and after the last token
_DIGITS = re.compile(r"\d")


def traits(word: str, distance: int, groups: Sequence[int] = ()) -> list[int]:
    """The numbers of what a word shows to a token `distance` words away.

    `groups` are the groups of like words that it belongs to, from coarse to fine.
    """
    seen_from = zip(shown(word, groups), SEEN_FROM, strict=True)
    return [
        number(f"{distance}:{trait}")
        for mine, far in seen_from
        if abs(distance) <= far
        for trait in mine
    ]


def shown(word: str, groups: Sequence[int] = ()) -> tuple[list[str], list[str], list[str]]:
    """What a word shows by itself: to those two words away, to its neighbours, to itself alone."""
    low = word.lower()
    size = len(low)
    far = [f"w={_DIGITS.sub('0', low)}", f"c={_capitals(word)}"]
    far += [f"k{at}={group}" for at, group in enumerate(groups)]
    near = [f"s{cut}={low[-cut:]}" for cut in (2, 3, 4) if size > cut]
    near += [f"p{cut}={low[:cut]}" for cut in (3, 4) if size > cut]
    own = [f"s1={low[-1:]}", f"p2={low[:2]}", f"l={min(size, 12)}"]
    grams = f"<{low}>"
    own += [f"g={grams[at : at + 4]}" for at in range(min(size - 1, 16))]
    return far, near, own


def _capitals(word: str) -> str:
    if not word[:1].isalpha():
        return "digits" if word.isdigit() else "sign"
    if word.islower():
        return "lower"
    if word.isupper():
        return "upper" if len(word) > 1 else "letter"
    return "title" if word[0].isupper() else "mixed"


def edge(distance: int) -> list[int]:
    """What the end of a text shows to a token `distance` words away."""
    return [number(f"{distance}:{_EDGE}")]


def pairs(words: Hashes, texts: Numbers) -> tuple[Hashes, Hashes]:
    """For each token the number of its pair with the left and with the right neighbour, 0 if none.

    `words` are the numbers of the tokens in lower case, `texts` say whose each token is.
    """
    left = np.zeros(len(words), np.uint64)
    right = np.zeros(len(words), np.uint64)
    if len(words) > 1:
        both = joined(words[:-1], words[1:])
        same = texts[:-1] == texts[1:]
        left[1:][same] = both[same] ^ np.uint64(1)
        right[:-1][same] = both[same] ^ np.uint64(2)
    return left, right


def listed(
    words: Hashes, texts: Numbers, names: Filter, kinds: NDArray[np.uint8]
) -> NDArray[np.uint16]:
    """For each token the lists it stands in: 8 bits for a name's first word, 8 for the others.

    `names` are the numbers of all listed names, `kinds` the lists of each, one bit a list.
    A name of several words counts for all its words, also where shorter names lie within.
    """
    found = np.zeros(len(words), np.uint16)
    run = words
    for size in range(1, LONGEST_NAME + 1):
        if size > 1:
            run = joined(run[:-1], words[size - 1 :])
        if not len(run):
            break
        starts, places = names.places(run)
        whole = texts[starts] == texts[starts + size - 1]
        starts, bits = starts[whole], kinds[places[whole]].astype(np.uint16)
        found[starts] |= bits
        for step in range(1, size):
            found[starts + step] |= bits << np.uint16(8)
    return found


def list_traits(bits: int, distance: int) -> list[int]:
    """What a token with these bits of `listed` shows to one `distance` words away."""
    shown = [f"all={bits}", *(f"one={at}" for at in range(16) if bits >> at & 1)]
    return [number(f"{distance}:list:{trait}") for trait in shown] if bits else []
