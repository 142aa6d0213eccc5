"""A reader under measurement: its readings and what single heads say, with the time it took."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from time import process_time

from balai.understanding.measuring.results import Throughput
from balai.understanding.measuring.tables import UnmeasurableError
from balai.understanding.model import Model
from balai.understanding.packs import Floats, HeadCard
from balai.understanding.reading import Reader
from balai.understanding.shapes import Context, Reading
from balai.understanding.words import Words

_BATCH = 1_000


class Asked:
    """Reads texts in batches and keeps the time; `model` scores single heads."""

    def __init__(self, reader: Reader, model: Model) -> None:
        self.reader = reader
        self._model = model
        self._words = Words()
        self._texts = 0
        self._seconds = 0.0

    def readings(
        self, texts: Sequence[str], contexts: Sequence[Context | None] | None = None
    ) -> list[Reading]:
        """One reading a text."""
        found: list[Reading] = []
        begun = process_time()
        for start in range(0, len(texts), _BATCH):
            here = slice(start, start + _BATCH)
            found += self.reader.read(texts[here], contexts[here] if contexts else None)
        self._seconds += process_time() - begun
        self._texts += len(texts)
        return found

    def head(self, name: str) -> HeadCard:
        """The card of a head; raises UnmeasurableError where the model has none of that name."""
        for card in self._model.heads:
            if card.name == name:
                return card
        raise UnmeasurableError(
            f"the model has no head {name}: train one by `balai understand train --with` "
            f"and name its folder by --model"
        )

    def has(self, name: str) -> bool:
        """Whether the model has this head."""
        return any(card.name == name for card in self._model.heads)

    def scored(self, name: str, texts: Sequence[str]) -> Floats:
        """`p` of every label of a head, one row a text."""
        import numpy as np

        rest = iter(texts)
        parts = []
        while batch := list(islice(rest, _BATCH)):
            parts.append(self._model.score(self._words.plain(batch))[name].p)
        return np.concatenate(parts)

    def throughput(self) -> Throughput:
        """The time that readings took so far; the first batch also learns the words."""
        seconds = max(self._seconds, 1e-9)
        return Throughput(self._texts, round(self._seconds, 3), round(self._texts / seconds, 1))
