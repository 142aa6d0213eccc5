"""Abuse and hate, trained where it is used: one head for both, one for whom and what about.

Abusive and hateful are decided together, four classes: tweets that are both are more than chance
would make, and a joint answer is right more often than two separate ones (+2 points both right).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from balai.understanding import contrast, local_sets
from balai.understanding.fitting import (
    Recipe,
    Trained,
    calibrated,
    calibrated_each,
    counted,
    joined,
    matrix,
)
from balai.understanding.judgements import DETAILS
from balai.understanding.local_sets import Insult
from balai.understanding.packs import SetCard

LABELS = ("civil", "abusive", "hate", "abusive_hate")
_BITS = 18
_WANTED = 0.95  # of the sure answers; calling a civil citizen abusive is the worse mistake
_GROUP = "abuse"


def label(insult: Insult) -> str:
    """Which of `LABELS` an insult is."""
    return LABELS[insult.abusive + 2 * insult.hate]


def _joint(
    read: Callable[[Path, str], list[tuple[SetCard, list[Insult]]]],
) -> Callable[[Path, int], Trained]:
    def train(folder: Path, seed: int) -> Trained:
        sets = read(folder, "train")
        insults = [one for _, found in sets for one in found]
        places = np.array([LABELS.index(label(one)) for one in insults])
        rows = matrix([one.text for one in insults], _BITS, pairs=True)
        weights, bias = contrast.one_against_rest(rows, places, LABELS, seed=seed)
        cards = tuple(counted(card, len(found)) for card, found in sets)
        head = Trained("abuse", "one_of", LABELS, _BITS, True, weights, bias, cards, alternatives=3)
        tuning = [one for _, found in read(folder, "valid") for one in found]
        return calibrated(
            head, [one.text for one in tuning], [label(one) for one in tuning], wanted=_WANTED
        )

    return train


def _indonesian(folder: Path, split: str) -> list[tuple[SetCard, list[Insult]]]:
    return [(local_sets.HATE, local_sets.hate(folder, split))]


def _with_regional(folder: Path, split: str) -> list[tuple[SetCard, list[Insult]]]:
    return [
        *_indonesian(folder, split),
        (local_sets.REGIONAL_HATE, local_sets.regional_hate(folder, split)),
    ]


def _train_details(folder: Path, seed: int) -> Trained:
    """Of hateful texts only: each `p` is meant given that the text is hateful."""
    insults = [one for one in local_sets.hate(folder, "train") if one.hate]
    rows = matrix([one.text for one in insults], _BITS, pairs=True)
    truth = _told(insults)
    weights, bias = joined([
        contrast.fit(rows, truth[:, place], seed=seed) for place in range(len(DETAILS))
    ])  # fmt: skip
    cards = (counted(local_sets.HATE, len(insults)),)
    head = Trained("abuse_details", "any_of", DETAILS, _BITS, True, weights, bias, cards)
    tuning = [one for one in local_sets.hate(folder, "valid") if one.hate]
    return calibrated_each(head, [one.text for one in tuning], _told(tuning), wanted=_WANTED)


def _told(insults: Sequence[Insult]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.array([[one in insult.details for one in DETAILS] for insult in insults])


ABUSE = Recipe("abuse", "one_of", (local_sets.HATE,), _joint(_indonesian), group=_GROUP)
ABUSE_REGIONAL = Recipe(
    "abuse_regional", "one_of", (local_sets.HATE, local_sets.REGIONAL_HATE),
    _joint(_with_regional),
)  # fmt: skip
ABUSE_DETAILS = Recipe("abuse_details", "any_of", (local_sets.HATE,), _train_details, group=_GROUP)
