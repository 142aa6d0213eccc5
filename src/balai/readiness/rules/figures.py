"""A figure: numerator over denominator, the cases behind it, and whether it says anything.

All values are exact fractions; they are rounded only when somebody reads them (half up).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

FORMULA = 1  # rises when a figure of this room is computed otherwise


class Status(StrEnum):
    """Whether a figure says anything (issue 7)."""

    OK = "ok"
    INSUFFICIENT = "insufficient_data"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Figure:
    """What was counted. `value` is numerator / denominator; None unless the status is `ok`.

    `reason` is a code of why there is no value; `n` the number of cases, which is not always the
    denominator (a ratio of two rates, a value of money).
    """

    status: Status
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    n: int = 0
    reason: str = ""

    @property
    def value(self) -> Fraction | None:
        if self.status is not Status.OK or self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator


def counted(part: int | Fraction, whole: int | Fraction, *, n: int, n_min: int) -> Figure:
    """A figure of `n` cases; fewer than `n_min`, or none at all, say nothing."""
    told = n >= n_min and whole > 0
    return Figure(
        Status.OK if told else Status.INSUFFICIENT,
        Fraction(part),
        Fraction(whole),
        n,
        "" if told else "too_few",
    )


def absent(reason: str) -> Figure:
    """Nothing of the kind is recorded, so there is no figure, not a figure of nought."""
    return Figure(Status.NOT_APPLICABLE, reason=reason)


def fingerprint(signal: str, formula: int, asked: Mapping[str, Any]) -> str:
    """Which question was put, as 16 hex digits: the same question has the same fingerprint."""
    text = json.dumps({"signal": signal, "formula": formula, **asked}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def two_places(value: Fraction | Decimal) -> Decimal:
    """Rounded half up to two decimals, exactly: 2.515 is 2.52, 88.304 is 88.30."""
    if isinstance(value, Decimal):
        return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    hundredths = (2 * 100 * value.numerator + value.denominator) // (2 * value.denominator)
    return Decimal(f"{hundredths}E-2")  # exact, where arithmetic would round to 28 digits
