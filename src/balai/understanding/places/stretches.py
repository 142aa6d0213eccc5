"""Which words of a text are a place: what the tagger marks and what the list of names tells."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import msgspec

from balai.understanding.places.evidence import Sure, is_at_home, is_evident
from balai.understanding.places.mentions import Mention
from balai.understanding.places.words import DIRECTIONS, LANDMARKS, PREFIXES
from balai.understanding.tagging.tagger import PERSON, PLACE, Sentence, Tagged
from balai.understanding.tagging.tokens import Tokens


class Stretch(msgspec.Struct, frozen=True, gc=False):
    """Tokens `first` to `last` that are one place; `mention` where it is an area."""

    first: int
    last: int
    mention: Mention | None
    p: float | None


def stretches(words: Tokens, told: Sentence, named: Sequence[Mention], own: str) -> list[Stretch]:
    """The places of a text, in reading order, none overlapping; `own` as in `is_evident`."""
    found: list[Stretch] = []
    used: set[int] = set()
    lasts = [one.last for one in named]
    for mark in told.stretches:
        if mark.label == PLACE:
            here = bisect_left(lasts, mark.first)
            inside = []
            while here < len(named) and named[here].first <= mark.last:
                used.add(here)
                inside.append(named[here])
                here += 1
            found += _of_mark(words, mark, inside, own)
    if len(used) < len(named):
        found += _free(words, told, named, used, own)
    return _apart(found)


def _free(
    words: Tokens, told: Sentence, named: Sequence[Mention], used: set[int], own: str
) -> Iterator[Stretch]:
    """The names that the tagger did not mark and that are places by other evidence."""
    free = [one for at, one in enumerate(named) if at not in used]
    sure = Sure(
        [one for at, one in enumerate(named) if at in used and not _is_street(words, one.first)]
        + [one for one in free if one.named.prefixed or (one.named.high and not one.named.common)]
    )
    persons = {
        at
        for mark in told.stretches
        if mark.label == PERSON
        for at in range(mark.first, mark.last + 1)
    }
    for one in free:
        if not one.named.prefixed and (
            not persons.isdisjoint(range(one.core, one.last + 1))
            or not is_evident(one, sure, words, own, told)
        ):
            continue
        if not _is_street(words, one.core - 1):
            yield Stretch(one.first, one.last, one, None)


def _is_street(words: Tokens, at: int) -> bool:
    if at >= 0 and words.low[at] == "." and at:
        at -= 1
    return at >= 0 and words.low[at] in LANDMARKS


def _of_mark(words: Tokens, mark: Tagged, inside: Sequence[Mention], own: str) -> Iterator[Stretch]:
    """The places within one stretch that the model calls a place."""
    whole = Stretch(mark.first, mark.last, None, mark.p)
    head = words.low[mark.first]
    if inside and inside[0].core == mark.first and inside[0].last >= mark.last:
        head = "" if is_at_home(inside[0], own) else head  # "Simpang Rimba" is a district there
    if not inside or head in LANDMARKS:
        yield from _around(whole, [one for one in inside if one.named.prefixed])
        return
    covered = {at for one in inside for at in range(one.first, one.last + 1)}
    open_words = {
        words.low[at]
        for at in range(mark.first, mark.last + 1)
        if at not in covered and words.low[at][0].isalnum()
    }
    if open_words - DIRECTIONS - PREFIXES.keys():
        yield from _around(whole, [one for one in inside if one.named.prefixed])
    elif len(inside) == 1:
        one = inside[0]
        of_city = words.low[one.first] == "kota" and mark.first <= one.core
        first = mark.first if of_city else min(one.first, mark.first)
        yield Stretch(first, max(one.last, mark.last), one, mark.p)
    elif any(one.named.prefixed for one in inside) or "," in _signs(words, mark):
        for one in inside:
            yield Stretch(one.first, one.last, one, mark.p)
    else:
        held = Sure(inside[1:]).follows(inside[0])
        yield msgspec.structs.replace(whole, mention=inside[0] if held else None)


def _around(whole: Stretch, areas: Sequence[Mention]) -> Iterator[Stretch]:
    """A street or landmark and the areas that are named in one breath with it."""
    if areas and areas[0].first > whole.first:
        yield msgspec.structs.replace(whole, last=areas[0].first - 1)
    elif not areas:
        yield whole
    for one in areas:
        yield Stretch(one.first, one.last, one, whole.p)


def _signs(words: Tokens, mark: Tagged) -> set[str]:
    return {words.low[at] for at in range(mark.first, mark.last + 1)}


def _apart(found: list[Stretch]) -> list[Stretch]:
    kept: list[Stretch] = []
    for one in sorted(found, key=lambda each: (each.first, -each.last)):
        if not kept or one.first > kept[-1].last:
            kept.append(one)
    return kept
