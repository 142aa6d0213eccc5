"""Whether a name that nothing introduces is a place there, or an ordinary word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from balai.understanding.places.areas import Area
from balai.understanding.places.mentions import Mention
from balai.understanding.tagging.tagger import Sentence
from balai.understanding.tagging.tokens import Tokens

_NEAR = 2  # tokens from a name to the name of what holds it, a comma or hyphen between
_LIKELY = 0.2  # what the tagger must think of a name that only the list calls a place
_MOST_HOLDERS = 20  # bearers of one name that are tried as holders


class Sure:
    """The mentions of a text that are places beyond doubt; what they say of the others."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self._by_first = {one.first: one for one in mentions}
        self._codes = Counter(code for one in mentions for code in _holding(one))

    def hold(self, one: Mention) -> bool:
        """Whether another mention holds a bearer of this one."""
        if not self._codes:
            return False
        mine = set(_holding(one)) if self._by_first.get(one.first) is one else ()
        return any(self._codes[code] > (code in mine) for code in one.named.above)

    def follows(self, one: Mention) -> bool:
        """Whether what holds it is named right behind it: "serang-banten", "Batu, Malang"."""
        for first in range(one.last + 1, one.last + 1 + _NEAR):
            other = self._by_first.get(first)
            if other and not one.named.above.isdisjoint(_holding(other)):
                return True
        return False


def _holding(one: Mention) -> list[str]:
    return [area.code for area in one.bearers[:_MOST_HOLDERS]]


def is_evident(one: Mention, sure: Sure, words: Tokens, own: str, told: Sentence) -> bool:
    """Whether a name that no prefix introduces is a place.

    `own` is the code of the institution's area or "". What the tagger thinks (`told`) is too little
    to call the name a place by itself.
    """
    common = one.named.common
    if common == "firm":
        return False
    if common == "loose" and not (one.led or one.named.high):
        return sure.follows(one)
    at_home = is_at_home(one, own)
    if one.named.high and (at_home or (not common and (one.led or _is_likely(one, told)))):
        return True
    if sure.follows(one):
        return True
    if common == "loose":
        return one.led and (at_home or sure.hold(one) or _is_capital(one, words))
    return at_home or sure.hold(one) or (one.led and _is_likely(one, told))


def is_at_home(one: Mention, own: str) -> bool:
    """Whether a bearer of the name lies in the institution's own area, or holds it."""
    if not own:
        return False
    codes = one.named.codes
    return (
        own in codes
        or own in one.named.above
        or not codes.isdisjoint(Area(own, "", own.count(".")).holders())
    )


def _is_likely(one: Mention, told: Sentence) -> bool:
    return min(told.places[one.core : one.last + 1]) >= _LIKELY


def _is_capital(one: Mention, words: Tokens) -> bool:
    """Whether it begins with a capital, within a sentence that is not all in capitals."""
    if not one.core or not words.words[one.core][:1].isupper():
        return False
    upper = sum(word[:1].isupper() for word in words.words)
    return 2 * upper <= len(words.words)
