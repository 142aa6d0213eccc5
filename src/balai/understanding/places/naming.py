"""The packaged tagger with the lists of names that it was trained with."""

from __future__ import annotations

from functools import cache

from balai.understanding.places.areas import areas
from balai.understanding.places.words import common
from balai.understanding.places.world import world
from balai.understanding.tagging.lists import Lists, lists
from balai.understanding.tagging.tagger import Tagger, load


@cache
def known_names() -> Lists:
    """The lists: areas of the four levels, places abroad, names that are ordinary words too."""
    levels: dict[int, list[str]] = {level: [] for level in range(4)}
    for name, codes in areas().codes.items():
        for level in {code.count(".") for code in codes}:
            levels[level].append(name)
    return lists({**levels, 4: world(), 5: common().firm | common().loose})


@cache
def names_tagger() -> Tagger:
    """The packaged tagger, loaded once."""
    return Tagger(load(), known_names())
