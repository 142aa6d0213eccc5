"""Texts with marked places and persons: what the tagger is trained and measured on."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from balai.understanding.packs import SetCard
from balai.understanding.tagging.tokens import Numbers, Token, tokens

NERP = SetCard("IndoNLU NERP", "Apache-2.0", 0, "IndoNLP/indonlu, Wilie et al. 2020 (AACL)")
NERGRIT = SetCard("IndoNLU NERGrit", "Apache-2.0", 0, "IndoNLP/indonlu, Wilie et al. 2020 (AACL)")
IDNER = SetCard("IDNER news 2k", "MIT", 0, "khairunnisaor/idner-news-2k, Khairunnisa et al. 2020")

FOLDERS = {"nerp": "indonlu/nerp", "nergrit": "indonlu/nergrit", "idner": "idner_news_2k"}
LABELS = ("O", "B-PLC", "I-PLC", "B-PPL", "I-PPL")
_KINDS = {
    "PLC": "PLC", "PLACE": "PLC", "LOC": "PLC", "PPL": "PPL", "PERSON": "PPL", "PER": "PPL",
}  # fmt: skip


class Marked(NamedTuple):
    """A text and its marked stretches: (start, end, PLC or PPL), in code points."""

    text: str
    marks: tuple[tuple[int, int, str], ...]


def read(data: Path, name: str, split: str) -> list[Marked]:
    """The texts of a set in `FOLDERS`; its words stand with one space between."""
    path = data / FOLDERS[name] / f"{split}.csv"
    path = path if path.exists() else path.with_suffix(".csv.gz")
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as rows:
        return [
            _marked(json.loads(row["tokens"]), json.loads(row["tags"]))
            for row in csv.DictReader(rows)
        ]


def _marked(words: list[str], tags: list[str]) -> Marked:
    marks: list[tuple[int, int, str]] = []
    at, before = 0, ""
    for word, tag in zip(words, tags, strict=True):
        kind = _KINDS.get(tag[2:], "")
        if kind and tag[0] == "I" and before == tag[2:]:
            marks[-1] = (marks[-1][0], at + len(word), kind)
        elif kind:
            marks.append((at, at + len(word), kind))
        before = tag[2:]
        at += len(word) + 1
    return Marked(" ".join(words), tuple(marks))


def labelled(one: Marked) -> tuple[list[Token], Numbers]:
    """The tokens of a text and the number of each one's label."""
    words = tokens(one.text)
    labels = np.zeros(len(words), np.int64)
    for start, end, kind in one.marks:
        inside = [at for at, word in enumerate(words) if start <= word.start and word.end <= end]
        for at in inside:
            labels[at] = LABELS.index(f"{'B' if at == inside[0] else 'I'}-{kind}")
    return words, labels


def f1(found: Sequence[set[tuple[int, int]]], gold: Sequence[set[tuple[int, int]]]) -> float:
    """F1 of stretches that must agree in both ends, between 0 and 1."""
    right = sum(len(one & other) for one, other in zip(found, gold, strict=True))
    told = sum(map(len, found)) + sum(map(len, gold))
    return 2 * right / told if told else 0.0
