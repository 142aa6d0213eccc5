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
from balai.analytics.selectors.reading import Reader, reader_of

__all__ = [
    "Figures",
    "Line",
    "Named",
    "Period",
    "Reader",
    "backlog",
    "figures",
    "matters_of",
    "open_ages",
    "places_named",
    "reader_of",
    "series",
    "times_between",
]
