"""Citizens' words for the page: personal data covered until it is opened. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from balai.ground.plain import plain_text
from balai.understanding.reading import Span, mask

LONGEST_SHOWN = 6_000  # characters of one message on the page; the rest is asked for


_NUMBERS = re.compile(r"\+?\d(?:[\d .\-]{3,}\d)")
_ADDRESS = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")


class Piece(NamedTuple):
    """A stretch of a text; a marked one stands for personal data."""

    text: str
    is_mark: bool = False


def pieces(text: str, spans: Iterable[Mapping[str, Any]], *, opened: bool) -> list[Piece]:
    """The text for the page: personal data covered, or marked where it was opened."""
    found: list[Piece] = []
    at = 0
    for start, end, kind in sorted(_places(spans)):
        start, end = max(start, at), min(end, len(text))
        if start >= end:
            continue
        found.append(Piece(plain_text(text[at:start])))
        piece = text[start:end]
        shown = piece if opened else mask(piece, [Span(kind, 0, len(piece))])
        found.append(Piece(plain_text(shown), is_mark=True))
        at = end
    found.append(Piece(plain_text(text[at:])))
    return [piece for piece in found if piece.text]


def careful(text: str) -> str:
    """A short text that nobody scanned (a subject, a file's name) without numbers and addresses."""
    return _NUMBERS.sub(lambda m: f"[..{m[0][-2:]}]", _ADDRESS.sub("[@]", text))


def _places(spans: Iterable[Mapping[str, Any]]) -> Iterable[tuple[int, int, str]]:
    return ((int(span["start"]), int(span["end"]), str(span["kind"])) for span in spans)
