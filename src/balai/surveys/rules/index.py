"""The satisfaction index (IKM) of PermenPANRB 14/2017 in exact fractions: domain 4.1.

Weights are 1/k, never 0.11: with that, a perfect survey scores 99.00. The index is rounded half up
to two decimals and only then put into a band, which closes the gaps of the printed bands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

TWO_PLACES = Decimal("0.01")


class NoAnswers(ValueError):
    """Nobody answered an element that counts: there is no index."""


@dataclass(frozen=True)
class Element:
    """One thing that citizens judge."""

    code: str
    names: Mapping[str, str]
    questions: Mapping[str, str]
    free_value: int | None = None  # what counts where the service is free

    def name(self, language: str) -> str:
        """The name in a language, else in Indonesian."""
        return self.names.get(language, self.names["id"])

    def question(self, language: str) -> str:
        """The question in a language, else in Indonesian."""
        return self.questions.get(language, self.questions["id"])


@dataclass(frozen=True)
class Band:
    """A grade, and the index from which it is given."""

    grade: str
    least: Decimal
    words: Mapping[str, str]


@dataclass(frozen=True)
class Instrument:
    """Elements, scale and bands of one version of the survey."""

    name: str
    version: str
    title: str
    citation: str
    elements: tuple[Element, ...]
    scale: tuple[int, int]
    scale_words: Mapping[str, Sequence[str]]
    factor: int
    bands: tuple[Band, ...]
    template_weight: Fraction
    sample: Mapping[str, Any]

    def element(self, code: str) -> Element:
        """Raises LookupError."""
        for one in self.elements:
            if one.code == code:
                return one
        raise LookupError(code)

    def band(self, index: Decimal) -> Band:
        """The band of a rounded index. Raises NoAnswers for an index below every band."""
        for band in sorted(self.bands, key=lambda one: -one.least):
            if index >= band.least:
                return band
        raise NoAnswers(f"{index} is below every band")


@dataclass(frozen=True)
class Tally:
    """What was answered to one element: how many, and their sum."""

    n: int
    total: int


@dataclass(frozen=True)
class Figure:
    """One element's average on the scale (NRR), exact, and of how many answers."""

    code: str
    n: int
    average: Fraction


@dataclass(frozen=True)
class Index:
    """The result: every element's figure, the index exact and rounded, and its grade.

    `template` is what the usual spreadsheet gives, with its weight rounded to 0.11: it is shown
    beside the exact index and never used.
    """

    figures: tuple[Figure, ...]
    exact: Fraction
    rounded: Decimal
    band: Band
    template: Decimal

    def lowest(self, how_many: int) -> list[Figure]:
        """The elements that citizens judged worst, worst first; ties by code."""
        return sorted(self.figures, key=lambda one: (one.average, one.code))[:how_many]


def read_instrument(content: Mapping[str, Any]) -> Instrument:
    """Give a pack's content its shape."""
    scale = content["scale"]
    return Instrument(
        name=content["instrument"],
        version=content["version"],
        title=content["title"],
        citation=content["citation"],
        elements=tuple(
            Element(
                code=one["code"],
                names=_in_languages(one, "name"),
                questions=_in_languages(one, "question"),
                free_value=one.get("free_value"),
            )
            for one in content["elements"]
        ),
        scale=(scale["least"], scale["most"]),
        scale_words=_in_languages(scale, "words"),
        factor=scale["factor"],
        bands=tuple(
            Band(one["grade"], Decimal(one["from"]), _in_languages(one, "words"))
            for one in content["bands"]
        ),
        template_weight=Fraction(content["template"]["weight"]),
        sample=content["sample"],
    )


def tally(answers: Iterable[Mapping[str, int]]) -> dict[str, Tally]:
    """Add up responses, each a mapping of element code to value; what is missing counts nowhere."""
    sums: dict[str, list[int]] = {}
    for response in answers:
        for code, value in response.items():
            row = sums.setdefault(code, [0, 0])
            row[0] += 1
            row[1] += value
    return {code: Tally(n, total) for code, (n, total) in sums.items()}


def compute(
    instrument: Instrument, tallies: Mapping[str, Tally], active: Sequence[str] | None = None
) -> Index:
    """The index of what was tallied over the active elements (all, unless told).

    Raises:
        NoAnswers: an active element has no answer.
    """
    codes = [one.code for one in instrument.elements if active is None or one.code in active]
    missing = [code for code in codes if tallies.get(code, Tally(0, 0)).n == 0]
    if missing or not codes:
        raise NoAnswers(", ".join(missing))
    figures = tuple(
        Figure(code, tallies[code].n, Fraction(tallies[code].total, tallies[code].n))
        for code in codes
    )
    averages = sum((one.average for one in figures), Fraction(0))
    exact = averages / len(figures) * instrument.factor
    rounded = half_up(exact)
    return Index(
        figures=figures,
        exact=exact,
        rounded=rounded,
        band=instrument.band(rounded),
        template=half_up(averages * instrument.template_weight * instrument.factor),
    )


def half_up(value: Fraction) -> Decimal:
    """Two decimals, half up, without a detour through binary fractions."""
    hundredfold = value * 100
    whole = (2 * hundredfold.numerator + hundredfold.denominator) // (2 * hundredfold.denominator)
    return (Decimal(whole) / 100).quantize(TWO_PLACES, ROUND_HALF_UP)


def _in_languages(row: Mapping[str, Any], stem: str) -> dict[str, Any]:
    return {key.removeprefix(f"{stem}_"): row[key] for key in row if key.startswith(f"{stem}_")}
