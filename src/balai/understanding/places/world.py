"""Writes `world.txt`: names of countries and of large cities abroad, as Indonesians write them.

    python -m balai.understanding.places.world

They come from Unicode's CLDR through Babel (Unicode License v3): territories, and the cities by
which time zones are named, in Indonesian and English. `abroad.txt` beside it is our own. They have
no code here; knowing them keeps "banjir di Malaysia" from being a place of ours.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import resources
from pathlib import Path

FILE = "world.txt"
_HEAD = "# Countries and cities abroad, from Unicode CLDR (Unicode License v3); see world.py\n"
_LONGEST = 4  # words
_OURS = ("ID", "001")


@cache
def world() -> frozenset[str]:
    """The plain names of both lists."""
    found: set[str] = set()
    for file in (FILE, "abroad.txt"):
        text = resources.files(__package__).joinpath(file).read_text("utf-8")
        for line in text.splitlines():
            if not line.startswith("#"):
                found |= {name.strip() for name in line.split(",") if name.strip()}
    return frozenset(found)


def make() -> int:
    """Writes the list and tells how many names it holds."""
    from babel import Locale

    from balai.understanding.places.areas import areas, plain

    found: set[str] = set()
    for language in ("id", "en"):
        locale = Locale(language)
        found |= {plain(name) for code, name in locale.territories.items() if code not in _OURS}
        found |= {plain(zone["city"]) for zone in locale.time_zones.values() if "city" in zone}
    known = areas().codes
    names = sorted(
        name for name in found
        if len(name) > 2 and name.count(" ") < _LONGEST and name.isascii() and name not in known
    )  # fmt: skip
    Path(__file__).with_name(FILE).write_text(_HEAD + "\n".join(names) + "\n", "utf-8")
    return len(names)


if __name__ == "__main__":
    sys.stdout.write(f"{make()} names in {FILE}\n")
