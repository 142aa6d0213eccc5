"""Fits a ranker: small networks that learn which candidate of a post is its claim, or that none is.

The loss is that of choosing among the candidates and "none of them", whose score is 0 (a softmax
with the posts of unknown claims and unrelated messages among its examples); so a score is the log
odds against "none", before calibration.

What makes a match likelier can only raise the score (weights on it do not fall below zero), so that
a full copy is never less likely than a paraphrase, whatever the examples were.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from balai.understanding.claims.ranker import Network

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

HIDDEN = 16
EPOCHS = 12
_POSTS_AT_ONCE = 64
_DECAY = 2e-3
_RATE = 4e-3


class Lessons(NamedTuple):
    """Candidate pairs sorted by post: overlaps, and whether the post repeats the claim."""

    posts: Numbers
    overlaps: Floats
    right: NDArray[np.bool_]

    def of(self, chosen: NDArray[np.bool_]) -> Lessons:
        """The lessons of the posts for which `chosen` is true."""
        kept = chosen[self.posts]
        return Lessons(self.posts[kept], self.overlaps[kept], self.right[kept])


def together(parts: list[Lessons]) -> Lessons:
    """Several sets of lessons as one."""
    posts, first = [], 0
    for part in parts:
        posts.append(part.posts + first)
        first += int(part.posts.max(initial=-1)) + 1
    return Lessons(
        np.concatenate(posts),
        np.concatenate([part.overlaps for part in parts]),
        np.concatenate([part.right for part in parts]),
    )


def fit(plain: Floats, lessons: Lessons, rises: Sequence[int], seed: int) -> Network:
    """One network on standardised overlaps (`plain`, the rows of `lessons`).

    `rises` says of each column whether the score rises (1) or falls (-1) with it.
    """
    turned = np.array(rises, np.float32)
    plain = plain * turned
    chance = np.random.default_rng(seed)
    starts = np.flatnonzero(np.concatenate(([True], lessons.posts[1:] != lessons.posts[:-1])))
    ends = np.append(starts[1:], len(lessons.posts))
    shapes = ((plain.shape[1], HIDDEN), (HIDDEN,), (HIDDEN,), (1,))
    weights = [
        (chance.normal(size=shape) / np.sqrt(shape[0])).astype(np.float32) for shape in shapes
    ]
    weights[0][:] = np.abs(weights[0])
    weights[1][:] = 0
    weights[2][:] = np.abs(weights[2])
    weights[3][:] = -2
    slow = [np.zeros_like(one) for one in weights]
    wide = [np.zeros_like(one) for one in weights]
    steps = 0
    rounds = EPOCHS * -(-len(starts) // _POSTS_AT_ONCE)
    for _ in range(EPOCHS):
        order = chance.permutation(len(starts))
        for place in range(0, len(order), _POSTS_AT_ONCE):
            chosen = order[place : place + _POSTS_AT_ONCE]
            sizes = ends[chosen] - starts[chosen]
            begins = np.cumsum(sizes) - sizes
            rows = np.repeat(starts[chosen] - begins, sizes) + np.arange(int(sizes.sum()))
            slopes = _slopes(weights, plain[rows], lessons.right[rows], begins, sizes)
            steps += 1
            rate = _RATE * (1 - steps / (rounds + 1))
            for one, slope, first, second in zip(weights, slopes, slow, wide, strict=True):
                slope = slope + _DECAY * one * (one.ndim > 1)
                first += 0.1 * (slope - first)
                second += 0.001 * (slope * slope - second)
                lift = (1 - 0.9**steps, 1 - 0.999**steps)
                one -= rate * (first / lift[0]) / (np.sqrt(second / lift[1]) + 1e-8)
            np.maximum(weights[0], 0, out=weights[0])
            np.maximum(weights[2], 0, out=weights[2])
    weights[0] *= turned[:, None]
    into, into_bias, out, out_bias = (one.astype(np.float64).round(5) for one in weights)
    return Network(into.tolist(), into_bias.tolist(), out.tolist(), float(out_bias[0]))


def _slopes(
    weights: list[Floats], plain: Floats, right: NDArray[np.bool_], begins: Numbers, sizes: Numbers
) -> list[Floats]:
    """How the loss of some posts changes with each weight."""
    into, into_bias, out, out_bias = weights
    hidden = np.tanh(plain @ into + into_bias)
    raised = np.exp(np.clip(hidden @ out + out_bias, -30, 30)).astype(np.float64)
    total = 1 + np.add.reduceat(raised, begins)
    meant = np.add.reduceat(raised * right, begins)
    share = raised / np.repeat(total, sizes)
    wanted = np.where(right, raised / np.repeat(np.maximum(meant, 1e-12), sizes), 0)
    error = ((share - wanted) / len(sizes)).astype(np.float32)
    back = error[:, None] * out * (1 - hidden * hidden)
    return [plain.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(keepdims=True)]


def calibrated(scores: Floats, right: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and shift by which scores become probabilities (Platt 1999), by Newton's steps."""
    slope, shift = 1.0, 0.0
    x, y = scores.astype(np.float64), right.astype(np.float64)
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(slope * x + shift, -30, 30)))
        spread = p * (1 - p) + 1e-9
        first = np.array([((p - y) * x).sum(), (p - y).sum()])
        second = np.array(
            [[(spread * x * x).sum() + 1e-3, (spread * x).sum()],
             [(spread * x).sum(), spread.sum() + 1e-3]]
        )  # fmt: skip
        step = np.linalg.solve(second, first)
        slope, shift = slope - float(step[0]), shift - float(step[1])
        if np.abs(step).max() < 1e-6:
            break
    return slope, shift
