"""Whether a text complains to an office, learnt in one city and meant for any.

So that it does not learn the city: the names of its areas are left out, and each text, complaint or
not, is also shown as a short piece, for other cities' complaints are shorter.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from balai.understanding import corpora, local_sets
from balai.understanding.fitting import (
    Recipe,
    Trained,
    calibrated_each,
    counted,
    fit,
    joined,
    matrix,
)
from balai.understanding.model import sigmoid

LABELS = ("complaint",)
MOST_FALSE = 0.025  # of reviews and feelings that may be called complaints, measured on valid
_BITS = 18
_SHORTEST, _LONGEST = 6, 20  # words of a piece
_WANTED = 0.97
_CITY = frozenset({"surabaya", "sby", "pemkot"})


def _train(folder: Path, seed: int) -> Trained:
    chance = np.random.default_rng(seed)
    areas = _CITY | local_sets.areas_of_surabaya(folder)
    complaints = [one.text for one in local_sets.complaints(folder, "train")]
    reviews = [one.text for one in corpora.smsa(folder, "train")]
    feelings = [one.text for one in corpora.emot(folder, "train")]
    talk = reviews + feelings
    texts = complaints + [piece(without(one, areas), chance) for one in complaints]
    truth = [True] * len(texts)
    others = talk + [piece(one, chance) for one in talk]
    texts, truth = texts + others, truth + [False] * len(others)
    weights, bias = joined([fit(matrix(texts, _BITS, pairs=True), np.array(truth), seed=seed)])
    cards = (
        counted(local_sets.SURABAYA, len(complaints)),
        counted(corpora.SMSA, len(reviews)),
        counted(corpora.EMOT, len(feelings)),
    )
    head = Trained("complaint", "any_of", LABELS, _BITS, True, weights, bias, cards)
    heard = [one.text for one in local_sets.complaints(folder, "valid")]
    shown = heard + [piece(without(one, areas), chance) for one in heard]
    reviews = [one.text for one in corpora.smsa(folder, "valid")]
    quiet = reviews + [one.text for one in corpora.emot(folder, "valid")]
    right = np.array([[True]] * len(shown) + [[False]] * len(quiet))
    head = calibrated_each(head, shown + quiet, right, wanted=_WANTED)
    false = sigmoid(head.scores(reviews)[:, 0])
    least = np.floor(np.quantile(false, 1 - MOST_FALSE) * 1000 + 1) / 1000  # above that share
    return replace(head, yes_from=(float(least),))


def without(text: str, words: frozenset[str]) -> str:
    """The text without these words, which are in small letters."""
    return " ".join(word for word in text.split() if word.lower().strip(".,") not in words)


def piece(text: str, chance: np.random.Generator) -> str:
    """Some words of the text that stand together; every second time they are its first ones."""
    words = text.split()
    size = int(chance.integers(_SHORTEST, _LONGEST + 1))
    last = max(0, len(words) - size)
    start = int(chance.integers(0, last + 1)) if chance.random() < 0.5 else 0
    return " ".join(words[start : start + size])


COMPLAINT = Recipe("complaint", "any_of", (local_sets.SURABAYA, corpora.SMSA, corpora.EMOT), _train)
