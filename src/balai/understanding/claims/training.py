"""Trains and measures rankers. scikit-learn is not needed; the seed decides everything."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from balai.understanding.claims.fitting import Lessons, calibrated, fit, together
from balai.understanding.claims.index import Claims
from balai.understanding.claims.overlap import FEATURES, RISES
from balai.understanding.claims.ranker import Network, Ranker, RankerCard
from balai.understanding.claims.sets import (
    Post,
    Task,
    local_sets,
    local_tasks,
    shipped_sets,
    shipped_tasks,
    unrelated,
)
from balai.understanding.packs import SetCard

_NETWORKS = 3
_LEFT_OUT = 0.3  # claims left out, whose posts then repeat none: how "no match" is learnt
_FOLDS = 3


def train_shipped(data: Path, seed: int = 7) -> Ranker:
    """The ranker that Balai brings, from sets that may be passed on."""
    return train(shipped_tasks(data, seed), unrelated(data, valid=False), shipped_sets(), seed)


def train_local(data: Path, seed: int = 7) -> Ranker:
    """A ranker for the office that trains it, from the sets of real claims as well."""
    tasks = [*shipped_tasks(data, seed), *local_tasks(data)]
    return train(tasks, unrelated(data, valid=False), (*shipped_sets(), *local_sets()), seed)


def train(
    tasks: list[Task], unrelated_texts: list[str], sets: tuple[SetCard, ...], seed: int
) -> Ranker:
    """A ranker from tasks; groups that a task holds back are not learnt from."""
    lessons = together([part for task in tasks for part in _lessons(task, unrelated_texts, seed)])
    mean = lessons.overlaps.mean(axis=0).astype(np.float64).round(5)
    spread = (lessons.overlaps.std(axis=0).astype(np.float64) + 1e-3).round(5)
    plain = np.clip((lessons.overlaps - mean) / spread, -5, 5).astype(np.float32)
    count = int(lessons.posts.max()) + 1
    fold = np.random.default_rng(seed).integers(0, _FOLDS, count)
    # Scores for the calibration come from a network that did not learn from the post.
    apart = np.zeros(len(plain), np.float32)
    for place in range(_FOLDS):
        learnt = fold[lessons.posts] != place
        one = fit(plain[learnt], lessons.of(fold != place), RISES, seed + 100 + place)
        card = _card(mean, spread, [one], (), 1.0, 0.0)
        apart[~learnt] = Ranker(card).scores(lessons.overlaps[~learnt])
    best = _best(lessons.posts, apart)
    slope, shift = calibrated(apart[best], lessons.right[best])
    networks = [fit(plain, lessons, RISES, seed + number) for number in range(_NETWORKS)]
    return Ranker(_card(mean, spread, networks, sets, slope, shift))


def _best(posts: NDArray[np.int64], scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """The place of each post's best candidate: its `p` is what an office acts on."""
    order = np.lexsort((-scores, posts))
    return order[np.flatnonzero(np.diff(posts[order], prepend=-1))]


def _card(
    mean: NDArray[np.float64], spread: NDArray[np.float64], networks: list[Network],
    sets: tuple[SetCard, ...], slope: float, shift: float,
) -> RankerCard:  # fmt: skip
    return RankerCard(
        version="claims-1", features=FEATURES, mean=mean.tolist(), spread=spread.tolist(),
        networks=networks, slope=round(slope, 5), shift=round(shift, 5), sets=sets, metrics={},
    )  # fmt: skip


def _lessons(task: Task, unrelated_texts: list[str], seed: int) -> list[Lessons]:
    posts = [post for post in task.posts if post.group not in task.held_back]
    chance = random.Random(seed)  # noqa: S311 - examples, not secrets
    everything = Claims(task.claims)
    gone = {claim.id for claim in task.claims if chance.random() < _LEFT_OUT}
    gone |= {key for post in posts if post.claims & gone for key in post.near}
    fewer = Claims(claim for claim in task.claims if claim.id not in gone)
    strangers = [Post(text, frozenset(), frozenset(), "unrelated") for text in unrelated_texts]
    orphans = [post._replace(near=post.near - gone) for post in posts if post.claims & gone]
    return [_looked_up(everything, posts + strangers), _looked_up(fewer, orphans)]


def _looked_up(index: Claims, posts: list[Post], at_once: int = 200) -> Lessons:
    numbers, overlaps, right = [], [], []
    for place in range(0, len(posts), at_once):
        here = posts[place : place + at_once]
        found = index.candidates([post.text for post in here])
        numbers.append(found.posts + place)
        overlaps.append(found.overlaps)
        keys = index.keys(found.rows)
        right.append(
            np.array(
                [key in here[n].near for n, key in zip(found.posts.tolist(), keys, strict=True)],
                np.bool_,
            )
        )
    return Lessons(np.concatenate(numbers), np.concatenate(overlaps), np.concatenate(right))
