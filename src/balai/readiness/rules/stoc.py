"""The STOC index, domain 3.5: scores, letters, the index, its stage, and what would move it most.

A letter is the weighted mean of the measures that have a value. One that lacks too much of its
weight is not told; nor is the index then. Weights and thresholds come from the dated instrument.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from balai.readiness.rules.figures import Figure

LETTERS = ("S", "T", "O", "C")
DIGITS = 60  # of the fourth root: enough to round any index of two decimals rightly


@dataclass(frozen=True)
class Measure:
    """One line of the table of domain 3.5."""

    code: str
    pillar: str
    weight: Fraction
    rises: bool  # more is better
    low: Fraction
    high: Fraction
    n_min: int
    signal: str
    owner: str

    def score(self, value: Fraction) -> Fraction:
        """0-100: `up(x,a,b) = 100*clip((x-a)/(b-a),0,1)`, or `down`, as domain 3.5."""
        share = (value - self.low) / (self.high - self.low)
        share = share if self.rises else 1 - share
        return 100 * min(max(share, Fraction(0)), Fraction(1))


@dataclass(frozen=True)
class Formula:
    """One version of the index."""

    measures: tuple[Measure, ...]
    floor: Fraction
    most_absent: Fraction
    stage_at: Fraction
    stage_three_share: Fraction
    window_days: int

    def of_pillar(self, letter: str) -> list[Measure]:
        return [one for one in self.measures if one.pillar == letter]

    def measure(self, code: str) -> Measure:
        """Raises LookupError."""
        for one in self.measures:
            if one.code == code:
                return one
        raise LookupError(code)


@dataclass(frozen=True)
class Pillar:
    """A letter: its exact value, and how much of its weight has a figure behind it (0-1).

    `value` is None when nothing has one; `is_told` is False when too much is absent.
    """

    letter: str
    value: Fraction | None
    present: Fraction
    is_told: bool


@dataclass(frozen=True)
class Index:
    """The four letters and what they come to; `value` is None while a letter is not told."""

    pillars: tuple[Pillar, ...]
    scores: Mapping[str, Fraction]
    value: Decimal | None
    stage: int

    def pillar(self, letter: str) -> Pillar:
        return next(one for one in self.pillars if one.letter == letter)


def read_formula(content: Mapping[str, Any]) -> Formula:
    """The formula of an instrument's file. Raises KeyError, ValueError for a damaged one."""
    measures = tuple(
        Measure(
            code=code,
            pillar=row["pillar"],
            weight=Fraction(row["weight"]),
            rises={"up": True, "down": False}[row["direction"]],
            low=Fraction(row["low"]),
            high=Fraction(row["high"]),
            n_min=row["n_min"],
            signal=row["signal"],
            owner=row["owner"],
        )
        for code, row in content["measures"].items()
    )
    for letter in LETTERS:
        if sum(one.weight for one in measures if one.pillar == letter) != 1:
            raise ValueError(f"the weights of {letter} do not add up to one")
    return Formula(
        measures,
        Fraction(content["floor"]),
        Fraction(content["most_absent"]),
        Fraction(content["stage_at"]),
        Fraction(content["stage_three_share"]),
        content["window_days"],
    )


def index_of(
    formula: Formula, figures: Mapping[str, Figure], *, from_social: Fraction | None = None
) -> Index:
    """The index of these figures, by the code of their measure.

    `from_social`: the share of ended matters or service starts that came from a social entry point;
    None while nobody counts it.
    """
    scores = {
        one.code: one.score(value)
        for one in formula.measures
        if (value := _value(figures.get(one.code))) is not None
    }
    pillars = tuple(_pillar(formula, letter, scores) for letter in LETTERS)
    return Index(pillars, scores, _root(formula, pillars), _stage(formula, pillars, from_social))


def levers(formula: Formula, index: Index) -> list[tuple[Measure, Fraction]]:
    """What would move its letter most if it reached its upper end, in points of the letter.

    Only measures with a figure: of the others nobody knows how much they would move.
    """
    gains = []
    for one in formula.measures:
        score, pillar = index.scores.get(one.code), index.pillar(one.pillar)
        if score is not None and score < 100 and pillar.present:
            gains.append((one, (100 - score) * one.weight / pillar.present))
    return sorted(gains, key=lambda pair: (-pair[1], pair[0].code))


def _value(figure: Figure | None) -> Fraction | None:
    return None if figure is None else figure.value


def _pillar(formula: Formula, letter: str, scores: Mapping[str, Fraction]) -> Pillar:
    told = [one for one in formula.of_pillar(letter) if one.code in scores]
    present = sum((one.weight for one in told), Fraction(0))
    if not present:
        return Pillar(letter, None, Fraction(0), False)
    value = sum((one.weight * scores[one.code] for one in told), Fraction(0)) / present
    return Pillar(letter, value, present, 1 - present <= formula.most_absent)


def _root(formula: Formula, pillars: tuple[Pillar, ...]) -> Decimal | None:
    """`STOC = (S*T*O*C)^(1/4)`, each letter floored (domain 3.5); two square roots, 60 digits."""
    product = Fraction(1)
    for one in pillars:
        if one.value is None or not one.is_told:
            return None
        product *= max(one.value, formula.floor)
    with localcontext() as digits:
        digits.prec = DIGITS
        exact = Decimal(product.numerator) / Decimal(product.denominator)
        return exact.sqrt().sqrt()


def _stage(formula: Formula, pillars: tuple[Pillar, ...], from_social: Fraction | None) -> int:
    """Khan's stage, 1-3; 0 while not even the first is shown (thresholds of domain 3.5)."""

    def reaches(letters: str) -> bool:
        found = [one for one in pillars if one.letter in letters]
        return all(
            one.is_told and one.value is not None and one.value >= formula.stage_at for one in found
        )

    if not reaches("ST"):
        return 0
    if not reaches("OC"):
        return 1
    return 3 if from_social is not None and from_social >= formula.stage_three_share else 2
