"""What recipes are made of: features, regressions and honest probabilities; never at serving.

The regressions work on the very features that serving computes, so what is measured here is what
will be served. The same data, seed and versions give the same weights.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from balai.understanding import features, packs
from balai.understanding.model import extra_of, sigmoid, softmax
from balai.understanding.packs import Card, Floats, Hashes, HeadCard, Kind, SetCard
from balai.understanding.words import Words

PERMITTED = frozenset({"CC BY-SA 4.0", "Apache-2.0", "MIT", "CC0 1.0"})
"""Licences that let weights made from a set be passed on; the last is that of our own sets."""


@dataclass(frozen=True)
class Trained:
    """One head before it is written down; `sets` are those it learnt from, with their rows."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    bits: int
    pairs: bool
    weights: Floats
    bias: Floats
    sets: tuple[SetCard, ...]
    sure_from: float = 1.0
    yes_from: tuple[float, ...] = ()
    alternatives: int = 0
    cues: tuple[str, ...] = ()
    words: Hashes = field(default_factory=lambda: np.zeros(0, np.uint32))
    extra: Floats | None = None
    metrics: dict[str, float] = field(default_factory=dict)

    def scores(self, texts: Sequence[str]) -> Floats:
        """What serving would score, a row a text and a column a label."""
        batch = features.talk(Words().plain(texts))
        scores: Floats = features.matrix(batch, self.bits, self.pairs) @ self.weights + self.bias
        if self.extra is not None:
            known = extra_of(features.word_hashes(batch.known), self.words, self.extra)
            scores += features.scales(batch, self.pairs)[:, None] * (features.rows(batch) @ known)
        return scores

    def times(self, slope: Floats | float, shift: Floats | float = 0.0) -> Trained:
        """The same head with every score multiplied and shifted."""
        return replace(
            self,
            weights=(self.weights * slope).astype(np.float32),
            bias=(self.bias * slope + shift).astype(np.float32),
            extra=None if self.extra is None else (self.extra * slope).astype(np.float32),
        )

    def packed(self, *, seed: int, made_on: str, version: str) -> tuple[Card, bytes]:
        """The head's pack and its card."""
        extra = np.zeros((0, len(self.labels)), np.float32) if self.extra is None else self.extra
        return packs.packed(
            self.card(), self.weights, self.bias, self.words, extra,
            sets=self.sets, seed=seed, made_on=made_on, version=version,
        )  # fmt: skip

    def card(self) -> HeadCard:
        """The head's card."""
        return HeadCard(
            name=self.name,
            kind=self.kind,
            labels=self.labels,
            bits=self.bits,
            pairs=self.pairs,
            sure_from=self.sure_from,
            trained_on=tuple(one.name for one in self.sets),
            yes_from=self.yes_from,
            alternatives=self.alternatives,
            cues=self.cues,
            metrics=self.metrics,
        )


@dataclass(frozen=True)
class Recipe:
    """How one head is made: of which sets, and by `train(folder of the sets, seed)`.

    Recipes of one `group` are made together when the group is named.
    """

    name: str
    kind: Kind
    sets: tuple[SetCard, ...]
    train: Callable[[Path, int], Trained]
    group: str = ""

    @property
    def may_be_shipped(self) -> bool:
        """Whether every set's licence lets the weights be passed on."""
        return all(one.licence in PERMITTED for one in self.sets)


def matrix(texts: Sequence[str], bits: int, pairs: bool) -> sparse.csr_matrix:
    """The features of raw texts, as serving computes them."""
    return features.matrix(features.talk(Words().plain(texts)), bits, pairs)


def fit(
    rows: sparse.csr_matrix,
    truth: NDArray[np.bool_],
    *,
    seed: int,
    strength: float = 10.0,
    weight: NDArray[np.float64] | None = None,
    balanced: bool = False,
) -> tuple[Floats, float]:
    """Weights and bias of one logistic regression; `strength` is its C, `weight` the rows'."""
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(
        C=strength,
        solver="liblinear",
        random_state=seed,
        class_weight="balanced" if balanced else None,
    )
    regression.fit(rows, truth, sample_weight=weight)
    return regression.coef_[0].astype(np.float32), float(regression.intercept_[0])


def margin(
    rows: sparse.csr_matrix,
    truth: NDArray[np.bool_],
    *,
    seed: int,
    strength: float,
    weight: NDArray[np.float64] | None = None,
    balanced: bool = False,
    rounds: int = 60,
) -> tuple[Floats, float]:
    """Weights and bias of one support vector machine with squared hinge loss.

    On these sets as good as `fit` and many times faster (dual coordinate descent, Hsieh et al.
    2008); `rounds` are enough here, so that the solver's wish for more is not heard.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    machine = LinearSVC(
        C=strength,
        dual=True,
        max_iter=rounds,
        random_state=seed,
        class_weight="balanced" if balanced else None,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        machine.fit(rows, truth, sample_weight=weight)
    return machine.coef_[0].astype(np.float32), float(machine.intercept_[0])


def joined(fits: Sequence[tuple[Floats, float]]) -> tuple[Floats, Floats]:
    """The regressions of all labels as one matrix and its biases, rounded as a pack keeps them."""
    weights = np.stack([weights for weights, _ in fits], axis=1).astype(np.float16)
    return weights.astype(np.float32), np.array([bias for _, bias in fits], np.float32)


def counted(card: SetCard, rows: int) -> SetCard:
    """The card of a set with the number of rows that were used."""
    return SetCard(card.name, card.licence, rows, card.source)


def calibrated(
    head: Trained, texts: Sequence[str], truth: Sequence[str], *, wanted: float
) -> Trained:
    """A `one_of` head whose `p` is honest on these texts; sure means `wanted` of them is right."""
    scores = head.scores(texts)
    right = np.array([head.labels.index(label) for label in truth])
    temperature = temperature_for(scores, right)
    p = softmax(scores / temperature)
    sure_from = sure_from_for(p.max(axis=1), p.argmax(axis=1) == right, wanted)
    return replace(head.times(1 / temperature), sure_from=sure_from)


def calibrated_each(
    head: Trained, texts: Sequence[str], truth: NDArray[np.bool_], *, wanted: float
) -> Trained:
    """An `any_of` head with honest `p` for each label (Platt 1999); `truth` is texts x labels.

    Sure where, of these texts, the share `wanted` of answers to the main label was right.
    """
    from sklearn.linear_model import LogisticRegression

    scores = head.scores(texts)
    slope, shift = np.ones(len(head.labels)), np.zeros(len(head.labels))
    for place in range(len(head.labels)):
        if truth[:, place].any() and not truth[:, place].all():
            line = LogisticRegression(C=1e6).fit(scores[:, [place]], truth[:, place])
            slope[place], shift[place] = line.coef_[0, 0], line.intercept_[0]
    p = sigmoid((scores * slope + shift).astype(np.float32))[:, 0]
    sure_from = sure_from_for(np.maximum(p, 1 - p), (p >= 0.5) == truth[:, 0], wanted)
    return replace(
        head.times(slope.astype(np.float32), shift.astype(np.float32)), sure_from=sure_from
    )


def temperature_for(scores: Floats, right: NDArray[np.intp]) -> float:
    """What scores must be divided by so that their softmax surprises least (Guo et al. 2017)."""
    from scipy.optimize import minimize_scalar

    def surprise(log_temperature: float) -> float:
        p = softmax((scores / np.exp(log_temperature)).astype(np.float32))
        chosen = np.take_along_axis(p, right[:, None], axis=1)
        return float(-np.log(np.maximum(chosen, 1e-12)).mean())

    return round(float(np.exp(minimize_scalar(surprise, bounds=(-5, 4), method="bounded").x)), 4)


def sure_from_for(p: Floats, hits: NDArray[np.bool_], wanted: float) -> float:
    """The least `p` from which the share `wanted` of the answers is right; 1 where none is."""
    steps = (step / 100 for step in range(50, 100))
    return next(
        (step for step in steps if hits[p >= step].size and hits[p >= step].mean() >= wanted), 1.0
    )


def halves(texts: Sequence[str]) -> NDArray[np.bool_]:
    """A half of the texts by their own hash: one to set `p` on, the other to measure `p` on."""
    return np.array([bool(hashlib.sha256(one.encode()).digest()[0] & 1) for one in texts])
