"""Trains a tagger: the weights that make the marked labels of the training texts most likely.

What a token shows is gathered here as rows of a table, by the same traits that serving sums; a test
holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from balai.understanding.tagging import chains
from balai.understanding.tagging.features import (
    LIST_REACH,
    REACH,
    edge,
    list_traits,
    listed,
    pairs,
    traits,
)
from balai.understanding.tagging.lists import Filter, Lists
from balai.understanding.tagging.tokens import Hashes, Numbers, Token, numbers

Weights = NDArray[np.float64]


class Shown(NamedTuple):
    """Every trait of every token: trait `traits[i]` is shown by token `tokens[i]`.

    Text `i` is the tokens `starts[i]` up to `starts[i + 1]`.
    """

    tokens: Numbers
    traits: Hashes
    starts: Numbers

    def rows(self, keys: Hashes) -> sparse.csr_matrix:
        """Tokens x keys; traits that are no key (`keys` are sorted) are left out."""
        places = np.searchsorted(keys, self.traits)
        places[places == len(keys)] = 0
        known = keys[places] == self.traits
        ones = np.ones(int(known.sum()))
        shape = (int(self.starts[-1]), len(keys))
        return sparse.csr_matrix((ones, (self.tokens[known], places[known])), shape)


def shown(
    texts: Sequence[Sequence[Token]], known: Lists, groups: Callable[[int], Sequence[int]]
) -> Shown:
    """The traits of all tokens; `groups` tells those of a word by its number in lower case."""
    vocabulary: dict[str, int] = {}
    words = np.array(
        [vocabulary.setdefault(token.text, len(vocabulary)) for text in texts for token in text]
    )
    starts = np.concatenate(([0], np.cumsum([len(text) for text in texts]))).astype(np.int64)
    owners = np.repeat(np.arange(len(texts)), np.diff(starts))
    lows = numbers([word.lower() for word in vocabulary])
    of_words = [groups(int(low)) for low in lows]
    everywhere = np.arange(len(words))
    parts: list[tuple[Numbers, Hashes]] = []
    for distance in REACH:
        table = [
            np.array(traits(word, distance, mine), np.uint64)
            for word, mine in zip(vocabulary, of_words, strict=True)
        ]
        table.append(np.array(edge(distance), np.uint64))
        seen = chains.neighbours(words, owners, distance, len(vocabulary))
        parts.append(_spread(everywhere, seen, table))
    low = lows[words]
    for pair in pairs(low, owners):
        there = np.flatnonzero(pair)
        parts.append((there, pair[there]))
    bits = listed(low, owners, Filter(known.names), known.kinds)
    values = np.unique(bits)
    for distance in LIST_REACH:
        table = [np.array(list_traits(int(bit), distance), np.uint64) for bit in values]
        seen = chains.neighbours(np.searchsorted(values, bits), owners, distance, -1)
        there = np.flatnonzero(seen >= 0)
        parts.append(_spread(there, seen[there], table))
    return Shown(
        np.concatenate([part[0] for part in parts]),
        np.concatenate([part[1] for part in parts]),
        starts,
    )


def _spread(tokens: Numbers, rows: Numbers, table: list[Hashes]) -> tuple[Numbers, Hashes]:
    """Each token with all entries of its row of the table."""
    sizes = np.array([len(row) for row in table])
    flat = np.concatenate(table)
    firsts = np.concatenate(([0], np.cumsum(sizes)))[:-1]
    many = sizes[rows]
    within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    return np.repeat(tokens, many), flat[np.repeat(firsts[rows], many) + within]


def fit(
    traits: sparse.csr_matrix,
    labels: Numbers,
    starts: Numbers,
    count: int,
    *,
    penalty: float,
    rounds: int,
) -> tuple[Weights, Weights]:
    """Weights of traits x labels and of moves, by L-BFGS under a quadratic `penalty`.

    `count` is the number of labels. The same input gives the same weights on one BLAS thread.
    """
    wide = traits.shape[1]
    turned = traits.T.tocsr()
    gold = np.zeros((len(labels), count))
    gold[np.arange(len(labels)), labels] = 1
    inside = np.ones(len(labels), bool)
    inside[starts[:-1][np.diff(starts) > 0]] = False
    followed = np.flatnonzero(inside)
    gold_moves = np.zeros((count, count))
    np.add.at(gold_moves, (labels[followed - 1], labels[followed]), 1)

    def loss(flat: Weights) -> tuple[float, Weights]:
        weights = flat[: wide * count].reshape(wide, count)
        move = flat[wide * count :].reshape(count, count)
        emit = traits @ weights
        found = chains.shares(emit, move, starts)
        reached = float((emit * gold).sum() + (move * gold_moves).sum())
        slope = np.concatenate(
            [(turned @ (found.shares - gold)).ravel(), (found.moves - gold_moves).ravel()]
        )
        return found.total - reached + penalty * float(flat @ flat) / 2, slope + penalty * flat

    done = minimize(
        loss,
        np.zeros(wide * count + count * count),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": rounds, "maxcor": 8, "ftol": 1e-6},
    )
    return done.x[: wide * count].reshape(wide, count), done.x[wide * count :].reshape(count, count)
