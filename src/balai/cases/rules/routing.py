"""Which unit a case probably belongs to, with the reasons. It proposes; a person decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# How much each sign weighs: our own choice [D], the nearer to a person's decision the more.
WEIGHTS = {
    "suggested": 6.0,  # the unit that returned it thinks of this one
    "given": 5.0,  # somebody gave the conversation to this unit
    "hint": 3.0,  # the reading names the unit to which such matters went
    "category": 3.0,  # share of past cases of the same category
    "alike": 2.5,  # share of past cases with like words
    "area": 1.0,  # share of past cases in the same area
}
LEAST = 0.5  # below it nothing is proposed
MOST_PROPOSED = 3


@dataclass(frozen=True)
class Signs:
    """What speaks for units: by unit id, how many past cases; or one unit that is named."""

    suggested: int | None = None
    given: int | None = None
    hint: int | None = None
    category: Mapping[int, int] = field(default_factory=dict)
    alike: Mapping[int, int] = field(default_factory=dict)
    area: Mapping[int, int] = field(default_factory=dict)
    returned: frozenset[int] = frozenset()  # units that said "not ours" in this very case


@dataclass(frozen=True)
class Proposal:
    """A unit with what speaks for it: (sign, how many cases), the strongest first."""

    unit_id: int
    score: float
    reasons: tuple[tuple[str, int], ...]


def _named(signs: Signs) -> tuple[tuple[str, int | None], ...]:
    return (("suggested", signs.suggested), ("given", signs.given), ("hint", signs.hint))


def propose(signs: Signs) -> list[Proposal]:
    """The units that most speaks for, best first. A unit that returned it is not proposed."""
    scores: dict[int, float] = {}
    reasons: dict[int, list[tuple[float, str, int]]] = {}

    def add(unit: int, sign: str, share: float, count: int) -> None:
        weight = WEIGHTS[sign] * share
        scores[unit] = scores.get(unit, 0.0) + weight
        reasons.setdefault(unit, []).append((weight, sign, count))

    for sign, unit in _named(signs):
        if unit is not None:
            add(unit, sign, 1.0, 1)
    for sign, past in (("category", signs.category), ("alike", signs.alike), ("area", signs.area)):
        whole = sum(past.values())
        for unit, count in past.items():
            if count > 0:
                add(unit, sign, count / whole, count)
    wanted = [unit for unit in scores if scores[unit] >= LEAST and unit not in signs.returned]
    wanted.sort(key=lambda unit: (-scores[unit], unit))
    return [
        Proposal(
            unit,
            round(scores[unit], 3),
            tuple((sign, n) for _w, sign, n in sorted(reasons[unit], reverse=True)),
        )
        for unit in wanted[:MOST_PROPOSED]
    ]
