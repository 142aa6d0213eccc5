"""Names of private persons: where a text says that it names one, and of nobody who holds an office.

A word such as "atas nama" speaks for itself; after "Pak" or "saya" the name must begin with one
that many Indonesians bear. Officials, institutions and places are left alone where the words tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from balai.understanding.shapes import Span

_TITLE = r"(?:(?:bapak|bpk|bp|pak|ibu|bu|sdri?|tn|ny|nn|almh?|alm|anak|h|hj|dr|drs)\b\.?\s*)?"
_CLEAR = re.compile(
    r"\b(?:atas\s+nama|nama\s+(?:saya|sy|ibu|bapak|ayah|suami|istri|anak|lengkap|pelapor|pemohon"
    r"|siswa|pasien|pemilik|kepala keluarga)|a\.?\s?[n/]\.?n?\.|an[.:]|bernama|namanya"
    r"|perkenalkan(?:\s+nama)?(?:\s+(?:saya|sy|aku))?|sdri?\.|saudar[ai]|nama\s*[:=]|nama)"
    r"[\s:=.\-]{0,6}" + _TITLE,
    re.I,
)
_WEAK = re.compile(
    r"\b(?:saya|sy|aku|pak|bapak|bpk|bu|ibu|mbak|mas|tn|ny|nn|tetangga)\b[\s.,:(]{1,3}", re.I
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019`.][^\W\d_]+)*", re.UNICODE)
_BETWEEN = re.compile(r"[ \t.]{1,3}|,\s(?=[SsMm]\.)")
_MOST_WORDS = 4
_LONGEST_SHORTENED = 3
_NEARBY = 40  # code points around a name in which an office is looked for
_DIRECTLY = 20  # the same behind a name that somebody gives as his own
_VAGUE = re.compile(r"(?:nama|namanya|saudara|saudari)[^:=]*", re.I)
"""Cues that stand before many other things than a person's name."""
_SELF = re.compile(r"saya|sy|aku", re.I)

_OFFICE = re.compile(
    r"\b(?:walikota|wali\s*kota|wawali|wakil\s+wali|bupati|wabup|gubernur|wagub|presiden|wapres"
    r"|menteri|camat|lurah|kades|sekda|kadis|kepala\s+(?:dinas|bidang|badan|desa|sekolah)|dprd?"
    r"|kapolres\w*|kapolsek|kapolda|danramil|dirut|direktur|rektor|ketua\s+(?:dprd|dpr|partai))\b",
    re.I,
)


@cache
def _listed(file: str) -> frozenset[str]:
    text = resources.files(__package__).joinpath(file).read_text("utf-8")
    rows = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(" ".join(rows).split())


def _given() -> frozenset[str]:
    return _listed("given_names.txt")


def names(text: str) -> Iterator[Span]:
    """Every name that the words around it tell to be a private person's."""
    shouted = text.isupper()
    for match in _CLEAR.finditer(text):
        yield from _name(text, match, shouted, clear=True)
    for match in _WEAK.finditer(text):
        yield from _name(text, match, shouted, clear=False)


def _name(text: str, cue: re.Match[str], shouted: bool, *, clear: bool) -> Iterator[Span]:
    words = _words(text, cue.end())
    if not words:
        return
    first = words[0]
    known = first[0].lower() in _given()
    capital = first[0][0].isupper() and not shouted
    vague = _VAGUE.fullmatch(cue[0]) is not None
    if not known and not (clear and capital and not vague and len(first[0]) > 2):
        return
    if not clear and not _SELF.match(cue[0]) and len(words) == 1:
        return  # "Pak Budi" is how one speaks of anybody, also of an official
    start, end = first.start(), words[-1].end()
    if clear or _SELF.match(cue[0]):
        around = text[end : end + _DIRECTLY]
    else:
        around = (
            f"{text[max(0, cue.start() - _NEARBY // 2) : cue.start()]} {text[end : end + _NEARBY]}"
        )
    if not _OFFICE.search(around):
        yield Span("name", start, end)


def _words(text: str, at: int) -> list[re.Match[str]]:
    """The words of a name that begins here: as many as are written alike and can be one."""
    found: list[re.Match[str]] = []
    while len(found) < _MOST_WORDS:
        word = _WORD.match(text, at)
        if word is None or word[0].lower() in _listed("no_names.txt"):
            break
        if found and found[0][0][0].isupper() != word[0][0].isupper():
            break
        if found and not word[0][0].isupper() and word[0].lower() not in _given():
            break
        found.append(word)
        gap = _BETWEEN.match(text, word.end())
        if gap is None or ("." in gap[0] and len(word[0]) > _LONGEST_SHORTENED):
            break  # a full stop, unless it only shortens: "M. Yusuf", "Moh. Ali"
        at = gap.end()
    return found
