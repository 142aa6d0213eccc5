"""Which version of an instrument of measurement holds on a day."""

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path

from balai.governance.rules.instruments import Instrument, instrument_on, read_instrument

FOLDER = Path(__file__).resolve().parent.parent / "packs"  # a folder in it for each room


@lru_cache(maxsize=1)
def instruments() -> tuple[Instrument, ...]:
    """Every instrument that ships with this version. Raises PackTrouble for a damaged file."""
    files = sorted(FOLDER.glob("*/*.toml"))
    return tuple(read_instrument(tomllib.loads(file.read_text("utf-8"))) for file in files)


def instrument(name: str, on: date) -> Instrument:
    """The instrument's version on a day. Raises NoInstrument."""
    return instrument_on(instruments(), name, on)


def instrument_by_hash(content_hash: str) -> Instrument:
    """The very version by which something was computed once. Raises LookupError."""
    for one in instruments():
        if one.content_hash == content_hash:
            return one
    raise LookupError(content_hash)
