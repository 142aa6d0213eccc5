"""The areas of Indonesia: codes, names and what lies in what. Loaded once, on first use."""

from __future__ import annotations

import lzma
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec

from balai.understanding.places.words import HALVES
from balai.understanding.tagging.tokens import tokens

PROVINCE, REGENCY, DISTRICT, VILLAGE = range(4)
_KINDS = (
    "kabupaten administrasi ", "kota administrasi ", "kabupaten ", "kota ",
    "daerah khusus ibukota ", "daerah istimewa ",
)  # fmt: skip
_ENDS = 2, 5, 8  # of the codes of a province, a regency, a district: "35", "35.78", "35.78.10"
_LEAST_SPLIT = 8  # letters of a name that may be written in two


class Area(msgspec.Struct, frozen=True, gc=False):
    """One area: `code` and `name` as the Ministry of Home Affairs writes them.

    `level` is PROVINCE, REGENCY (cities too), DISTRICT or VILLAGE.
    """

    code: str
    name: str
    level: int

    @property
    def is_city(self) -> bool:
        """Whether a REGENCY is a city: its number is 71 or more (Permendagri 72/2019)."""
        return self.level == REGENCY and self.code[3:] >= "71"

    def holds(self, code: str) -> bool:
        """Whether the area of that code is this one or lies in it."""
        return code == self.code or code.startswith(self.code + ".")

    def holders(self) -> list[str]:
        """The codes of the areas that this one lies in, the province first."""
        return [self.code[:end] for end in _ENDS[: self.level]]


class Areas(NamedTuple):
    """All areas, by code and by plain name (lower-case words with one space between)."""

    names: dict[str, str]
    codes: dict[str, tuple[str, ...]]

    def named(self, name: str) -> tuple[Area, ...]:
        """Every area that bears this plain name."""
        return tuple(map(self.area, self.codes.get(name, ())))

    def area(self, code: str) -> Area:
        """The area of a code; KeyError where there is none."""
        return Area(code, self.names[code], code.count("."))


def plain(name: str) -> str:
    """A name as its words in lower case with one space between."""
    return " ".join(token.text.lower() for token in tokens(name) if token.text[0].isalnum())


@cache
def areas() -> Areas:
    """The table of areas with the names that people use for them."""
    packed = resources.files(__package__).joinpath("areas.txt.xz").read_bytes()
    names: dict[str, str] = {}
    codes: dict[str, tuple[str, ...]] = {}
    inside: list[str] = []
    for line in lzma.decompress(packed).decode().splitlines():
        if line.startswith("#"):
            continue
        row = line.lstrip("\t")
        depth = len(line) - len(row)
        own, _, name = row.partition(" ")
        inside[depth:] = [own]
        code = ".".join(inside)
        low = name.lower()
        low = low if low.isascii() and low.replace(" ", "").isalpha() else plain(name)
        if depth <= REGENCY:
            kind = next((kind for kind in _KINDS if low.startswith(kind)), "")
            low = low[len(kind) :].strip()
        names[code] = name.strip()
        codes[low] = (*codes[low], code) if low in codes else (code,)
    for code, name in _aliases():
        if code not in codes.get(name, ()):
            codes[name] = (*codes.get(name, ()), code)
    _add_spellings(codes)
    return Areas(names, codes)


def _aliases() -> list[tuple[str, str]]:
    text = resources.files(__package__).joinpath("aliases.txt").read_text("utf-8")
    rows = (line.partition(":") for line in text.splitlines() if line and line[0] != "#")
    return [(code, name.strip()) for code, _, names in rows for name in names.split(",")]


def _add_spellings(codes: dict[str, tuple[str, ...]]) -> None:
    """Names of two words also written as one, and the other way round."""
    for name, bearers in list(codes.items()):
        for other in _spellings(name):
            codes[other] = tuple(dict.fromkeys((*codes.get(other, ()), *bearers)))


def _spellings(name: str) -> list[str]:
    if name.count(" ") == 1 and len(name) > _LEAST_SPLIT:
        return [name.replace(" ", "")]
    if " " not in name and len(name) >= _LEAST_SPLIT:
        return [f"{name[:at]} {name[at:]}" for at in range(4, len(name) - 2) if name[at:] in HALVES]
    return []
