"""The texts of bench 6, and what the peers are told of them."""

import time
from collections.abc import Callable, Sequence

from balai.config.bench.words import Town
from balai.understanding.model import load
from balai.understanding.words import Words

BATCH = 1_000
TAUGHT = 4_000  # texts that the peers learn from
_TAUGHT_SEED = 7


def texts(rows: int) -> list[str]:
    """So many invented messages, the same for every party."""
    town = Town()
    return [town.text() for _ in range(rows)]


def taught() -> tuple[list[str], dict[str, list[str]]]:
    """Other texts, with the label that each of our heads gave them."""
    town = Town(_TAUGHT_SEED)
    said = [town.text() for _ in range(TAUGHT)]
    answers = load().answers(Words().pieces(said).pieces)
    return said, {name: [one.label for one in chosen] for name, chosen in answers.chosen.items()}


def spent(ask: Callable[[Sequence[str]], object], said: Sequence[str]) -> float:
    """Seconds of processor time to ask for all texts, a batch at a time."""
    started = time.process_time()
    for first in range(0, len(said), BATCH):
        ask(said[first : first + BATCH])
    return time.process_time() - started
