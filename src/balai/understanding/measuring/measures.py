"""The measures: pure arithmetic on what was said and what is true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

BINS = 10


class Score(msgspec.Struct, frozen=True):
    """Precision, recall and their harmonic mean for one label; `rows` is how often it is true."""

    precision: float
    recall: float
    f1: float
    rows: int


class Calibration(msgspec.Struct, frozen=True):
    """Whether `p` is honest: its expected error, and how the sure answers did.

    `error` is the mean distance between `p` and the share that was right over ten bins of `p`,
    each weighed by its rows (expected calibration error, Guo et al. 2017). None where no `p` was
    given.
    """

    rows: int
    error: float | None
    sure_share: float
    sure_right: float | None


def score(right: int, said: int, true: int) -> Score:
    """The score of `right` answers among `said` ones where `true` were there to find."""
    precision = right / said if said else 0.0
    recall = right / true if true else 0.0
    together = 2 * right / (said + true) if said + true else 0.0
    return Score(precision, recall, together, true)


def by_label(said: Sequence[str], true: Sequence[str], known: Sequence[str]) -> dict[str, Score]:
    """The score of each label that is said or true somewhere, in the order of `known`."""
    right = Counter(one for one, other in zip(said, true, strict=True) if one == other)
    uttered, there = Counter(said), Counter(true)
    found = [one for one in known if uttered[one] or there[one]]
    found += sorted((set(uttered) | set(there)) - set(known))
    return {one: score(right[one], uttered[one], there[one]) for one in found}


def macro(scores: dict[str, Score]) -> float:
    """The mean F1 of the labels that are true somewhere."""
    there = [one.f1 for one in scores.values() if one.rows]
    return sum(there) / len(there) if there else 0.0


def share(hits: Sequence[bool]) -> float:
    """The share of hits; 0 of nothing."""
    return sum(hits) / len(hits) if hits else 0.0


def confusion(said: Sequence[str], true: Sequence[str]) -> dict[str, dict[str, int]]:
    """How often each true label was read as each label."""
    table: dict[str, dict[str, int]] = {}
    for (meant, read), count in sorted(Counter(zip(true, said, strict=True)).items()):
        table.setdefault(meant, {})[read] = count
    return table


def calibration(
    p: Sequence[float | None], hits: Sequence[bool], sure: Sequence[bool]
) -> Calibration:
    """How honest the given `p` are."""
    given = [(one, hit) for one, hit in zip(p, hits, strict=True) if one is not None]
    firm = [hit for hit, is_sure in zip(hits, sure, strict=True) if is_sure]
    return Calibration(
        rows=len(given),
        error=_expected_error(given) if given else None,
        sure_share=len(firm) / len(hits) if hits else 0.0,
        sure_right=share(firm) if firm else None,
    )


def _expected_error(given: Sequence[tuple[float, bool]]) -> float:
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for p, hit in given:
        bins[min(int(p * BINS), BINS - 1)].append((p, hit))
    gaps = (abs(sum(p for p, _ in one) - sum(hit for _, hit in one)) for one in bins)
    return sum(gaps) / len(given)


def recall_at(p: Sequence[float], true: Sequence[bool], most_false: float) -> tuple[float, float]:
    """The best recall at no more than the share `most_false` of false alarms, and the `p` for it.

    Answers of the same `p` stand or fall together.
    """
    negatives = sorted(one for one, is_true in zip(p, true, strict=True) if not is_true)
    positives = [one for one, is_true in zip(p, true, strict=True) if is_true]
    allowed = int(most_false * len(negatives))
    if allowed >= len(negatives):
        return 1.0 if positives else 0.0, 0.0
    least = negatives[len(negatives) - 1 - allowed]  # p must be greater than this
    caught = [one for one in positives if one > least]
    return (len(caught) / len(positives) if positives else 0.0), min(caught, default=1.0)
