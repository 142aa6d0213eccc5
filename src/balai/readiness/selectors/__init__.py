"""Reads of readiness: the index and its measures, and what stands behind them."""

from balai.readiness.selectors.index import (
    Reckoned,
    figures_on,
    formula_on,
    latest,
    monthly,
    owners_of,
    reckoned,
    window_on,
)
from balai.readiness.selectors.signals import CountedRow, Window, figure, rows

__all__ = [
    "CountedRow",
    "Reckoned",
    "Window",
    "figure",
    "figures_on",
    "formula_on",
    "latest",
    "monthly",
    "owners_of",
    "reckoned",
    "rows",
    "window_on",
]
