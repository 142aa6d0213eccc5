"""Regressions on features weighed by how rare they are: what all texts hold tells none apart.

The inverse document frequency (Spärck Jones 1972) is folded into the weights, so that serving needs
nothing of it. Where labels are many and rows of each few, it ranks the right one among the first
five more often than `contrast`, in a fraction of the time. Never imported by serving.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from balai.understanding import fitting
from balai.understanding.packs import Floats

_FEWEST = 3  # rows that hold a feature; the rarer ones cost time and told no more
_ROUNDS = 6  # of dual coordinate descent; thirty ranked the same


def one_against_rest(
    rows: sparse.csr_matrix,
    places: NDArray[np.intp],
    count: int,
    *,
    seed: int,
    strength: float,
) -> tuple[Floats, Floats]:
    """Weights and biases of `count` labels; `places` says for each row which one is right."""
    held = np.bincount(rows.indices, minlength=rows.shape[1])
    kept = np.flatnonzero(held >= min(_FEWEST, rows.shape[0]))
    weight = rarity(held, rows.shape[0])[kept]
    weighed = (rows[:, kept] @ sparse.diags(weight)).tocsr()
    fits = []
    for place in range(count):
        spoken, bias = _regression(weighed, places == place, seed=seed, strength=strength)
        weights = np.zeros(rows.shape[1], np.float32)
        weights[kept] = spoken * weight
        fits.append((weights, bias))
    return fitting.joined(fits)


def rarity(held: NDArray[np.integer], rows: int) -> NDArray[np.float64]:
    """The weight of features that `held` of `rows` hold: at least 1, and more for the rarer."""
    weight: NDArray[np.float64] = np.log((1 + rows) / (1 + held)) + 1
    return weight


def _regression(
    rows: sparse.csr_matrix, truth: NDArray[np.bool_], *, seed: int, strength: float
) -> tuple[Floats, float]:
    """As `fitting.fit`, by the dual (Yu, Huang & Lin 2011), which far more columns than rows ask.

    The rounds are enough here, so that the solver's wish for more is not heard.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(
        C=strength, solver="liblinear", dual=True, max_iter=_ROUNDS, random_state=seed
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(rows, truth)
    return regression.coef_[0].astype(np.float32), float(regression.intercept_[0])
