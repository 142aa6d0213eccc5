"""The good-governance scorecard, domain 3.7: seven principles, each by itself, no composite.

A composite would hide the principle that fails, so there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from balai.readiness.rules.figures import Figure
from balai.readiness.rules.stoc import Measure


@dataclass(frozen=True)
class Principle:
    """One principle: the mean of the measures that have a figure; None when none has."""

    code: str
    value: Fraction | None
    known: int
    of: int


@dataclass(frozen=True)
class Scorecard:
    """All seven, and the score (0-100) of each measure that has a figure."""

    principles: tuple[Principle, ...]
    scores: Mapping[str, Fraction]


def read_scorecard(content: Mapping[str, Any]) -> tuple[Measure, ...]:
    """The measures of an instrument's file. Raises KeyError, ValueError for a damaged one."""
    rows = content["measures"].items()
    measures = tuple(
        Measure(
            code=code,
            pillar=row["principle"],
            weight=Fraction(1),
            rises={"up": True, "down": False}[row["direction"]],
            low=Fraction(row["low"]),
            high=Fraction(row["high"]),
            n_min=row["n_min"],
            signal=row["signal"],
            owner=row["owner"],
        )
        for code, row in rows
    )
    if strangers := {one.pillar for one in measures} - set(content["principles"]):
        raise ValueError(f"no such principle: {sorted(strangers)}")
    return measures


def scorecard_of(
    principles: list[str], measures: tuple[Measure, ...], figures: Mapping[str, Figure]
) -> Scorecard:
    """The scorecard of these figures; what is not known has no score and counts for nothing."""
    scores = {
        one.code: one.score(value)
        for one in measures
        if (figure := figures.get(one.code)) is not None and (value := figure.value) is not None
    }
    return Scorecard(tuple(_principle(code, measures, scores) for code in principles), scores)


def _principle(
    code: str, measures: tuple[Measure, ...], scores: Mapping[str, Fraction]
) -> Principle:
    asked = [one.code for one in measures if one.pillar == code]
    told = [scores[one] for one in asked if one in scores]
    mean = sum(told, Fraction(0)) / len(told) if told else None
    return Principle(code, mean, len(told), len(asked))
