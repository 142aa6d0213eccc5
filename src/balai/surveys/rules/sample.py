"""How many responses a population asks for: Krejcie and Morgan 1970, domain 4.1."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any


def sample_by_formula(population: int, sample: Mapping[str, Any]) -> int:
    """n = X2 N P(1-P) / (d2 (N-1) + X2 P(1-P)), to the nearest. Raises ValueError below one."""
    if population < 1:
        raise ValueError("a population has at least one member")
    spread = Fraction(sample["proportion"]) * (1 - Fraction(sample["proportion"]))
    chi_square, error = Fraction(sample["chi_square"]), Fraction(sample["error"])
    wanted = chi_square * population * spread / (error**2 * (population - 1) + chi_square * spread)
    return min(population, int(wanted + Fraction(1, 2)))


def sample_by_table(population: int, sample: Mapping[str, Any]) -> int:
    """The printed table; between two rows the larger one, beyond it the last. Raises ValueError."""
    if population < 1:
        raise ValueError("a population has at least one member")
    rows = sorted(sample["table"])
    wanted: int = next((n for most, n in rows if population <= most), rows[-1][1])
    return min(population, wanted)
