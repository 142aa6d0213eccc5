"""Trained heads: loads the weights, scores batches, and tells which words spoke loudest.

A model is one `.npz` without pickles: a JSON card and, for each head, weights and bias. A word's
share of every head is summed once and kept, so that talk made of known words costs one gather.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import IO, NamedTuple
from zipfile import BadZipFile

import msgspec
import numpy as np
from numpy.typing import NDArray

from balai.understanding import features
from balai.understanding.features import Talk

Floats = NDArray[np.float32]
_KEPT = 200_000  # words; about 20 MB, then shares start afresh


class HeadCard(msgspec.Struct, frozen=True):
    """One field that a model reads. `sure_from` is the least `p` that counts as sure."""

    name: str
    labels: tuple[str, ...]
    bits: int
    pairs: bool
    temperature: float
    sure_from: float
    trained_on: tuple[str, ...]
    metrics: dict[str, float]


class SetCard(msgspec.Struct, frozen=True):
    """A training set: its licence permits that weights made from it are passed on."""

    name: str
    licence: str
    rows: int
    source: str


class Card(msgspec.Struct, frozen=True):
    """What a model is made of and how good it was when it was made."""

    version: str
    made_on: str
    seed: int
    heads: tuple[HeadCard, ...]
    sets: tuple[SetCard, ...]
    weights_sha256: str


class Verdicts(NamedTuple):
    """One head's answers: the place of the best label, its `p`, and the loudest words."""

    best: NDArray[np.intp]
    p: Floats
    words: list[list[str]]


class Judged(msgspec.Struct, frozen=True, gc=False):
    """One head's answer for one text: the likeliest label, its `p`, and the words behind it."""

    label: str
    p: float
    sure: bool
    words: list[str]


class BrokenModelError(ValueError):
    """The file is no model of this version of Balai."""


class Model:
    """Scores every head of a card on plain words."""

    def __init__(self, card: Card, weights: list[Floats], biases: list[Floats]) -> None:
        self.card = card
        # What all labels share decides nothing; without it, a word's share is its reason.
        self._weights = [one - one.mean(axis=1, keepdims=True) for one in weights]
        self._biases = biases
        ends = np.cumsum([len(head.labels) for head in card.heads])
        self._columns = [
            slice(int(end) - len(head.labels), int(end))
            for head, end in zip(card.heads, ends, strict=True)
        ]
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        width = self._columns[-1].stop if self._columns else 0
        self._numbers = features.Numbers()
        self._learnt = 0
        self._shares = np.zeros((1024, width + 1), np.float32)  # the last column counts grams
        self._hashes = np.zeros(1024, np.uint32)

    def guesses(self, plain: str | Sequence[str]) -> dict[str, list[Judged]]:
        """The answers of every head for each text of `plain`, by the head's name.

        `plain` is a batch of plain words, or the pieces of one (`words.Plain`), which is cheaper.
        """
        verdicts = self.score(plain)
        return {head.name: _judged(head, verdicts[head.name]) for head in self.card.heads}

    def score(self, plain: str | Sequence[str]) -> dict[str, Verdicts]:
        """The same as numbers, a batch at a time."""
        with self._lock:
            if self._learnt > _KEPT or len(self._numbers) > 2 * _KEPT:
                self._forget()
            batch = features.talk(plain, self._numbers)
            self._learn(batch.known[self._learnt :])
            shares, hashes = self._shares[: len(batch.known)], self._hashes
            text_word = features.rows(batch)
        sums = text_word @ shares
        return {
            head.name: self._answer(place, batch, shares, sums, hashes)
            for place, head in enumerate(self.card.heads)
        }

    def _learn(self, new: list[str]) -> None:
        """Sum the shares of words that were never seen."""
        here = slice(self._learnt, self._learnt + len(new))
        self._grow(here.stop)
        found = features.grams(new)
        for head, weights, columns in zip(
            self.card.heads, self._weights, self._columns, strict=True
        ):
            self._shares[here, columns] = features.gram_rows(found, head.bits) @ weights
        self._shares[here, -1] = np.diff(found.starts)
        self._hashes[here] = features.word_hashes(new)
        self._learnt = here.stop

    def _grow(self, size: int) -> None:
        if size > len(self._shares):  # a new array: whoever still reads the old one may go on
            more = max(size, 2 * len(self._shares)) - len(self._shares)
            self._shares = np.pad(self._shares, ((0, more), (0, 0)))
            self._hashes = np.pad(self._hashes, (0, more))

    def _answer(
        self,
        place: int,
        batch: Talk,
        shares: Floats,
        sums: Floats,
        hashes: features.Hashes,
    ) -> Verdicts:
        head, columns = self.card.heads[place], self._columns[place]
        scores, counts = sums[:, columns], sums[:, -1]
        if head.pairs:
            neighbours = features.pair_rows(hashes, batch, head.bits)
            scores = scores + neighbours @ self._weights[place]
            counts = counts + np.diff(neighbours.indptr)
        scores = scores * features.scale(counts)[:, None] + self._biases[place]
        best = scores.argmax(axis=1)
        loud = _loudest(batch, shares[:, columns], best)
        return Verdicts(best, _probability(scores, best, head.temperature), loud)


def _judged(head: HeadCard, verdicts: Verdicts) -> list[Judged]:
    rounded = np.round(verdicts.p.astype(np.float64), 3).tolist()
    return [
        Judged(head.labels[best], p, p >= head.sure_from, words)
        for best, p, words in zip(verdicts.best.tolist(), rounded, verdicts.words, strict=True)
    ]


def _probability(scores: Floats, best: NDArray[np.intp], temperature: float) -> Floats:
    heat = scores / temperature
    heat = np.exp(heat - heat.max(axis=1, keepdims=True))
    chosen: Floats = np.take_along_axis(heat, best[:, None], axis=1)[:, 0] / heat.sum(axis=1)
    return chosen


def _loudest(batch: Talk, shares: Floats, best: NDArray[np.intp], most: int = 3) -> list[list[str]]:
    """For each text the words that spoke most for its best label."""
    words: list[list[str]] = [[] for _ in range(batch.size)]
    if not len(batch.words):
        return words
    known = batch.known
    said = shares[batch.words, best[batch.texts]]
    begins = np.concatenate(([True], batch.texts[1:] != batch.texts[:-1]))
    starts = np.flatnonzero(begins)
    lengths = np.diff(starts, append=len(said))
    for _ in range(most):
        top = np.maximum.reduceat(said, starts)
        top[top <= 0] = np.inf  # what speaks for another label is no reason
        places = np.flatnonzero(said == np.repeat(top, lengths))
        for text, word in zip(
            batch.texts[places].tolist(), batch.words[places].tolist(), strict=True
        ):
            mine, name = words[text], known[word]
            if name not in mine:
                mine.append(name)
        said[places] = 0
    return words


def load(path: Path | None = None) -> Model:
    """The packaged model, or the one at `path`; raises BrokenModelError."""
    packaged = resources.files(__package__).joinpath("models/core.npz")
    try:
        with path.open("rb") if path else packaged.open("rb") as file:
            return _read(file)
    except (OSError, EOFError, KeyError, ValueError, BadZipFile, msgspec.MsgspecError) as wrong:
        raise BrokenModelError(f"{path or packaged} cannot be read as a model: {wrong}") from wrong


def _read(file: IO[bytes]) -> Model:
    with np.load(file, allow_pickle=False) as arrays:
        card = msgspec.json.decode(arrays["card"].tobytes(), type=Card)
        weights = [arrays[f"{h.name}_weights"].astype(np.float32) for h in card.heads]
        biases = [arrays[f"{h.name}_bias"].astype(np.float32) for h in card.heads]
    for head, weight in zip(card.heads, weights, strict=True):
        if weight.shape != (1 << head.bits, len(head.labels)):
            raise ValueError(f"the weights of {head.name} have the wrong shape")
    return Model(card, weights, biases)
