"""How a post and a claim overlap, as numbers for the ranker."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Floats = NDArray[np.float32]
Wide = NDArray[np.float64]

FEATURES = (
    "said", "said_exactly", "said_rare", "said_early", "mass", "mass_exact", "of_post", "cosine",
    "rarest_said", "rarest_unsaid", "neighbours", "in_order", "close", "numbers_said",
    "numbers_unsaid",   "copy", "first_score", "to_best_first",
    "to_best_said", "to_best_cosine", "to_best_mass", "gap", "few_like_it",
)  # fmt: skip
"""Every overlap is weighted by how rare its words are among the claims. `to_best_…`: beside the
best other candidate of the same post."""

RISES = tuple(-1 if name.endswith("_unsaid") else 1 for name in FEATURES)
"""Whether more of it makes a match likelier (1) or less likely (-1)."""

_EARLY = 20  # the first words of a post are often its headline
_CLOSE = 12.0


class Asked(NamedTuple):
    """The words of a batch of posts in terms of the vocabulary, sorted by post and word.

    `likeness` is 1 for a word of the post itself; `places` is where in the post it stands first.
    """

    posts: Numbers
    words: Numbers
    likeness: Floats
    places: Numbers
    weight: Floats  # of all different words of each post


class Said(NamedTuple):
    """The words of claims; those of row `i` lie at `starts[i]` up to `starts[i + 1]`."""

    words: NDArray[np.int32]
    starts: Numbers
    rarity: Floats  # of each word of the vocabulary: 1 for those of one claim, near 0 for common
    is_number: NDArray[np.bool_]


def overlap(
    asked: Asked, said_by: Said, posts: Numbers, rows: Numbers, first: Floats, copies: Floats
) -> Floats:
    """Candidate pairs x features. `posts` must rise; `first` and `copies` are earlier scores."""
    count = len(posts)
    if not count:
        return np.zeros((0, len(FEATURES)), np.float32)
    lengths = (said_by.starts[rows + 1] - said_by.starts[rows]).astype(np.int64)
    pair = np.repeat(np.arange(count), lengths)
    ends = np.cumsum(lengths)
    slots = np.arange(int(ends[-1])) - np.repeat(ends - lengths, lengths)
    words = said_by.words[np.repeat(said_by.starts[rows], lengths) + slots].astype(np.int64)
    like, place = _looked_up(asked, posts[pair], words, len(said_by.rarity))
    rare = said_by.rarity[words]
    number = said_by.is_number[words]
    exact = like >= 1

    def total(values: NDArray[np.generic]) -> Wide:
        sums: Wide = np.bincount(pair, weights=values, minlength=count).astype(np.float64)
        return sums

    all_, met = total(rare) + 1e-6, total(rare * like)
    squares = rare * rare
    mass = total(squares * like)
    of_post = met / (asked.weight[posts] + 1e-6)
    follows = np.zeros(len(pair), np.float32)
    ordered = np.zeros(len(pair), np.float32)
    if len(pair) > 1:
        both = (pair[1:] == pair[:-1]) & (like[1:] > 0) & (like[:-1] > 0)
        step = place[1:] - place[:-1]
        follows[1:] = both & (np.abs(step) <= 2) & (step != 0)
        ordered[1:] = both & (step > 0)
    heart = total(rare * like * place) / np.maximum(met, 1e-6)
    near = np.exp(-np.abs(place - heart[pair]) / _CLOSE)
    cosine = mass / np.sqrt(total(squares) * np.maximum(asked.weight[posts], 1e-6) + 1e-6)
    figures = total(number) + 1e-6
    said = met / all_
    numbers_said = total(number & exact)
    columns = [
        said,
        total(rare * exact) / all_,
        mass / (total(squares) + 1e-6),
        total(rare * like * (place < _EARLY)) / all_,
        np.log1p(met),
        np.log1p(total(rare * exact)),
        of_post,
        cosine,
        _highest(rare * like, pair, count),
        _highest(rare * (1 - like), pair, count),
        total(follows * rare) / all_,
        total(ordered * rare) / all_,
        total(rare * like * near) / all_,
        numbers_said / figures,
        total(number & ~exact) > 0,
        copies,
        np.log1p(first),
        _beside_best(first, posts),
        _beside_best(said, posts),
        _beside_best(cosine, posts),
        _beside_best(met, posts),
        first - _best_other(first, posts),
        _few_like_it(cosine, posts),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _looked_up(
    asked: Asked, posts: Numbers, words: Numbers, width: int
) -> tuple[Floats, NDArray[np.float32]]:
    """For each word of a claim how like a word of the post it is, and where that stands."""
    known = asked.posts * width + asked.words
    if not len(known):
        return np.zeros(len(words), np.float32), np.zeros(len(words), np.float32)
    keys = posts * width + words
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    met = known[at] == keys
    like = np.where(met, asked.likeness[at], 0).astype(np.float32)
    return like, np.where(met, asked.places[at], 0).astype(np.float32)


def _highest(values: NDArray[np.floating], pair: Numbers, count: int) -> Wide:
    highest = np.zeros(count)
    np.maximum.at(highest, pair, values)
    return highest


def _best_other(values: NDArray[np.floating], posts: Numbers) -> Wide:
    """The best value among the other candidates of the same post."""
    starts = np.flatnonzero(np.concatenate(([True], posts[1:] != posts[:-1])))
    sizes = np.diff(starts, append=len(posts))
    top = np.maximum.reduceat(values, starts)
    is_top = values == np.repeat(top, sizes)
    second = np.maximum.reduceat(np.where(is_top, 0, values), starts)
    shared = np.add.reduceat(is_top.astype(np.int64), starts) > 1
    other = np.where(is_top, np.repeat(np.where(shared, top, second), sizes), np.repeat(top, sizes))
    return other.astype(np.float64)


def _beside_best(values: NDArray[np.floating], posts: Numbers) -> Wide:
    other = _best_other(values, posts)
    beside: Wide = (values - other) / np.maximum(np.maximum(values, other), 1e-6)
    return beside


def _few_like_it(values: NDArray[np.floating], posts: Numbers) -> Wide:
    """One over the number of candidates that come near this one."""
    starts = np.flatnonzero(np.concatenate(([True], posts[1:] != posts[:-1])))
    sizes = np.diff(starts, append=len(posts))
    top = np.repeat(np.maximum.reduceat(values, starts), sizes)
    near = np.add.reduceat((values >= 0.8 * top).astype(np.float64), starts)
    few: Wide = 1 / np.maximum(np.repeat(near, sizes), 1)
    return few
