"""Linear chains: the best labels of many texts at once, and how likely every label is.

Texts of like length are laid side by side, the longest first, and walked through together, one step
a token: at each step those that go on stand in front. `emit` is the score of every label at every
token, `move[a, b]` the score of label b behind label a.
Lafferty, McCallum & Pereira 2001 (conditional random fields); Viterbi 1967; forward-backward with
a scaled sum at every step (Rabiner 1989), so that nothing overflows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from balai.understanding.tagging.tokens import Numbers

Scores = NDArray[np.float64]
_SIDE_BY_SIDE = 512  # texts walked together; more would not stay in the cache


class Sum(NamedTuple):
    """Of a batch: the log of the sum over all paths, each label's share, each move's share."""

    total: float
    shares: Scores
    moves: Scores


class _Block(NamedTuple):
    """Texts side by side: `going[t]` of them have a token t, which is `places[t][:going[t]]`."""

    places: list[Numbers]
    emit: list[Scores]


def _blocks(emit: Scores, starts: Numbers) -> Iterator[_Block]:
    """All texts that are not empty; the scores of a step are labels x texts."""
    lengths = np.diff(starts)
    order = np.argsort(-lengths, kind="stable")
    order = order[lengths[order] > 0]
    for first in range(0, len(order), _SIDE_BY_SIDE):
        texts = order[first : first + _SIDE_BY_SIDE]
        long = lengths[texts]
        steps = np.arange(long[0])
        going = np.searchsorted(-long, -steps)  # of falling lengths, those above each step
        places = [
            starts[texts[:many]] + step for step, many in zip(steps, going.tolist(), strict=True)
        ]
        rows = emit[np.concatenate(places)].T
        ends = np.cumsum(going).tolist()
        yield _Block(
            places,
            [
                np.ascontiguousarray(rows[:, end - many : end])
                for end, many in zip(ends, going.tolist(), strict=True)
            ],
        )


def best(emit: Scores, move: Scores, starts: Numbers) -> Numbers:
    """The labels of the best path of every text; text `i` is `starts[i]` up to `starts[i + 1]`."""
    labels = np.zeros(len(emit), np.int64)
    for places, scores in _blocks(emit, starts):
        reached = [scores[0]]
        for here in scores[1:]:
            ways = reached[-1][:, None, : here.shape[1]] + move[:, :, None]
            reached.append(ways.max(0) + here)
        label = np.zeros(0, np.int64)
        for step in range(len(places) - 1, -1, -1):
            score = reached[step]
            on = score[:, : len(label)] + move[:, label]  # those that go on to a label
            label = np.concatenate([on.argmax(0), score[:, len(label) :].argmax(0)])
            labels[places[step]] = label
    return labels


def shares(emit: Scores, move: Scores, starts: Numbers) -> Sum:
    """How likely each label is at each token, given the whole text."""
    likely = np.zeros(emit.shape)
    moves = np.zeros(move.shape)
    total = 0.0
    go = np.exp(move)
    for places, scores in _blocks(emit, starts):
        tops = [one.max(0) for one in scores]
        heres = [np.exp(one - top) for one, top in zip(scores, tops, strict=True)]
        ahead: list[Scores] = []
        scales: list[Scores] = []
        for here in heres:
            reached = (go.T @ ahead[-1][:, : here.shape[1]]) * here if ahead else here
            scales.append(reached.sum(0))
            ahead.append(reached / scales[-1])
        behind = np.ones((len(move), 0))
        for step in range(len(places) - 1, -1, -1):
            new = ahead[step].shape[1] - behind.shape[1]
            behind = np.concatenate([behind, np.ones((len(move), new))], axis=1)
            share = ahead[step] * behind
            likely[places[step]] = (share / share.sum(0)).T
            if step:
                weighed = heres[step] * behind / scales[step]
                moves += go * (ahead[step - 1][:, : weighed.shape[1]] @ weighed.T)
                behind = go @ weighed
        total += float(np.log(np.concatenate(scales)).sum() + np.concatenate(tops).sum())
    return Sum(total, likely, moves)


def neighbours(values: NDArray[np.integer], texts: Numbers, distance: int, beyond: int) -> Numbers:
    """For each token the value of the one `distance` words on, `beyond` outside its text."""
    at = np.arange(len(values)) + distance
    inside = np.clip(at, 0, len(values) - 1)
    return np.where((at == inside) & (texts[inside] == texts), values[inside], beyond)
