"""Instruments of measurement as dated data: which questions, weights and thresholds hold on a day.

An instrument shares the envelope of a rule pack (rules.targets): dates, citation, who verified it,
the hash of its content. What it asks is read by the room that computes it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from balai.governance.rules.envelope import Envelope, opened


class NoInstrument(LookupError):
    """No version of the instrument is in force on that day."""


@dataclass(frozen=True)
class Instrument(Envelope):
    """One version of one instrument, with all that its file says."""

    content: Mapping[str, Any]


def read_instrument(content: Mapping[str, Any]) -> Instrument:
    """Check an instrument's file and give it a shape. Raises PackTrouble."""
    return opened(content, lambda stated: Instrument(**stated, content=content))


def instrument_on(known: Iterable[Instrument], instrument: str, on: date) -> Instrument:
    """The version that holds on a day: of several, the one that began last. Raises NoInstrument."""
    held = [one for one in known if one.instrument == instrument and one.is_in_force(on)]
    if not held:
        raise NoInstrument(f"{instrument} on {on.isoformat()}")
    return max(held, key=lambda one: (one.effective_from, one.version))
