"""Teaches a head over the signs of cues from our own labelled messages (`weighing`).

`p`, `sure` and thresholds come from five-fold cross-validation inside the part that may be learnt
from; the held-back quarter is not touched here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from balai.understanding import cues, weighing
from balai.understanding.cues import Found
from balai.understanding.fitting import (
    Trained,
    counted,
    fit,
    joined,
    sure_from_for,
    temperature_for,
)
from balai.understanding.model import softmax
from balai.understanding.ours.labelled import Message, is_late, to_learn
from balai.understanding.packs import Floats, SetCard
from balai.understanding.rules import AIMED_WITHIN, DISGUISED, Ruled, Rules
from balai.understanding.words import Words

OURS = SetCard("Balai's own messages", "CC0 1.0", 0, "src/balai/understanding/ours")
_FOLDS = 5


class Lesson(NamedTuple):
    """Messages with what the rules say of them and the rows of their signs."""

    messages: list[Message]
    ruled: list[Ruled]
    rows: Floats
    signs: tuple[str, ...]


def lesson(messages: Sequence[Message] | None = None) -> Lesson:
    """The signs of these messages; without any, of those that may be learnt from."""
    chosen = list(messages) if messages is not None else to_learn()
    known = cues.load()
    rules, spell = Rules(known), Words(known.single_words(*DISGUISED))
    found = known.find(spell.plain([one.text for one in chosen]))
    each = [found.get(place, Found()) for place in range(len(chosen))]
    lengths = [len(one.text) for one in chosen]
    ruled = [rules.all(one, length) for one, length in zip(each, lengths, strict=True)]
    every = [
        weighing.signs(known, one, said, length > AIMED_WITHIN)
        for one, said, length in zip(each, ruled, lengths, strict=True)
    ]
    return Lesson(chosen, ruled, weighing.rows(every), weighing.signs_of(known))


def learnt(
    name: str,
    taught: Lesson,
    labels: tuple[str, ...],
    truth: Sequence[str],
    *,
    seed: int,
    strength: float,
    wanted: float,
) -> tuple[Trained, Floats]:
    """The head, and the cross-validated `p` of each message and label.

    `p` is made honest on the late messages, which the first word lists had not seen: on the others
    it would promise too much. `sure` begins where the share `wanted` of those answers was right.
    """
    right = np.array([labels.index(label) for label in truth])
    scores = np.zeros((len(right), len(labels)), np.float32)
    fold = np.random.default_rng(seed).permutation(len(right)) % _FOLDS
    for one in range(_FOLDS):
        weights, bias = _fit(taught.rows[fold != one], right[fold != one], labels, seed, strength)
        scores[fold == one] = taught.rows[fold == one] @ weights + bias
    new = np.array([is_late(one.text) for one in taught.messages])
    temperature = temperature_for(scores[new], right[new])
    p = softmax(scores / np.float32(temperature))
    hits = p.argmax(axis=1) == right
    sure_from = sure_from_for(p[new].max(axis=1), hits[new], wanted)
    weights, bias = _fit(taught.rows, right, labels, seed, strength)
    head = Trained(
        name, "one_of", labels, weighing.BITS, False, weights, bias,
        (counted(OURS, len(right)),), sure_from=sure_from, cues=taught.signs,
    )  # fmt: skip
    return head.times(1 / temperature), p


def _fit(
    rows: Floats, right: NDArray[np.intp], labels: tuple[str, ...], seed: int, strength: float
) -> tuple[Floats, Floats]:
    matrix = sparse.csr_matrix(rows)
    return joined(
        [fit(matrix, right == place, seed=seed, strength=strength) for place in range(len(labels))]
    )
