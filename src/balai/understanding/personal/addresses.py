"""House addresses: where somebody lives, not the street that somebody complains about.

A street alone is no personal data. It becomes one with a word that says whose it is ("alamat",
"rumah saya di") or with a house number beside somebody's name or number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from balai.understanding.shapes import Span

_ROMAN = r"[IVXivx]{1,4}"
_NUMBER = rf"\d{{1,4}}(?:\s?[/\-]\s?(?:{_ROMAN}|\d{{1,4}}|[A-Za-z]))*\s?[A-Za-z]?\b"
_HOUSE = rf"(?:no(?:mor|mer)?\b[\s.:]*{_NUMBER}|blok\s+\w{{1,4}}(?:\s*[/\-]\s*\w{{1,4}})?)"
_ESTATE = r"(?:rt|rw)\b[\s.:]*\d{1,3}(?:\s*/\s*(?:rw\b[\s.:]*)?\d{1,3})?"
_STREET = r"\b(?:jl|jln|jalan|gg|gang|dsn|dusun|kp|kampung|perum|perumahan|komplek|kompleks)\b"
_WORDS = r"[\s.]*(?:[^\W_][\w'\-]*\.?[ \t]+){0,5}?"
_FULL = re.compile(
    rf"{_STREET}{_WORDS}(?:[^\W_][\w'\-]*)?[\s,.]*?{_HOUSE}(?:[\s,.]*{_ESTATE}){{0,2}}", re.I
)
_LABEL = re.compile(
    r"\b(?:alamat(?:nya)?(?:\s+(?:saya|sy|rumah|ktp|lengkap|asal|domisili|tinggal|di|sesuai|kami))*"
    r"|(?:tinggal|bertempat|berdomisili|domisili|beralamat(?:kan)?)\s+di"
    r"|rumah\s+(?:saya|sy|kami)\s+di)\b[\s:=.\-]{0,5}",
    re.I,
)
_AFTER_LABEL = re.compile(
    rf"(?:(?:{_STREET}\.?\s*)?(?:[^\W_][\w'\-]*\.?[ \t,]+){{0,5}}?"
    rf"(?:{_HOUSE}|{_ESTATE}|[^\W\d_][\w'\-]*[ \t]+\d{{1,3}}[A-Za-z]?\s?/\s?\d{{1,4}}[A-Za-z]?)"
    rf"(?:[\s,.]*(?:{_HOUSE}|{_ESTATE})){{0,3}})",
    re.I,
)
_NO_ADDRESS = re.compile(
    r"(?:wilayah|pengurus|ketua|tgl|tanggal|pada|jam|pukul|tahun|sekolah|alamat)\b", re.I
)
_NO_HOUSE = re.compile(r"\W*(?:r[tw]\b[\s.:]*[\d\s/]*)+", re.I)
_LONGEST = 120  # code points of an address


def addresses(text: str, *, beside_person: bool) -> Iterator[Span]:
    """Every house address; `beside_person`: the text also holds a person's name or number."""
    for label in _LABEL.finditer(text):
        found = _AFTER_LABEL.match(text, label.end(), label.end() + _LONGEST)
        if found and not _NO_ADDRESS.search(found[0]) and not _NO_HOUSE.fullmatch(found[0]):
            yield _span(found)
    if beside_person:
        for street in re.finditer(_STREET, text, re.I):
            found = _FULL.match(text, street.start(), street.start() + _LONGEST)
            if found:
                yield _span(found)


def _span(found: re.Match[str]) -> Span:
    return Span("address", found.start(), found.start() + len(found[0].rstrip(" \t.,")))
