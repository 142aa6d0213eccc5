"""The same messages and the same five kinds of query for every party of bench 5."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from balai.config.bench.scratch import percentiles
from balai.config.bench.words import SEED, Town

EACH = 60  # queries of a kind
MONTHS = 24
LIMIT = 50
KINDS = ("common word", "rare word", "two common words", "common and rare word", "prefix")


def messages(rows: int) -> Iterator[tuple[datetime, str]]:
    """So many texts with their moments, oldest first, spread evenly over 24 months until now."""
    town = Town()
    end = datetime.now(UTC)
    span = timedelta(days=30.4 * MONTHS)
    for place in range(rows):
        yield end - span * (rows - place) / rows, town.text()


def queries() -> dict[str, list[str]]:
    """Sixty queries of each kind; the kind `prefix` ends in a star."""
    chance = random.Random(SEED)  # noqa: S311 - a bench, not a secret
    words = Town().words
    common, rare = words[:60], words[2_000:]

    def kind(name: str) -> str:
        match name:
            case "common word":
                return chance.choice(common)
            case "rare word":
                return chance.choice(rare)
            case "two common words":
                return " ".join(chance.sample(common, 2))
            case "common and rare word":
                return f"{chance.choice(common)} {chance.choice(rare)}"
            case _:
                return chance.choice(words[:4_000])[:3] + "*"

    return {name: [kind(name) for _ in range(EACH)] for name in KINDS}


def ask(search: Callable[[str], Sequence[Any]]) -> dict[str, Any]:
    """Every query once: rate, percentiles over all, and for each kind its p50 and p95."""
    everything: list[float] = []
    stages: dict[str, str] = {}
    hits = 0
    for name, asked in queries().items():
        search(asked[0])
        took = []
        for query in asked:
            began = time.perf_counter()
            hits += len(search(query))
            took.append(time.perf_counter() - began)
        p = percentiles(took)
        stages[name] = f"p50 {p['p50_ms']} ms, p95 {p['p95_ms']} ms"
        everything += took
    worst = max(float(words.split()[4]) for words in stages.values())
    return {
        "rate": round(len(everything) / sum(everything)),
        **percentiles(everything),
        "worst_kind_p95_ms": worst,
        "hits": hits,
        "stages": stages,
    }
