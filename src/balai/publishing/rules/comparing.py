"""What changed between two versions of a text, word by word."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

LONGEST_COMPARED = 20_000  # characters; longer texts are shown one after the other
_WORD = re.compile(r"\s+|[^\s]+")


class Piece(NamedTuple):
    """Words that stayed (`same`), went (`gone`) or came (`new`)."""

    kind: str
    text: str


def compared(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in order. `same` and `gone` make up the text before, `same` and
    `new` the text after."""
    if len(before) + len(after) > LONGEST_COMPARED:
        return [Piece(kind, text) for kind, text in (("gone", before), ("new", after)) if text]
    one, other = _WORD.findall(before), _WORD.findall(after)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(one[a:b])))
            continue
        if b > a:
            pieces.append(Piece("gone", "".join(one[a:b])))
        if d > c:
            pieces.append(Piece("new", "".join(other[c:d])))
    return pieces
