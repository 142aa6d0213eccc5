"""Measures heads that learn from all labelled texts there are, by heads that did not see a text.

Few labelled texts are too dear to be kept apart. So a head learns from all of them, and what is
said of it is measured on its like: for each fold of the texts a head that learnt from the other
folds only (k-fold cross-validation). Never imported by serving.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from balai.understanding.fitting import Trained, halves, sure_from_for, temperature_for
from balai.understanding.model import softmax
from balai.understanding.packs import Floats

Places = NDArray[np.int64]


def held_out(
    texts: Sequence[str],
    groups: Sequence[str],
    count: int,
    without: Callable[[int, Places], Trained],
) -> Floats:
    """The scores that each text gets of a head which learnt from the other folds.

    Texts of one group are in one fold. `without(fold, folds)` trains on the texts of all folds but
    one; `folds` says for each text which it is in.
    """
    folds = np.array([hashlib.sha256(one.encode()).digest()[3] % count for one in groups])
    parts: list[tuple[Places, Floats]] = []
    for fold in range(count):
        places = np.flatnonzero(folds == fold)
        if len(places):
            parts.append(
                (places, without(fold, folds).scores([texts[one] for one in places.tolist()]))
            )
    scores = np.zeros((len(texts), parts[0][1].shape[1]), np.float32)
    for places, part in parts:
        scores[places] = part
    return scores


def calibrated(
    head: Trained, texts: Sequence[str], scores: Floats, truth: Sequence[str], *, wanted: float
) -> tuple[Trained, dict[str, float]]:
    """A `one_of` head whose `p` is honest by held-out scores, and how honest it is.

    It is set on one half of the texts and measured on the other: `p off by`, `sure`, `sure right`.
    """
    apart = halves(texts)
    right = np.array([head.labels.index(label) for label in truth])
    temperature = temperature_for(scores[~apart], right[~apart])
    p = softmax(scores / temperature)
    top, every = p.max(axis=1), p.argmax(axis=1) == right
    sure_from = sure_from_for(top[~apart], every[~apart], wanted)
    top, hits = top[apart], every[apart]
    sure = top >= sure_from
    return replace(head.times(1 / temperature), sure_from=sure_from), {
        "p off by": error_of(top, hits),
        "sure": float(sure.mean()),
        "sure right": float(hits[sure].mean()) if sure.any() else float("nan"),
    }


def error_of(p: Floats, hits: NDArray[np.bool_], bins: int = 10) -> float:
    """The expected distance between `p` and the share that was right, over ten bins of `p`."""
    bin_of = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [
        abs(p[bin_of == one].mean() - hits[bin_of == one].mean()) * np.mean(bin_of == one)
        for one in range(bins)
        if (bin_of == one).any()
    ]
    return float(sum(gaps))


def macro_f1(truth: Sequence[str], said: Sequence[str], weight: Floats | None = None) -> float:
    """The mean over all labels of the harmonic mean of precision and recall."""
    from sklearn.metrics import f1_score

    return float(f1_score(truth, said, average="macro", sample_weight=weight))
