"""Tells which names of districts and villages are also ordinary words or names of people.

    python -m balai.understanding.places.common_words FOLDER

FOLDER is the data folder `nlp`. Running text in Indonesian and nine other languages of Indonesia is
counted: a name that is seen there, and seldom behind a word such as "di" or "desa", is a word first
and a place only with evidence. Only sets whose licence lets what is made from them be passed on are
read: NusaX (CC BY-SA 4.0), IndoNLU and NusaTranslation (Apache-2.0), IDNER (MIT). What is written
are names of areas, with nothing of the texts.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from balai.understanding.places.areas import DISTRICT, areas
from balai.understanding.places.words import PREFIXES
from balai.understanding.tagging.tokens import tokens

LIST = Path(__file__).with_name("common_words.txt")
TEXTS = ("indonlu/smsa", "indonlu/emot", "nusax/*", "nusatranslation/*")
MARKED = ("indonlu/nerp", "indonlu/nergrit", "idner_news_2k")
LEADS = frozenset({"di", "ke", "dari", "daerah", "wilayah", "warga", "asal", *PREFIXES})
_PLACE = frozenset({"PLC", "PLACE", "LOC"})
_LONGEST = 4  # words of a name
_OFTEN, _NEVER_LED = 30, 8  # times seen, from which a word is never a place without its prefix
_HEAD = """\
# Names of districts and villages that are also ordinary words or names of people: what a message
# must say more to mean the place. First those that are a place only behind "desa", "kec." and such.
# Made by python -m balai.understanding.places.common_words from running text; see there.
"""


def _rows(folder: Path, pattern: str) -> Iterator[dict[str, str]]:
    for path in sorted(folder.glob(f"{pattern}/train.csv*")):
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
            yield from csv.DictReader(lines)


def _names(words: list[str]) -> Iterator[tuple[int, int, str]]:
    known = areas().codes
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
            if (name := " ".join(words[start:end])) in known:
                yield start, end, name


def running_texts(folder: Path) -> set[str]:
    """All unmarked texts, each once."""
    return {row["text"] for pattern in TEXTS for row in _rows(folder, pattern)}


def count(folder: Path) -> tuple[list[str], list[str]]:
    """Names that are places only behind a prefix, and names that need some evidence."""
    seen: Counter[str] = Counter()
    led: Counter[str] = Counter()
    marked: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for text in running_texts(folder):
        words = ["", *(token.text.lower() for token in tokens(text))]
        for start, _, name in _names(words):
            seen[name] += 1
            led[name] += words[start - 1] in LEADS if start else 0
    for row in (row for pattern in MARKED for row in _rows(folder, pattern)):
        tags = [tag.partition("-")[2] for tag in json.loads(row["tags"])]
        for start, end, name in _names([word.lower() for word in json.loads(row["tokens"])]):
            marked[name] += 1
            places[name] += tags[start] in _PLACE and tags[end - 1] in _PLACE
    firm: list[str] = []
    loose: list[str] = []
    for name in sorted(seen | marked):
        if (
            not areas().codes[name]
            or min(code.count(".") for code in areas().codes[name]) < DISTRICT
        ):
            continue
        is_place = 2 * places[name] >= marked[name] if marked[name] else 2 * led[name] >= seen[name]
        if is_place and marked[name] + led[name] > 0:
            continue
        often = seen[name] >= _OFTEN or (seen[name] >= _NEVER_LED and not led[name])
        (firm if often else loose).append(name)
    return firm, loose


def make(folder: Path, target: Path = LIST) -> int:
    """Writes the list and tells how many names it holds."""
    firm, loose = count(folder)
    target.write_text(_HEAD + "\n".join([*firm, "", *loose]) + "\n", "utf-8")
    return len(firm) + len(loose)


if __name__ == "__main__":
    sys.stdout.write(f"{make(Path(sys.argv[1]))} names in {LIST.name}\n")
