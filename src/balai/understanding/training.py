"""Makes a model from the labelled sets: `train(data, out, seed)`; never imported by serving.

The heads are one-against-the-rest logistic regressions on the very features that serving computes.
The same data, seed and versions give the same weights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from balai.understanding import corpora, features
from balai.understanding.corpora import Example
from balai.understanding.model import Card, Floats, HeadCard, SetCard
from balai.understanding.shapes import LANGUAGES, SENTIMENTS
from balai.understanding.words import Words

_LANGUAGE_BITS, _SENTIMENT_BITS = 16, 19
_MOST_PER_LANGUAGE = (
    1_500  # of each further set: NusaX gives 500, and the twelve should weigh alike
)
_SHORT = 6  # words of the short pieces that teach the language head what a brief reply looks like
_POLAR_WEIGHT = (
    0.1  # of a row of the set that knows no neutral: more of it drowns the neutral class
)
_PRIOR = 0.5  # share of the log prior taken off: reviews are more positive than what offices get
_STRENGTH = 10.0  # C of the regressions, chosen on NusaX valid among 3, 10, 30, 100


@dataclass(frozen=True)
class Trained:
    """One head before it is written down."""

    name: str
    labels: tuple[str, ...]
    bits: int
    pairs: bool
    weights: Floats
    bias: Floats
    trained_on: tuple[str, ...]
    temperature: float = 1.0
    sure_from: float = 1.0


def train(
    data: Path | None, out: Path, seed: int, version: str = "core-1", made_on: date | None = None
) -> dict[str, Any]:
    """Train every head, write the model to `out` and give its card.

    `made_on` is the date that the card shall carry; without one it is today's.
    """
    folder = corpora.folder(data)
    nusax, kept_apart = corpora.nusax(folder, "train"), corpora.nusax(folder, "valid")
    measured = [e for e in kept_apart if e.language == "ind"] + corpora.smsa(folder, "valid")
    smsa = corpora.without_twins(corpora.smsa(folder, "train"), measured)
    translated = corpora.nusatranslation(folder, "train")
    heads = [_language(nusax, smsa, translated, seed), _sentiment(nusax, smsa, translated, seed)]
    tuning = halves(kept_apart + corpora.smsa(folder, "valid"))[0]
    heads = [
        calibrate(heads[0], tuning, [e.language for e in tuning], wanted=0.99),
        calibrate(heads[1], tuning, [e.sentiment for e in tuning], wanted=0.92),
    ]
    sets = [
        msgspec.structs.replace(card, rows=len(examples))
        for card, examples in (
            (corpora.NUSAX, nusax), (corpora.SMSA, smsa), (corpora.NUSATRANSLATION, translated),
        )
    ]  # fmt: skip
    day = made_on or datetime.now(UTC).date()
    card, packed = pack(heads, sets, seed, day.isoformat(), version)
    out.write_bytes(packed)
    shown: dict[str, Any] = msgspec.to_builtins(card)
    return shown


def _language(
    nusax: list[Example], smsa: list[Example], translated: list[Example], seed: int
) -> Trained:
    chance = np.random.default_rng(seed)
    examples = list(nusax)
    labels = LANGUAGES[:-1]  # "und" is the answer when no head is confident, not a head
    for label in labels:
        more = [e for e in (*smsa, *translated) if e.language == label]
        chosen = chance.permutation(len(more))[:_MOST_PER_LANGUAGE]
        examples += [more[place] for place in sorted(chosen)]
    examples += [_shortened(e, chance) for e in list(examples)]
    matrix = _matrix([e.text for e in examples], _LANGUAGE_BITS, pairs=False)
    spoken = np.array([e.language for e in examples])
    fits = [_fit(matrix, spoken == label, None, seed, balanced=True) for label in labels]
    return _head("language", labels, _LANGUAGE_BITS, False, fits, corpora_names(3))


def _shortened(example: Example, chance: np.random.Generator) -> Example:
    words = example.text.split()
    start = int(chance.integers(0, max(1, len(words) - _SHORT)))
    return example._replace(text=" ".join(words[start : start + _SHORT]))


def _sentiment(
    nusax: list[Example], smsa: list[Example], translated: list[Example], seed: int
) -> Trained:
    three, polar = nusax + smsa, [e for e in translated if e.sentiment in SENTIMENTS]
    matrix = _matrix([e.text for e in three + polar], _SENTIMENT_BITS, pairs=True)
    felt = np.array([e.sentiment for e in three + polar])
    weight = np.concatenate((np.ones(len(three)), np.full(len(polar), _POLAR_WEIGHT)))
    full = len(three)
    fits = [
        _fit(matrix[:full], felt[:full] == label, None, seed)
        if label == "neutral"  # the polar set cannot teach what neutral is
        else _fit(matrix, felt == label, weight, seed)
        for label in SENTIMENTS
    ]
    head = _head("sentiment", SENTIMENTS, _SENTIMENT_BITS, True, fits, corpora_names(3))
    shares = np.array([np.mean(felt[:full] == label) for label in SENTIMENTS])
    return replace(head, bias=(head.bias - _PRIOR * np.log(shares)).astype(np.float32))


def corpora_names(count: int) -> tuple[str, ...]:
    """The names of the first `count` sets, in the order of the card."""
    return tuple(s.name for s in (corpora.NUSAX, corpora.SMSA, corpora.NUSATRANSLATION)[:count])


def _matrix(texts: Sequence[str], bits: int, pairs: bool) -> sparse.csr_matrix:
    return features.matrix(features.talk(Words().plain(texts)), bits, pairs)


def _fit(
    matrix: sparse.csr_matrix,
    truth: NDArray[np.bool_],
    weight: NDArray[np.float64] | None,
    seed: int,
    balanced: bool = False,
) -> Any:
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(
        C=_STRENGTH,
        solver="liblinear",
        random_state=seed,
        class_weight="balanced" if balanced else None,
    )
    return regression.fit(matrix, truth, sample_weight=weight)


def _head(
    name: str,
    labels: tuple[str, ...],
    bits: int,
    pairs: bool,
    fits: list[Any],
    trained_on: tuple[str, ...],
) -> Trained:
    weights = np.stack([fit.coef_[0] for fit in fits], axis=1).astype(np.float16)
    bias = np.array([fit.intercept_[0] for fit in fits], np.float32)
    return Trained(name, labels, bits, pairs, weights.astype(np.float32), bias, trained_on)


def halves(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Two halves by the text's own hash: one to set `p` on, one to measure `p` on."""
    parts: tuple[list[Example], list[Example]] = ([], [])
    for example in examples:
        parts[hashlib.sha256(example.text.encode()).digest()[0] & 1].append(example)
    return parts


def calibrate(
    head: Trained, examples: Sequence[Example], truth: Sequence[str], wanted: float
) -> Trained:
    """Set the temperature that makes `p` honest, and the `p` from which answers are sure.

    Sure means: of these examples' answers with at least that `p`, the share `wanted` was right.
    """
    from scipy.optimize import minimize_scalar

    texts = [example.text for example in examples]
    scores = _matrix(texts, head.bits, head.pairs) @ head.weights + head.bias
    right = np.array([head.labels.index(label) for label in truth])

    def surprise(log_temperature: float) -> float:
        heat = scores / np.exp(log_temperature)
        heat = heat - heat.max(axis=1, keepdims=True)
        chosen = np.take_along_axis(heat, right[:, None], axis=1)[:, 0]
        return float(np.mean(np.log(np.exp(heat).sum(axis=1)) - chosen))

    found = minimize_scalar(surprise, bounds=(-4, 3), method="bounded")
    temperature = round(float(np.exp(found.x)), 4)
    heat = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    p = heat.max(axis=1) / heat.sum(axis=1)
    hits = scores.argmax(axis=1) == right
    steps = (step / 100 for step in range(50, 100))
    sure_from = next(
        (step for step in steps if hits[p >= step].size and hits[p >= step].mean() >= wanted), 1.0
    )
    return replace(head, temperature=temperature, sure_from=sure_from)


def pack(
    heads: Sequence[Trained], sets: Sequence[SetCard], seed: int, made_on: str, version: str
) -> tuple[Card, bytes]:
    """The card and the bytes of the model file."""
    arrays: dict[str, NDArray[Any]] = {}
    for head in heads:
        arrays[f"{head.name}_weights"] = head.weights.astype(np.float16)
        arrays[f"{head.name}_bias"] = head.bias
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(arrays[name].tobytes())
    card = Card(
        version=version,
        made_on=made_on,
        seed=seed,
        heads=tuple(_card(head) for head in heads),
        sets=tuple(sets),
        weights_sha256=digest.hexdigest(),
    )
    packed = BytesIO()
    encoded = np.frombuffer(msgspec.json.encode(card), np.uint8)
    np.savez_compressed(packed, card=encoded, **arrays)  # type: ignore[arg-type]
    return card, packed.getvalue()


def _card(head: Trained) -> HeadCard:
    return HeadCard(
        name=head.name,
        labels=head.labels,
        bits=head.bits,
        pairs=head.pairs,
        temperature=head.temperature,
        sure_from=head.sure_from,
        trained_on=head.trained_on,
        metrics={},
    )
