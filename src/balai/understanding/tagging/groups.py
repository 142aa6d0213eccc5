"""Groups of like words, learnt from running text: what a rare name has in common with known ones.

Words that stand in the same company belong together (Harris 1954): counts of neighbours as positive
pointwise mutual information, its 100 strongest directions, k-means at three finenesses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

from balai.understanding.tagging.tokens import Hashes, numbers

FINENESS = (60, 250, 1000)
_SEEN_AT_LEAST, _COMPANIONS, _DIRECTIONS = 4, 8000, 100
_SMOOTHING = 0.75  # Levy, Goldberg & Dagan 2015: the power that tames rare companions
_DISTANCES = (-2, -1, 1, 2)


class Groups(NamedTuple):
    """`words` are sorted numbers of words; `groups[i]` are those of word `i`, coarse to fine."""

    words: Hashes
    groups: NDArray[np.uint16]

    def of(self, low: int) -> list[int]:
        """The groups of a word by its number in lower case; none for an unknown one."""
        place = int(np.searchsorted(self.words, np.uint64(low)))
        if place == len(self.words) or int(self.words[place]) != low:
            return []
        return [int(group) for group in self.groups[place]]


def learn(texts: Iterable[Sequence[str]], seed: int) -> Groups:
    """The groups of the words of texts that are given as words in lower case."""
    from sklearn.cluster import MiniBatchKMeans

    said = [list(text) for text in texts]
    seen = Counter(word for text in said for word in text)
    known = [word for word, count in seen.most_common() if count >= _SEEN_AT_LEAST]
    table = _directions(said, known, seed)
    groups = np.stack(
        [
            MiniBatchKMeans(many, random_state=seed, n_init=3, batch_size=4096).fit_predict(table)
            for many in FINENESS
        ],
        axis=1,
    ).astype(np.uint16)
    keys = numbers(known)
    order = np.argsort(keys, kind="stable")
    return Groups(keys[order], groups[order])


def _directions(said: list[list[str]], known: list[str], seed: int) -> NDArray[np.float64]:
    places = {word: place for place, word in enumerate(known)}
    companions = min(len(known), _COMPANIONS)
    flow = np.array([places.get(word, -1) for text in said for word in text])
    texts = np.repeat(np.arange(len(said)), [len(text) for text in said])
    rows, columns = [], []
    for at, distance in enumerate(_DISTANCES):
        beside = np.roll(flow, -distance)
        together = (np.roll(texts, -distance) == texts) & (flow >= 0)
        together &= (beside >= 0) & (beside < companions)
        rows.append(flow[together])
        columns.append(beside[together] + at * companions)
    counts = sparse.coo_matrix(
        (np.ones(sum(map(len, rows))), (np.concatenate(rows), np.concatenate(columns))),
        (len(known), companions * len(_DISTANCES)),
    ).tocsr()
    own = np.asarray(counts.sum(1)).ravel()
    theirs = np.asarray(counts.sum(0)).ravel() ** _SMOOTHING
    theirs /= theirs.sum()
    cells = counts.tocoo()
    worth = np.log(cells.data / (own[cells.row] * theirs[cells.col]))
    good = worth > 0
    told = sparse.csr_matrix((worth[good], (cells.row[good], cells.col[good])), counts.shape)
    left, strength, _ = svds(told, _DIRECTIONS, random_state=seed)
    table = left * np.sqrt(strength)
    return np.asarray(table / (np.linalg.norm(table, axis=1, keepdims=True) + 1e-9))
