"""Which claims say a word, for stretches of the shelf; made once, never changed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from balai.understanding.claims.bands import Buckets
from balai.understanding.claims.signatures import Signatures

Numbers = NDArray[np.int64]
Floats = NDArray[np.float32]

# BM25 (Robertson and Zaragoza 2009) with a fixed usual length, so that what is on the shelf does
# not change when something is put beside it. Claims are sentences: 12 words.
_K1, _B, _USUAL = 1.2, 0.9, 12.0


class Segment:
    """The postings and buckets of the rows from `first` on."""

    def __init__(
        self, first: int, words: NDArray[np.int32], starts: Numbers, width: int,
        signatures: Signatures,
    ) -> None:  # fmt: skip
        self.first = first
        self.size = len(starts) - 1
        ones = np.ones(len(words), np.float32)
        # A copy: what is summed up below is sorted in place.
        said = sparse.csr_matrix((ones, words.copy(), starts.copy()), (self.size, width))
        said.sum_duplicates()
        length = np.repeat(np.diff(starts).astype(np.float32), np.diff(said.indptr))
        said.data /= said.data + np.float32(_K1) * (1 - _B + _B * length / _USUAL)
        self._said_by: sparse.csr_matrix = said.T.tocsr()
        self.buckets = Buckets(signatures, first)

    def scores(self, asked: sparse.csr_matrix) -> sparse.csr_matrix:
        """Queries x rows: what the claims here score for the weighted words of each query."""
        width = self._said_by.shape[0]
        return (asked[:, :width] if asked.shape[1] > width else asked) @ self._said_by


def best(
    scores: sparse.csr_matrix, alive: NDArray[np.bool_], most: int
) -> list[tuple[Numbers, Floats]]:
    """For each query the rows with the highest scores, those taken off the shelf left out."""
    found = []
    for first, last in zip(scores.indptr[:-1].tolist(), scores.indptr[1:].tolist(), strict=True):
        rows, values = scores.indices[first:last], scores.data[first:last]
        living = alive[rows]
        if not living.all():
            rows, values = rows[living], values[living]
        if len(rows) > most:
            # Of equal scores all stay, so that no order of the shelf decides.
            least = np.partition(values, len(values) - most)[len(values) - most]
            chosen = values >= least
            rows, values = rows[chosen][: 2 * most], values[chosen][: 2 * most]
        found.append((rows.astype(np.int64), values))
    return found
