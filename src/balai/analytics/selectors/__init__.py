"""What the reports read: figures of a period from rollups, and what rises from the inbox's rows."""

from balai.analytics.selectors.figures import (
    Figures,
    Line,
    Period,
    backlog,
    figures,
    open_ages,
    series,
    times_between,
)
from balai.analytics.selectors.matters import Named, matters_of, places_named
from balai.analytics.selectors.owing import answered_ids, late_ids, reopened_ids, whole
from balai.analytics.selectors.reading import Reader, reader_of

__all__ = [
    "Figures",
    "Line",
    "Named",
    "Period",
    "Reader",
    "answered_ids",
    "backlog",
    "figures",
    "late_ids",
    "matters_of",
    "open_ages",
    "places_named",
    "reader_of",
    "reopened_ids",
    "series",
    "times_between",
    "whole",
]
