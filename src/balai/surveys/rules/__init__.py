"""Law and arithmetic of satisfaction surveys. No Django, no database."""

from balai.surveys.rules.index import (
    Band,
    Element,
    Figure,
    Index,
    Instrument,
    NoAnswers,
    Tally,
    compute,
    read_instrument,
    tally,
)
from balai.surveys.rules.life import MOVES, NotAllowedNow, check_move
from balai.surveys.rules.sample import sample_by_formula, sample_by_table

SUPPRESSED_BELOW = 5  # domain 5.4(7): cells of fewer answers are not shown
LOWEST = 3  # domain 4.1: the report names the lowest three elements
FORMULA = "skm-exact-1"  # the version of the arithmetic that a computation names

__all__ = [
    "FORMULA",
    "LOWEST",
    "MOVES",
    "SUPPRESSED_BELOW",
    "Band",
    "Element",
    "Figure",
    "Index",
    "Instrument",
    "NoAnswers",
    "NotAllowedNow",
    "Tally",
    "check_move",
    "compute",
    "read_instrument",
    "sample_by_formula",
    "sample_by_table",
    "tally",
]
