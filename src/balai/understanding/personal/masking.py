"""Covers personal data so that a text can still be read, answered and filed."""

from __future__ import annotations

from collections.abc import Iterable

from balai.understanding.shapes import Span

_SHOWN = 2  # the last signs stay: two numbers in one text can be told apart, none can be dialled


def mask(text: str, spans: Iterable[Span]) -> str:
    """The text with every span replaced by its kind and its last two signs: `[NIK ..69]`.

    Spans may come in any order and overlap; what lies outside the text is ignored.
    """
    parts: list[str] = []
    at = 0
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        start, end = max(span.start, at), min(span.end, len(text))
        if start < end:
            parts += [text[at:start], f"[{span.kind.upper()} ..{text[end - _SHOWN : end]}]"]
            at = end
    return "".join((*parts, text[at:]))
