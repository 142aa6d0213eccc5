"""Places of a batch: pass the many by, look closely at the few, tell what is named and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from balai.understanding.places import mentions
from balai.understanding.places.areas import areas
from balai.understanding.places.gate import Gate
from balai.understanding.places.naming import names_tagger
from balai.understanding.places.resolving import Around, is_settled
from balai.understanding.places.stretches import stretches
from balai.understanding.places.words import common
from balai.understanding.places.world import world
from balai.understanding.shapes import Context, Place, PlaceAlternative
from balai.understanding.tagging.tagger import Sentence
from balai.understanding.tagging.tokens import Tokens
from balai.understanding.words import LONGEST_TEXT

Places = tuple[Place, ...]
_NO_CONTEXT = Context()
_MOST_ALTERNATIVES = 4


class Finder:
    """Finds places; made once, used by all. The tables are loaded with the first text."""

    def find(
        self, texts: Sequence[str], contexts: Sequence[Context | None] | None = None
    ) -> dict[int, Places]:
        """The places of each text that names any, by its place, in reading order, none overlapping.

        Offsets count code points. `p` is how likely the words are a place, null where only the list
        of names says so; `alternatives` are other areas of that name, the likelier first.
        """
        passages = gate().passages([text[:LONGEST_TEXT] for text in texts])
        if not passages:
            return {}
        split = [Tokens(texts[place], mine) for place, mine in passages.items()]
        tagged = names_tagger().tag([words.words for words in split])
        found = {}
        for place, words, told in zip(passages, split, tagged, strict=True):
            context = (contexts[place] if contexts else None) or _NO_CONTEXT
            if places := tuple(_places(texts[place], words, told, context.area)):
                found[place] = places
        return found


@cache
def gate() -> Gate:
    """The gate that all texts pass first; made once."""
    return Gate(areas(), world(), common())


@cache
def _mentions() -> mentions.Finder:
    return mentions.Finder(areas(), common())


def _places(text: str, words: Tokens, told: Sentence, own: str) -> Iterator[Place]:
    named = _mentions().find(words)
    if not (named or told.stretches):
        return
    told_places = stretches(words, told, named, own)
    around = Around([stretch.mention for stretch in told_places if stretch.mention])
    for stretch in told_places:
        start, end = words.span(stretch.first, stretch.last)
        if stretch.mention is None:
            yield Place(text[start:end], start, end, None, text[start:end], stretch.p)
            continue
        order = around.ranked(stretch.mention, own)
        settled = is_settled(order)
        rest = order[1:] if settled else order
        alternatives = tuple(
            PlaceAlternative(area.code, area.name) for _, area in rest[:_MOST_ALTERNATIVES]
        )
        area = order[0][1] if settled else None
        yield Place(
            text[start:end], start, end, area.code if area else None,
            area.name if area else text[start:end], stretch.p, alternatives,
        )  # fmt: skip
