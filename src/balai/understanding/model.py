"""Trained heads at work: scores batches, and tells which words spoke loudest.

A word's share of every head is summed once and kept, so that talk made of known words costs one
gather, however many packs there are.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from balai.understanding import features, packs
from balai.understanding.features import Talk
from balai.understanding.packs import Floats, HeadCard, Pack

_KEPT_BYTES = 32 << 20  # of shares, then they start afresh
_KEPT_WORDS = 200_000


class Verdicts(NamedTuple):
    """One head's answers: `p` of every label, the place of the likeliest, the loudest words."""

    p: Floats
    best: NDArray[np.intp]
    words: list[list[str]]


class Judged(msgspec.Struct, frozen=True, gc=False):
    """The answer of a `one_of` head for one text: the likeliest label, `p`, the words behind it.

    `others` are the next labels with their `p`, as many as the head's card asks for.
    """

    label: str
    p: float
    sure: bool
    words: list[str]
    others: tuple[tuple[str, float], ...] = ()


class Marked(msgspec.Struct, frozen=True, gc=False):
    """The answer of an `any_of` head: the labels that apply, `p` of each label of the card in its
    order, and the words behind the likeliest."""

    labels: tuple[str, ...]
    p: tuple[float, ...]
    sure: bool
    words: list[str]


class Answers(NamedTuple):
    """What every head says of each text of a batch, by the head's name."""

    chosen: dict[str, list[Judged]]
    marked: dict[str, list[Marked]]


class Model:
    """Scores every pack on plain words; those that weigh cues are only kept (`over_cues`)."""

    def __init__(self, held: Sequence[Pack]) -> None:
        self.cards = [pack.card for pack in held]
        self.over_cues = tuple(pack for pack in held if pack.card.head.cues)
        held = [pack for pack in held if not pack.card.head.cues]
        self.version = "+".join(dict.fromkeys(pack.card.version for pack in held))
        self.heads = [pack.card.head for pack in held]
        self._weights = [_centred(pack, pack.weights) for pack in held]
        self._biases = [pack.bias for pack in held]
        self._words = [pack.words for pack in held]
        self._extra = [_centred(pack, pack.extra) for pack in held]
        ends = np.cumsum([len(head.labels) for head in self.heads]).tolist()
        self._columns = [
            slice(end - len(head.labels), end) for head, end in zip(self.heads, ends, strict=True)
        ]
        self._width = ends[-1] + 1  # the last column counts grams
        self._most = min(_KEPT_WORDS, _KEPT_BYTES // (4 * self._width))
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._numbers = features.Numbers()
        self._learnt = 0
        self._shares = np.zeros((1024, self._width), np.float32)
        self._hashes = np.zeros(1024, np.uint32)

    def answers(self, plain: str | Sequence[str]) -> Answers:
        """The answers of every head for each text of `plain`.

        `plain` is a batch of plain words, or the pieces of one (`words.Plain`), which is cheaper.
        """
        said, chosen, marked = (
            self.score(plain),
            dict[str, list[Judged]](),
            dict[str, list[Marked]](),
        )
        for head in self.heads:
            if head.kind == "one_of":
                chosen[head.name] = _judged(head, said[head.name])
            else:
                marked[head.name] = _marked(head, said[head.name])
        return Answers(chosen, marked)

    def score(self, plain: str | Sequence[str]) -> dict[str, Verdicts]:
        """The same as numbers, a batch at a time."""
        with self._lock:
            if self._learnt > self._most or len(self._numbers) > 2 * self._most:
                self._forget()
            batch = features.talk(plain, self._numbers)
            self._learn(batch.known[self._learnt :])
            shares, hashes = self._shares[: len(batch.known)], self._hashes
            text_word = features.rows(batch)
        sums = text_word @ shares
        pairs = None
        if any(head.pairs for head in self.heads):
            pairs = features.pair_hashes(hashes, batch)
        return {
            head.name: self._answer(place, batch, shares, sums, pairs)
            for place, head in enumerate(self.heads)
        }

    def _learn(self, new: list[str]) -> None:
        """Sum the shares of words that were never seen."""
        here = slice(self._learnt, self._learnt + len(new))
        self._grow(here.stop)
        found, hashes = features.grams(new), features.word_hashes(new)
        for place, columns in enumerate(self._columns):
            grams = features.gram_rows(found, self.heads[place].bits)
            shares = grams @ self._weights[place]
            shares += extra_of(hashes, self._words[place], self._extra[place])
            self._shares[here, columns] = shares
        self._shares[here, -1] = np.diff(found.starts)
        self._hashes[here] = hashes
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
        pairs: features.Pairs | None,
    ) -> Verdicts:
        head, columns = self.heads[place], self._columns[place]
        scores, counts = sums[:, columns], sums[:, -1]
        if head.pairs and pairs is not None:
            scores = scores + features.pair_rows(pairs, head.bits) @ self._weights[place]
            counts = counts + np.diff(pairs.starts)
        scores = scores * features.scale(counts)[:, None] + self._biases[place]
        best = scores.argmax(axis=1)
        p = softmax(scores) if head.kind == "one_of" else sigmoid(scores)
        return Verdicts(p, best, _loudest(batch, shares[:, columns], best))


def load(model: Path | None = None) -> Model:
    """The packaged model, with the packs of the directory `model`; raises BrokenModelError."""
    return Model(packs.load(model))


def extra_of(hashes: features.Hashes, words: features.Hashes, extra: Floats) -> Floats:
    """What a pack knows of whole words, a row for each of `hashes`; zero where it knows nothing."""
    if not len(words):
        return np.zeros((len(hashes), extra.shape[1]), np.float32)
    places = np.minimum(np.searchsorted(words, hashes), len(words) - 1)
    known: Floats = np.where((words[places] == hashes)[:, None], extra[places], np.float32(0))
    return known


def softmax(scores: Floats) -> Floats:
    """Shares of one for each row."""
    heat = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = heat / heat.sum(axis=1, keepdims=True)
    return shares


def sigmoid(scores: Floats) -> Floats:
    """A probability for each score by itself."""
    p = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
    return p.astype(np.float32)


def _centred(pack: Pack, weights: Floats) -> Floats:
    """The weights; of `one_of` without what all labels share.

    That decides nothing, and without it a word's share is its reason.
    """
    if pack.card.head.kind == "any_of":
        return weights
    centred: Floats = weights - weights.mean(axis=1, keepdims=True)
    return centred


def _judged(head: HeadCard, verdicts: Verdicts) -> list[Judged]:
    labels, sure_from = head.labels, head.sure_from
    top = np.take_along_axis(verdicts.p, verdicts.best[:, None], axis=1)[:, 0]
    rounded = np.round(top.astype(np.float64), 3).tolist()
    if head.alternatives:
        return [
            Judged(labels[best], p, p >= sure_from, words, others)
            for best, p, words, others in zip(
                verdicts.best.tolist(), rounded, verdicts.words, _others(head, verdicts.p),
                strict=True,
            )
        ]  # fmt: skip
    return [
        Judged(labels[best], p, p >= sure_from, words)
        for best, p, words in zip(verdicts.best.tolist(), rounded, verdicts.words, strict=True)
    ]


def _others(head: HeadCard, p: Floats) -> list[tuple[tuple[str, float], ...]]:
    order = np.argsort(-p, axis=1, kind="stable")[:, 1 : head.alternatives + 1]
    likely = np.round(np.take_along_axis(p, order, axis=1).astype(np.float64), 3)
    return [
        tuple((head.labels[place], one) for place, one in zip(places, ones, strict=True))
        for places, ones in zip(order.tolist(), likely.tolist(), strict=True)
    ]


def _marked(head: HeadCard, verdicts: Verdicts) -> list[Marked]:
    needed = np.array(head.yes_from or [0.5] * len(head.labels))
    yes = verdicts.p >= needed
    main = verdicts.p[:, 0]
    sure = np.where(yes[:, 0], main, 1 - main) >= head.sure_from
    rounded = np.round(verdicts.p.astype(np.float64), 3)
    return [
        Marked(
            tuple(label for label, applies in zip(head.labels, applied, strict=True) if applies),
            tuple(p), is_sure, words,
        )
        for applied, p, is_sure, words in zip(
            yes.tolist(), rounded.tolist(), sure.tolist(), verdicts.words, strict=True
        )
    ]  # fmt: skip


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
