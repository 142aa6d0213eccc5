"""Measures a ranker on tasks: is the claim found, and may a machine answer by itself?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from balai.understanding.claims.index import Claims
from balai.understanding.claims.ranker import Ranker
from balai.understanding.claims.sets import Task

Figures = dict[str, float]

RIGHT = 0.99
"""Least share of right answers among those given without a person."""
FALSE = 0.01
"""Greatest share of unrelated messages that may be answered."""


def measure(ranker: Ranker, task: Task, unrelated: list[str]) -> dict[str, Figures]:
    """For each group of posts: recall, MAP, and what can be answered without a person.

    Recall and MAP count the claims that the set names; an answer is right also with a claim
    that says the same (`Post.near`).
    """
    index = Claims(task.claims, ranker)
    strangers = np.array([found[0].p if found else 0 for found in index.match(unrelated)])
    groups = sorted({post.group for post in task.posts})
    if any(group.endswith(", hard") for group in groups):
        groups = sorted({*groups, *(group.removesuffix(", hard") for group in groups)})
    figures = {}
    for group in groups:
        posts = [post for post in task.posts if post.group in {group, f"{group}, hard"}]
        matches = index.match([post.text for post in posts])
        right = [
            [match.id in post.claims for match in found]
            for post, found in zip(posts, matches, strict=True)
        ]
        p = np.array([found[0].p if found else 0 for found in matches])
        first = np.array(
            [
                bool(found) and found[0].id in post.near
                for post, found in zip(posts, matches, strict=True)
            ]
        )
        figures[group] = {"posts": len(posts), **_found(right), **_answered(p, first, strangers)}
    return figures


def _found(right: list[list[bool]]) -> Figures:
    firsts = [next((1 / place for place, hit in enumerate(one, 1) if hit), 0.0) for one in right]
    return {
        "recall_1": float(np.mean([first == 1 for first in firsts])),
        "recall_5": float(np.mean([first > 0 for first in firsts])),
        "map_5": float(np.mean(firsts)),
    }


def _answered(
    p: NDArray[np.float64], first: NDArray[np.bool_], strangers: NDArray[np.float64]
) -> Figures:
    """The greatest share of posts that can be answered within `RIGHT` and `FALSE`; calibration."""
    best, bound = 0.0, 1.0
    for least in np.unique(p):
        given = p >= least
        good = first[given].mean() >= RIGHT and (strangers >= least).mean() <= FALSE
        if good and given.mean() > best:
            best, bound = float(given.mean()), float(least)
    both = np.concatenate((p, strangers))
    truth = np.concatenate((first, np.zeros(len(strangers), bool)))
    return {"answered": best, "answered_from": bound, "calibration": calibration_error(both, truth)}


def calibration_error(p: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10) -> float:
    """The expected difference between `p` and the share that is right, over ten bins."""
    place = np.minimum((p * bins).astype(int), bins - 1)
    error = 0.0
    for number in range(bins):
        here = place == number
        if here.any():
            error += float(here.mean() * abs(p[here].mean() - right[here].mean()))
    return error
