"""Instruments of measurement as dated data: which questions, weights and thresholds hold on a day.

An instrument shares the envelope of a rule pack (rules.targets): dates, citation, who verified it,
the hash of its content. What it asks is read by the room that computes it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from balai.governance.rules.targets import PackTrouble, content_hash


class NoInstrument(LookupError):
    """No version of the instrument is in force on that day."""


@dataclass(frozen=True)
class Instrument:
    """One version of one instrument, in force from `effective_from` until `effective_to`."""

    instrument: str
    version: str
    title: str
    effective_from: date
    effective_to: date | None
    citation: str
    verified_by: str
    verified_at: date | None
    content: Mapping[str, Any]
    content_hash: str

    def is_in_force(self, on: date) -> bool:
        """Whether it holds on that day, first and last day included."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


def read_instrument(content: Mapping[str, Any]) -> Instrument:
    """Check an instrument's file and give it a shape. Raises PackTrouble."""
    name = f"{content.get('instrument', '?')} {content.get('version', '?')}"
    try:
        found = content_hash(content)
        if content["content_hash"] != found:
            raise PackTrouble(
                f"{name}: the content gives {found}, the file states {content['content_hash']}"
            )
        return Instrument(
            instrument=content["instrument"],
            version=content["version"],
            title=content["title"],
            effective_from=content["effective_from"],
            effective_to=content.get("effective_to"),
            citation=content["citation"],
            verified_by=content["verified_by"],
            verified_at=content.get("verified_at"),
            content=content,
            content_hash=found,
        )
    except (KeyError, TypeError, AttributeError) as missing:
        raise PackTrouble(f"{name}: {missing!r} is missing or of another kind") from missing


def instrument_on(known: Iterable[Instrument], instrument: str, on: date) -> Instrument:
    """The version that holds on a day: of several, the one that began last. Raises NoInstrument."""
    held = [one for one in known if one.instrument == instrument and one.is_in_force(on)]
    if not held:
        raise NoInstrument(f"{instrument} on {on.isoformat()}")
    return max(held, key=lambda one: (one.effective_from, one.version))
