"""Instruments: surveys, indices and indicator sets of the State as dated packs of data.

A file in `packs/instruments/` states what every pack states (instrument, version, in force from,
citation, who verified it, content hash); the rest is for the room that knows the instrument.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from balai.governance.rules.targets import PackTrouble, content_hash

FOLDER = Path(__file__).resolve().parent.parent / "packs" / "instruments"
STATED = ("instrument", "version", "title", "effective_from", "citation", "verified_by")


@lru_cache(maxsize=1)
def instruments() -> tuple[Mapping[str, Any], ...]:
    """Every instrument that ships with this version. Raises PackTrouble for a damaged file."""
    return tuple(
        _checked(tomllib.loads(file.read_text("utf-8"))) for file in sorted(FOLDER.glob("*.toml"))
    )


def instrument_on(name: str, on: date) -> Mapping[str, Any] | None:
    """The instrument as it holds on a day: of several versions, the one that began last."""
    held = [one for one in instruments() if one["instrument"] == name and _is_in_force(one, on)]
    return max(held, key=lambda one: (one["effective_from"], one["version"]), default=None)


def instrument(name: str, version: str) -> Mapping[str, Any]:
    """A version of an instrument, in force or not. Raises LookupError."""
    for one in instruments():
        if (one["instrument"], one["version"]) == (name, version):
            return one
    raise LookupError(f"{name} {version}")


def _is_in_force(content: Mapping[str, Any], on: date) -> bool:
    last: date | None = content.get("effective_to")
    return bool(content["effective_from"] <= on and (last is None or on <= last))


def _checked(content: Mapping[str, Any]) -> Mapping[str, Any]:
    name = f"{content.get('instrument', '?')} {content.get('version', '?')}"
    missing = [field for field in STATED if not content.get(field)]
    if missing:
        raise PackTrouble(f"{name}: {', '.join(missing)} is missing")
    found = content_hash(content)
    if content.get("content_hash") != found:
        raise PackTrouble(f"{name}: the content gives {found}, the file states another hash")
    return content
