"""Which of the areas that bear a name is meant.

Evidence, from strong to weak: an area named in the message that holds it, the deeper the stronger;
the area of the institution that was written to; an area named in the message that lies in it; its
own rank, since people who name a bare "Bandung" mean the city rather than a hamlet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from balai.understanding.places.areas import Area
from balai.understanding.places.mentions import Mention

_HOLDER = (4.5, 6.0, 7.0)  # a province, a regency, a district in the message that holds the area
_OWN, _HELD = 4.0, 1.5
_RANK = (6.0, 5.0, 1.0, 0.0)
_CITY = 0.5  # a city before the regency of the same name
_MOST_BEARERS = 40  # of a neighbour, that are looked through: a name of more says nothing


class Around:
    """What all mentions of a text say together; made once, asked for each of them."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self._codes: Counter[str] = Counter()
        self._above: Counter[str] = Counter()
        if len(mentions) > 1:
            for one in mentions:
                if _speaks(one):
                    self._codes.update(one.named.codes)
                    self._above.update(one.named.above)

    def ranked(self, mention: Mention, own: str) -> list[tuple[float, Area]]:
        """Every area that the mention may mean with its evidence, strongest first.

        `own` is the code of the institution's area, or "".
        """
        if len(mention.bearers) == 1:
            return [(0.0, mention.bearers[0])]
        scored = [(self._evidence(area, mention, own), area) for area in mention.bearers]
        return sorted(scored, key=lambda one: (-one[0], one[1].code))

    def _evidence(self, area: Area, mention: Mention, own: str) -> float:
        score = _RANK[area.level] + (_CITY if area.is_city else 0)
        if own and (area.holds(own) or (own == area.code[: len(own)])):
            score += _OWN
        if self._codes:
            mine = _speaks(mention)
            for level, code in enumerate(area.holders()):
                if self._codes[code] > (mine and code in mention.named.codes):
                    score += _HOLDER[level]
            if self._above[area.code] > (mine and area.code in mention.named.above):
                score += _HELD
        return score


def _speaks(mention: Mention) -> bool:
    return len(mention.bearers) <= _MOST_BEARERS


def is_settled(found: Sequence[tuple[float, Area]]) -> bool:
    """Whether the first of the ranked areas has the most evidence, or holds the second."""
    if len(found) < 2 or found[0][0] > found[1][0]:
        return True
    return found[0][1].holds(found[1][1].code)
