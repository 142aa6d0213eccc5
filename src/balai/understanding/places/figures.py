"""Measures the finding of places for docs/models.md; never imported by serving."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from balai.understanding.places.areas import DISTRICT, PROVINCE, REGENCY, VILLAGE, Area, areas
from balai.understanding.places.finding import Finder
from balai.understanding.places.naming import names_tagger
from balai.understanding.shapes import Context
from balai.understanding.tagging import marked

_MANY = 600  # areas of each kind of sentence, or all where there are fewer
_SEED = 20261122
_SECTION = """\
## Places and names

The list of areas is official (Kepmendagri 300.2.2-2138 and 300.2.2-2430 of 2025: 38 provinces, 514
regencies and cities, 7,285 districts, 83,762 villages). Words that name a place without a code,
such as streets, landmarks and places abroad, are found by a tagger trained on
{sets}.

| stretches with both ends right, F1 | places | published, all kinds of NERP together |
|---|---|---|
{tagged}

The splits are not alike: on every eighth training text of NERP, held back from training, the tagger
reaches 81.1 (`python -m balai.understanding.places.training FOLDER --held-back`).

| an area drawn at random, in a sentence of ours | code right | right or an alternative |
|---|---|---|
{coded}

Six hundred areas a row, or all where there are fewer. The sentences test the list and the choice
between bearers of a name, not the many ways in which people write; names that are ordinary words
("Batu", "Metro") stay untold without a prefix or context.
`p` is the tagger's; a place that only the list of names tells carries none.
"""
_PUBLISHED = {"nerp": "46.8 (fastText-indo4b), 79.3 (IndoBERT large)"}


class Asked(NamedTuple):
    """A kind of sentence: the level of the area in it, and whether the institution's is known."""

    title: str
    level: int
    sentence: Callable[[Area], str]
    at_home: bool = False


class Answered(NamedTuple):
    """How often the code was right, and how often it was at least among the alternatives."""

    title: str
    right: float
    told: float


def _bare(area: Area) -> str:
    for kind in ("Kabupaten Administrasi ", "Kota Administrasi ", "Kabupaten ", "Kota ",
                 "Daerah Khusus Ibukota ", "Daerah Istimewa "):  # fmt: skip
        if area.level <= REGENCY and area.name.startswith(kind):
            return area.name[len(kind) :]
    return area.name


def _in(area: Area, level: int) -> str:
    return _bare(areas().area(".".join(area.code.split(".")[: level + 1])))


def _regency(area: Area) -> str:
    code = area.code[:5]
    return f"{'Kota' if areas().area(code).is_city else 'Kab.'} {_in(area, REGENCY)}"


ASKED = (
    Asked("village, district and regency", VILLAGE, lambda area: (
        f"Banjir di Desa {_bare(area)}, Kecamatan {_in(area, DISTRICT)}, {_regency(area)}")),
    Asked("village and regency, small letters", VILLAGE, lambda area: (
        f"jalan rusak di ds {_bare(area)} {_regency(area)} mohon diperbaiki".lower())),
    Asked("village, written to its regency", VILLAGE, lambda area: (
        f"lampu mati di kelurahan {_bare(area)} sudah seminggu"), at_home=True),
    Asked("the same without the word kelurahan", VILLAGE, lambda area: (
        f"lampu mati di {_bare(area)} sudah seminggu"), at_home=True),
    Asked("district and regency", DISTRICT, lambda area: (
        f"Pelayanan kec. {_bare(area)} {_regency(area)} lambat")),
    Asked("district and province, small letters", DISTRICT, lambda area: (
        f"kecamatan {_bare(area)}, {_in(area, PROVINCE)} gempa".lower())),
    Asked("bare district, written to its regency", DISTRICT, lambda area: (
        f"air mati di {_bare(area)} dari pagi".lower()), at_home=True),
    Asked("regency or city", REGENCY, lambda area: f"warga {_regency(area)} mengeluh"),
    Asked("its bare name, small letters", REGENCY, lambda area: (
        f"macet di {_bare(area)} pagi ini".lower())),
    Asked("province, small letters", PROVINCE, lambda area: (
        f"banjir di {_bare(area)} makin parah".lower())),
)  # fmt: skip


def codes(asked: Asked) -> Answered:
    """How often areas drawn at random are told with the right code."""
    of_level = [code for code in areas().names if code.count(".") == asked.level]
    drawn = random.Random(_SEED).sample(of_level, min(_MANY, len(of_level)))  # noqa: S311
    contexts = [Context(area=code[:5]) if asked.at_home else None for code in drawn]
    found = Finder().find([asked.sentence(areas().area(code)) for code in drawn], contexts)
    right = told = 0
    for place, code in enumerate(drawn):
        places = found.get(place, ())
        first = any(one.code == code for one in places)
        right += first
        told += first or any(other.code == code for one in places for other in one.alternatives)
    return Answered(asked.title, right / len(drawn), told / len(drawn))


def stretches(data: Path, name: str) -> float:
    """F1 of places on the validation texts of a set, as the door tells them."""
    texts = marked.read(data, name, "valid")
    found = Finder().find([one.text for one in texts])
    mine = [{(o.start, o.end) for o in found.get(at, ())} for at in range(len(texts))]
    gold = [{(start, end) for start, end, kind in one.marks if kind == "PLC"} for one in texts]
    return marked.f1(mine, gold)


def section(data: Path) -> str:
    """The part of docs/models.md on places; `data` is the folder nlp."""
    tagged = [
        f"| {name} valid | {100 * stretches(data, name):.1f} | {_PUBLISHED.get(name, '')} |"
        for name in marked.FOLDERS
    ]
    coded = [
        f"| {one.title} | {100 * one.right:.1f} | {100 * one.told:.1f} |"
        for one in map(codes, ASKED)
    ]
    return _SECTION.format(
        sets=", ".join(names_tagger().card.trained_on),
        tagged="\n".join(tagged),
        coded="\n".join(coded),
    )
