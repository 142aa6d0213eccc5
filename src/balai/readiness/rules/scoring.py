"""Levels and scores of readiness, domain 3.2. Exact; nothing is guessed and nothing is overridden.

An indicator has a level of 1-5, or none: unknown. A component that lacks too much weight is not
reportable, and the whole is told only when enough components are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Any

from balai.readiness.rules.figures import two_places

HIGHEST = 5


class Mode(StrEnum):
    """Where an indicator's level comes from."""

    AUTO = "auto"
    HYBRID = "hybrid"
    ATTESTED = "attested"


@dataclass(frozen=True)
class Step:
    """What a level needs: at least `value`, or strictly more."""

    value: Fraction
    strictly: bool

    def is_reached(self, value: Fraction) -> bool:
        return value > self.value if self.strictly else value >= self.value


@dataclass(frozen=True)
class Indicator:
    """One of the fifty questions. `cap` holds its computed or claimed level down; None: nothing."""

    code: str
    component: str
    weight: int
    mode: Mode
    steps: tuple[Step, ...]
    n_min: int
    signal: str
    months: int
    cap: int | None


@dataclass(frozen=True)
class Component:
    """One of the seven."""

    code: str
    weight: int
    owner: str


@dataclass(frozen=True)
class Instrument:
    """One version of the questions, their weights, and the guards of domain 3.2."""

    components: tuple[Component, ...]
    indicators: tuple[Indicator, ...]
    most_absent: Fraction
    least_reportable: int
    sample_share: Fraction
    window_days: int

    def of_component(self, code: str) -> list[Indicator]:
        return [one for one in self.indicators if one.component == code]

    def indicator(self, code: str) -> Indicator:
        """Raises LookupError."""
        for one in self.indicators:
            if one.code == code:
                return one
        raise LookupError(code)


class Proof(StrEnum):
    """What stands behind a level that somebody claims."""

    NONE = "none"
    LIVE = "live"
    EXPIRED = "expired"
    FAILED = "failed"  # the auditor's sample did not hold


@dataclass(frozen=True)
class ComponentScore:
    """A component: its score of 1.00-5.00, and the weight (0-1) that is unknown."""

    code: str
    score: Decimal | None
    absent: Fraction
    is_reportable: bool

    @property
    def level(self) -> int | None:
        return floor(self.score) if self.score is not None and self.is_reportable else None


@dataclass(frozen=True)
class Readiness:
    """All seven, and what they come to; None while too few components are reportable."""

    components: tuple[ComponentScore, ...]
    value: Decimal | None
    level: int | None

    @property
    def percent(self) -> Fraction | None:
        """`(R-1)/4*100`."""
        return None if self.value is None else (Fraction(self.value) - 1) / 4 * 100

    @property
    def reportable(self) -> int:
        return sum(one.is_reportable for one in self.components)

    def component(self, code: str) -> ComponentScore:
        return next(one for one in self.components if one.code == code)


@dataclass(frozen=True)
class Gap:
    """One step of the action plan: an indicator, its level (None: unknown), and the next one."""

    code: str
    level: int | None
    target: int


def read_instrument(content: Mapping[str, Any]) -> Instrument:
    """The instrument of a dated file. Raises KeyError, ValueError for a damaged one."""
    found = Instrument(
        tuple(
            Component(code, row["weight"], row["owner"])
            for code, row in content["components"].items()
        ),
        tuple(
            Indicator(
                code,
                row["component"],
                row["weight"],
                Mode(row["mode"]),
                tuple(
                    Step(Fraction(step.removeprefix(">")), step.startswith(">"))
                    for step in row["steps"]
                ),
                row["n_min"],
                row["signal"],
                row["months"],
                row.get("cap"),
            )
            for code, row in content["indicators"].items()
        ),
        Fraction(content["most_absent"]),
        content["least_reportable"],
        Fraction(content["sample_share"]),
        content["window_days"],
    )
    for component in found.components:
        if sum(one.weight for one in found.of_component(component.code)) != 100:
            raise ValueError(f"the weights of {component.code} do not add up to a hundred")
    return found


def computed_level(indicator: Indicator, value: Fraction | None) -> int | None:
    """The level that a figure gives; None while it is unknown, or has no steps to compare with."""
    if value is None or not indicator.steps:
        return None
    level = 1
    for step in indicator.steps:
        if not step.is_reached(value):
            break
        level += 1
    return _capped(indicator, level)


def attested_level(indicator: Indicator, claimed: int | None, proof: Proof) -> int:
    """No evidence, no level: 1. Expired evidence drops it by one; a failed sample to 1 (3.2)."""
    if claimed is None or proof in (Proof.NONE, Proof.FAILED):
        return 1
    level = claimed - 1 if proof is Proof.EXPIRED else claimed
    return _capped(indicator, max(level, 1))


def level_of(
    indicator: Indicator, computed: int | None, claimed: int | None, proof: Proof
) -> int | None:
    """The level by the indicator's mode; hybrid is the lower of the two, unknown with one half."""
    if indicator.mode is Mode.AUTO:
        return computed
    attested = attested_level(indicator, claimed, proof)
    if indicator.mode is Mode.ATTESTED:
        return attested
    return None if computed is None else min(computed, attested)


def proof_of(valid_until: Sequence[date], on: date, *, failed: bool) -> Proof:
    """What evidence is worth on a day; the longest-lived counts, unless the sample failed."""
    if failed:
        return Proof.FAILED
    if not valid_until:
        return Proof.NONE
    return Proof.LIVE if max(valid_until) >= on else Proof.EXPIRED


def readiness_of(instrument: Instrument, levels: Mapping[str, int | None]) -> Readiness:
    """`c = sum(w*level)/sum(w)`, `R = sum(W*c)/100`, `min(floor(R), floor(min c)+1)` (3.2).

    R is taken over the reportable components, and only when enough of them are [D].
    """
    scores = tuple(_component(instrument, one, levels) for one in instrument.components)
    told = [
        (weight.weight, one.score)
        for weight, one in zip(instrument.components, scores, strict=True)
        if one.is_reportable and one.score is not None
    ]
    if len(told) < instrument.least_reportable:
        return Readiness(scores, None, None)
    whole = sum(weight for weight, _score in told)
    exact = sum((weight * Fraction(score) for weight, score in told), Fraction(0)) / whole
    lowest = min(score for _weight, score in told)
    return Readiness(scores, _three_places(exact), min(floor(exact), floor(lowest) + 1))


def gaps(
    instrument: Instrument, component: ComponentScore, levels: Mapping[str, int | None]
) -> list[Gap]:
    """What lies between a component and exactly its next level, the heaviest first.

    Each step is of one level (Lee & Kwak: one level at a time). What is unknown is a gap too: it
    has to be recorded before anything else can be said.
    """
    next_level = min((component.level or 0) + 1, HIGHEST)
    found = []
    for one in instrument.of_component(component.code):
        level = levels.get(one.code)
        if level is None:
            found.append((one.weight, Gap(one.code, None, 1)))
        elif level < next_level:
            found.append((one.weight, Gap(one.code, level, level + 1)))
    return [gap for _weight, gap in sorted(found, key=lambda pair: (-pair[0], pair[1].code))]


def _capped(indicator: Indicator, level: int) -> int:
    return level if indicator.cap is None else min(level, indicator.cap)


def _component(
    instrument: Instrument, component: Component, levels: Mapping[str, int | None]
) -> ComponentScore:
    asked = instrument.of_component(component.code)
    known = [(one.weight, level) for one in asked if (level := levels.get(one.code)) is not None]
    weight, whole = sum(w for w, _level in known), sum(one.weight for one in asked)
    absent = 1 - Fraction(weight, whole)
    if not known:
        return ComponentScore(component.code, None, absent, False)
    score = two_places(Fraction(sum(w * level for w, level in known), weight))
    return ComponentScore(component.code, score, absent, absent <= instrument.most_absent)


def _three_places(value: Fraction) -> Decimal:
    """Half up; R of the example is 2.515."""
    return Decimal(f"{floor(value * 1000 + Fraction(1, 2))}E-3")
