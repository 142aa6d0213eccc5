"""The labelled sets that models are trained and measured on, and what their licences allow.

Only sets whose licence lets trained weights be passed on are here. The texts themselves never enter
the repository: they are read from a data folder, found by argument, by BALAI_TEST_DATA or nearby.
"""

from __future__ import annotations

import csv
import gzip
import os
from collections import defaultdict
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from balai.understanding.packs import SetCard

NUSAX_LANGUAGES = {
    "indonesian": "ind", "javanese": "jav", "sundanese": "sun", "minangkabau": "min",
    "balinese": "ban", "acehnese": "ace", "banjarese": "bjn", "buginese": "bug",
    "madurese": "mad", "ngaju": "nij", "toba_batak": "bbc", "english": "eng",
}  # fmt: skip
_PAIRED = ("bew", "btk", "jav", "mad", "mak", "min", "sun")
_NUSATRANSLATION_LANGUAGES = {"jav": "jav", "sun": "sun", "min": "min", "mad": "mad", "btk": "bbc"}

OURS = "CC0 1.0"
ENGLISH = "lexicons/english.txt"
NUSAX = SetCard("NusaX-senti", "CC BY-SA 4.0", 0, "IndoNLP/nusax, Winata et al. 2023 (EACL)")
SMSA = SetCard("IndoNLU SmSA", "Apache-2.0", 0, "IndoNLP/indonlu, Wilie et al. 2020 (AACL)")
NUSATRANSLATION = SetCard(
    "NusaTranslation sentiment", "Apache-2.0", 0, "IndoNLP/nusa-writes, Cahyawijaya et al. 2023"
)


EMOT = SetCard("IndoNLU EmoT", "Apache-2.0", 0, "IndoNLP/indonlu, Saputri et al. 2018 (IALP)")
NUSATRANSLATION_EMOTION = SetCard(
    "NusaTranslation emotion", "Apache-2.0", 0, "IndoNLP/nusa-writes, Cahyawijaya et al. 2023"
)
NUSATRANSLATION_PAIRS = SetCard(
    "NusaTranslation pairs", "Apache-2.0", 0, "IndoNLP/nusa-writes, Cahyawijaya et al. 2023"
)
NUSAX_LEXICONS = SetCard("NusaX lexicons", "CC BY-SA 4.0", 0, "IndoNLP/nusax, Winata et al. 2023")
ENGLISH_WORDS = SetCard("English words", OURS, 0, ENGLISH)
JAVANESE = SetCard("Javanese dialects", OURS, 0, "lexicons/javanese.txt")
EMOTION_WORDS = SetCard("Words of emotion", OURS, 0, "lexicons/emotion.txt")


class Example(NamedTuple):
    """A text with what is known of it; `language` is "" where it is none of ours.

    Translations of one another bear the same `id`.
    """

    text: str
    sentiment: str
    language: str
    id: str = ""


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
        Example(row["text"], row["label"], code, row.get("id", ""))
        for name, code in NUSAX_LANGUAGES.items()
        for row in rows(data / "nusax" / name / split)
    ]


def smsa(data: Path, split: str) -> list[Example]:
    """Indonesian reviews and posts, without the twins of NusaX's test sentences."""
    return [Example(r["text"], r["label"], "ind") for r in rows(data / "indonlu" / "smsa" / split)]


def nusatranslation(data: Path, split: str) -> list[Example]:
    """Posts put into eleven languages by native writers; only positive and negative ones."""
    return [
        Example(
            row["text"],
            row["label"],
            _NUSATRANSLATION_LANGUAGES.get(row["lang"], ""),
            row.get("id", ""),
        )
        for row in rows(data / "nusatranslation" / "senti" / split)
    ]


class Felt(NamedTuple):
    """A text with its emotion; translations of one another bear the same `id`."""

    text: str
    emotion: str
    id: str = ""


def emot(data: Path, split: str) -> list[Felt]:
    """Indonesian posts with one of five emotions."""
    return [
        Felt(row.get("text") or row["tweet"], row["label"])
        for row in rows(data / "indonlu" / "emot" / split)
    ]


def emotion_translated(data: Path) -> list[Felt]:
    """EmoT's training posts, and only these, as native writers of eleven languages put them."""
    return [
        Felt(row["text"], row["label"], row["id"])
        for row in rows(data / "nusatranslation" / "emot" / "train")
        if row["id"].startswith("emot-train")
    ]


def emotion_words() -> list[Felt]:
    """Our own words that name or show an emotion, each as a text."""
    return [
        Felt(word, emotion)
        for emotion, words in named(EMOTION_WORDS.source)
        for word in dict.fromkeys(words.split())
    ]


def javanese() -> list[tuple[str, str]]:
    """Our own sentences of Javanese dialects: (dialect, sentence)."""
    return [(dialect, said) for dialect, said in named("lexicons/javanese.txt")]


def translated_posts(data: Path) -> dict[str, list[tuple[str, str]]]:
    """Indonesian posts beside what native writers made of them, by the language they wrote."""
    return {
        _NUSATRANSLATION_LANGUAGES.get(language, language): [
            (row["ind_text"], row["tgt_text"])
            for row in rows(data / "nusatranslation" / "mt" / f"{language}_train")
        ]
        for language in _PAIRED
    }


class Parallel(NamedTuple):
    """What is known of words in two languages: (Indonesian, other) by the other's code."""

    known: dict[str, list[tuple[str, str]]]
    sets: tuple[SetCard, ...]


def parallel(data: Path, posed: list[Example]) -> Parallel:
    """Pairs of the sentences `posed` (of NusaX), of NusaTranslation, and of word lists.

    An entry of a word list counts twice: it was meant as such.
    """
    known = defaultdict[str, list[tuple[str, str]]](list)
    ours = {one.id: one.text for one in posed if one.language == "ind"}
    for one in posed:
        if one.language != "ind" and one.id in ours:
            known[one.language].append((ours[one.id], one.text))
    translated, listed = 0, 0
    for language, pairs in translated_posts(data).items():
        known[language] += pairs
        translated += len(pairs)
    for name, code in NUSAX_LANGUAGES.items():
        for row in rows(data / "nusax" / "lexicon" / name) if code != "ind" else ():
            pair = (row["indonesian"] or "").strip(), (row[name] or "").strip()
            known[code] += [pair] * 2 if all(pair) else []
            listed += 1
    english = [(plain, form) for plain, forms in named(ENGLISH) for form in forms.split()]
    known["eng"] += english * 2
    counts = (
        (NUSATRANSLATION_PAIRS, translated), (NUSAX_LEXICONS, listed),
        (ENGLISH_WORDS, len(english)),
    )  # fmt: skip
    return Parallel(dict(known), tuple(replace(card, rows=count) for card, count in counts))


def named(path: str) -> Iterator[tuple[str, str]]:
    """The lines "name: rest" of a packaged list."""
    text = resources.files(__package__).joinpath(path).read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(":")
            yield name, rest.strip()


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


def rows(stem: Path) -> Iterator[dict[str, str]]:
    """The rows of `stem`.csv or `stem`.csv.gz, whichever there is."""
    plain, packed = stem.with_suffix(".csv"), stem.with_suffix(".csv.gz")
    if packed.exists():
        with gzip.open(packed, "rt", encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)
    else:
        with plain.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)
