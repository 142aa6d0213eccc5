"""E-mail addresses and licence plates of one text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from balai.understanding.shapes import Span

_MAIL = re.compile(
    r"[A-Za-z0-9_+\-][A-Za-z0-9_.+\-]{0,63}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{2,24}){1,4}"
)
_PLATE = re.compile(r"\b([A-Z]{1,2})[ .\-]?(\d{1,4})[ .\-]?([A-Z]{1,3})\b")
_LABELLED = re.compile(
    r"\b(?:no\.? ?pol(?:isi)?|plat|pelat)\b[^\d\n]{0,20}?"
    r"\b([a-z]{1,2})[ .\-]?(\d{1,4})[ .\-]?([a-z]{1,3})\b",
    re.I,
)

# Letters of the registration areas (Perkapolri 5/2012 and its changes).
_LETTERS = (
    "A B D E F G H K L M N P R S T W Z AA AB AD AE AG BA BB BD BE BG BH BK BL BM BN BP DA DB DC "
    "DD DE DG DH DK DL DM DN DP DR DS DT DW EA EB ED KB KH KT KU PA PB PG PS PT PY"
)
_AREAS = frozenset(_LETTERS.split())


def mails(text: str) -> Iterator[Span]:
    """Every e-mail address."""
    for match in _MAIL.finditer(text):
        yield Span("email", *match.span())


def plates(text: str) -> Iterator[Span]:
    """Every licence plate: with its label in any spelling, without one in capitals and in full."""
    labelled = [(match.start(1), match.end(3)) for match in _LABELLED.finditer(text)]
    for start, end in labelled:
        yield Span("plate", start, end)
    for match in _PLATE.finditer(text):
        full = len(match[2]) >= 3 and len(match[3]) >= 2
        if full and match[1] in _AREAS and match.span() not in labelled:
            yield Span("plate", *match.span())
