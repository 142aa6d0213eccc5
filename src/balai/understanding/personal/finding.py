"""Personal data of a batch: scan all, look closely at the few, tell only what is confirmed."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from balai.understanding.personal.marks import mails, plates
from balai.understanding.personal.numbers import numbers
from balai.understanding.personal.scanning import MAIL, NUMBER, PLATE, Scanner, best
from balai.understanding.shapes import Context, Span
from balai.understanding.words import LONGEST_TEXT

Spans = tuple[Span, ...]

# Digits of other scripts, full-width forms and marks that cannot be seen, all used to hide numbers.
_ODD = re.compile(
    r"[\u00a0\u00ad\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u2000-\u206f\ufeff"
    r"\uff01-\uff5e\ua9d0-\ua9d9]"
)


class Finder:
    """Finds personal data; made once, used by all."""

    def __init__(self, scanner: Scanner | None = None) -> None:
        self._scanner = scanner or best()

    def find(
        self, texts: Sequence[str], contexts: Sequence[Context | None] | None = None
    ) -> dict[int, Spans]:
        """The spans of each text that has any, by its place, in reading order, none overlapping."""
        views = [level(text[:LONGEST_TEXT]) for text in texts]
        encoded = [view.encode("utf-8", "replace") for view in views]
        ends = list(accumulate(len(one) + 1 for one in encoded))
        kinds: dict[int, set[int]] = {}
        for kind, place in self._scanner.scan(b"\n".join(encoded)):
            kinds.setdefault(bisect_right(ends, place), set()).add(kind)
        found: dict[int, Spans] = {}
        for place, wanted in kinds.items():
            context = contexts[place] if contexts else None
            if spans := _apart(_confirmed(views[place], wanted, context)):
                found[place] = spans
        return found


def level(text: str) -> str:
    """The text with every digit and sign in its plain form, code point for code point."""
    if text.isascii() or not _ODD.search(text):
        return text
    return _ODD.sub(_plain, text)


def _plain(match: re.Match[str]) -> str:
    sign = match[0]
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.digit(sign))
    if "\uff01" <= sign <= "\uff5e":
        return chr(ord(sign) - 0xFEE0)
    return "-" if unicodedata.category(sign) == "Pd" else " "


def _confirmed(text: str, kinds: set[int], context: Context | None) -> Iterator[Span]:
    if MAIL in kinds:
        yield from mails(text)
    if NUMBER in kinds:
        yield from numbers(text, context.area_code if context else "")
    if PLATE in kinds:
        yield from plates(text)


def _apart(spans: Iterator[Span]) -> Spans:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)
