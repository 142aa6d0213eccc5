"""Reads of readiness: the index and its measures, and what stands behind them."""

from balai.readiness.selectors.assessment import (
    Answered,
    Assessed,
    assessed,
    assessments_of,
    evidence_of,
    expiring,
    questions_of,
    questions_on,
    year_before,
)
from balai.readiness.selectors.index import (
    Reckoned,
    figures_on,
    formula_on,
    latest,
    monthly,
    owners_of,
    reckoned,
    scorecard,
    scorecard_on,
    window_on,
)
from balai.readiness.selectors.signals import CountedRow, Window, figure, rows

__all__ = [
    "Answered",
    "Assessed",
    "CountedRow",
    "Reckoned",
    "Window",
    "assessed",
    "assessments_of",
    "evidence_of",
    "expiring",
    "figure",
    "figures_on",
    "formula_on",
    "latest",
    "monthly",
    "owners_of",
    "questions_of",
    "questions_on",
    "reckoned",
    "rows",
    "scorecard",
    "scorecard_on",
    "window_on",
    "year_before",
]
