"""The labelled sets that models are trained and measured on, and what their licences allow.

Only sets whose licence lets trained weights be passed on are here. The texts themselves never enter
the repository: they are read from a data folder, found by argument, by BALAI_TEST_DATA or nearby.
"""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from balai.understanding.model import SetCard

NUSAX_LANGUAGES = {
    "indonesian": "ind", "javanese": "jav", "sundanese": "sun", "minangkabau": "min",
    "balinese": "ban", "acehnese": "ace", "banjarese": "bjn", "buginese": "bug",
    "madurese": "mad", "ngaju": "nij", "toba_batak": "bbc", "english": "eng",
}  # fmt: skip
_NUSATRANSLATION_LANGUAGES = {"jav": "jav", "sun": "sun", "min": "min", "mad": "mad", "btk": "bbc"}

NUSAX = SetCard("NusaX-senti", "CC BY-SA 4.0", 0, "IndoNLP/nusax, Winata et al. 2023 (EACL)")
SMSA = SetCard("IndoNLU SmSA", "Apache-2.0", 0, "IndoNLP/indonlu, Wilie et al. 2020 (AACL)")
NUSATRANSLATION = SetCard(
    "NusaTranslation sentiment", "Apache-2.0", 0, "IndoNLP/nusa-writes, Cahyawijaya et al. 2023"
)


class Example(NamedTuple):
    """A text with what is known of it; `language` is "" where it is none of ours."""

    text: str
    sentiment: str
    language: str


class NoDataError(RuntimeError):
    """The data folder is missing; the words say how to name one."""


def folder(given: Path | None = None) -> Path:
    """The folder of language sets: `given`, else BALAI_TEST_DATA, else ../shared/data; plus nlp."""
    checkout = Path(__file__).parents[3]
    named = os.environ.get("BALAI_TEST_DATA")
    root = given or (Path(named) if named else checkout.parent / "shared" / "data")
    if not (root / "nlp").is_dir():
        raise NoDataError(f"no folder nlp in {root}: name one by --data or BALAI_TEST_DATA")
    return root / "nlp"


def nusax(data: Path, split: str) -> list[Example]:
    """NusaX sentiment in twelve languages; `split` is train or valid."""
    return [
        Example(row["text"], row["label"], code)
        for name, code in NUSAX_LANGUAGES.items()
        for row in _rows(data / "nusax" / name / split)
    ]


def smsa(data: Path, split: str) -> list[Example]:
    """Indonesian reviews and posts, without the twins of NusaX's test sentences."""
    return [Example(r["text"], r["label"], "ind") for r in _rows(data / "indonlu" / "smsa" / split)]


def nusatranslation(data: Path, split: str) -> list[Example]:
    """Posts put into eleven languages by native writers; only positive and negative ones."""
    return [
        Example(row["text"], row["label"], _NUSATRANSLATION_LANGUAGES.get(row["lang"], ""))
        for row in _rows(data / "nusatranslation" / "senti" / split)
    ]


def without_twins(examples: list[Example], seen: list[Example]) -> list[Example]:
    """The examples that are no near twin of a text in `seen` (cosine of character runs below .5).

    NusaX was translated out of SmSA: a model that learns SmSA's twins of NusaX's validation
    sentences knows the answers beforehand.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    runs = TfidfVectorizer(analyzer="char", ngram_range=(5, 5))
    matrix = runs.fit_transform([example.text for example in examples])
    nearest = (matrix @ runs.transform([one.text for one in seen]).T).max(axis=1).toarray().ravel()
    return [one for one, near in zip(examples, nearest, strict=True) if near < 0.5]


def _rows(stem: Path) -> Iterator[dict[str, str]]:
    plain, packed = stem.with_suffix(".csv"), stem.with_suffix(".csv.gz")
    if packed.exists():
        with gzip.open(packed, "rt", encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)
    else:
        with plain.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)
