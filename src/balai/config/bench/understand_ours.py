"""Bench 6, ours: the linear heads by themselves, then everything that a reading holds, in parts."""

import json
import resource
import sys
from collections.abc import Callable, Sequence, Sized

from balai.config.bench.scratch import answer
from balai.config.bench.understand_texts import BATCH, spent, texts
from balai.understanding import cues
from balai.understanding.model import load
from balai.understanding.personal.finding import Finder as PersonalFinder
from balai.understanding.personal.finding import level
from balai.understanding.places.finding import Finder as PlaceFinder
from balai.understanding.places.finding import gate
from balai.understanding.reading import Reader
from balai.understanding.words import Plain, Words

LONGER = 8  # times as long: work must grow as the bytes do
FEWER = 4  # times fewer texts: work must grow as they do


def heads(rows: int) -> None:
    """Every head of the packaged packs, from raw text to answers."""
    model, words = load(), Words()

    def ask(batch: Sequence[str]) -> None:
        model.answers(words.pieces(batch).pieces)

    ask(texts(BATCH))
    took = spent(ask, texts(rows))
    names = ", ".join(head.name for head in model.heads)
    answer(what=f"{len(model.heads)} heads together: {names}", rate=round(rows / took))


def whole(rows: int) -> None:
    """Every field of a reading; a quarter of the rows; texts eight times as long."""
    reader = Reader()
    reader.read(texts(BATCH))
    said = texts(rows)
    took = spent(reader.read, said)
    held = _peak()
    few = said[: max(BATCH, rows // FEWER)]
    for_few = spent(reader.read, few) / len(few)
    again = spent(reader.read, said)
    grown = _peak() - held
    long = [" ".join(said[n : n + LONGER]) for n in range(0, rows - LONGER, LONGER)]
    for_long = spent(reader.read, long) / sum(map(len, long))
    answer(
        what="every field of a reading, one core",
        rate=round(rows / took),
        bytes_rate=round(sum(len(one.encode()) for one in said) / took),
        stages={
            "again, all words known (a second)": round(rows / again),
            f"CPU a text of {rows:,} to that of {len(few):,}": round(again / rows / for_few, 2),
            f"CPU a byte where texts are {LONGER} times as long": round(
                for_long / (again / sum(map(len, said))), 2
            ),
            "resident (MB)": round(held),
            "memory grown by the second pass (MB)": round(grown, 1),
        },
    )


def parts(rows: int) -> None:
    """What the slow readers look at, and what each part costs where all words are known."""
    said, reader = texts(rows), Reader()
    model, known = load(), cues.load()
    words, personal, places = Words(), PersonalFinder(), PlaceFinder()
    plain: list[Plain] = []
    asks: dict[str, Callable[[Sequence[str]], object]] = {
        "plain words": lambda batch: plain.append(words.pieces(batch)),
        "cues": lambda batch: known.find(plain.pop(0).text),
        "personal data": personal.find,
        "places": places.find,
        "heads": lambda batch: model.answers(words.pieces(batch).pieces),
    }
    for ask in (reader.read, *asks.values()):
        spent(ask, said)
    took = {name: spent(ask, said) for name, ask in asks.items()}
    took["heads"] -= took["plain words"]
    took["rules, weighing, putting together"] = spent(reader.read, said) - sum(took.values())
    looked_at: dict[str, Sized] = {
        "personal data": personal.suspected([level(one) for one in said]),
        "places": gate().passages(said),
    }
    answer(
        what="the parts of a reading",
        rate=0,
        stages={
            **{
                f"looked at for {name} (% of texts)": round(100 * len(few) / rows, 1)
                for name, few in looked_at.items()
            },
            **{f"{name} (us a text)": round(1e6 * each / rows, 1) for name, each in took.items()},
        },
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    {"heads": heads, "whole": whole, "parts": parts}[order["party"]](order["rows"])
