"""The claims of bench 3 and the copies that people make of them; nobody's words, but seeded."""

import random
from collections.abc import Iterator

from balai.config.bench.words import SEED, Town

QUERIES = 4_000
AT_ONCE = 500
_OPENINGS = ("Diteruskan dari grup sebelah:", "Info penting, sebarkan!", "Benarkah ini min?")


def claims(rows: int) -> Iterator[str]:
    """So many claims."""
    town = Town()
    return (town.text() for _ in range(rows))


def copies(rows: int) -> list[tuple[int, str]]:
    """Places of claims, and a copy of each.

    One word in ten is mistyped, dropped or added, three copies in ten have an opening, a fifth is
    in capitals.
    """
    chance = random.Random(SEED)  # noqa: S311 - a bench, not a secret
    places = [chance.randrange(rows) for _ in range(QUERIES)]
    meant = set(places)
    texts = {place: text for place, text in enumerate(claims(rows)) if place in meant}
    return [(place, _copied(texts[place], chance)) for place in places]


def _copied(text: str, chance: random.Random) -> str:
    words = []
    for word in text.split():
        what = chance.random()
        if what < 0.033:
            continue
        at = chance.randrange(len(word))
        words.append(word[:at] + chance.choice("aiueonst") + word[at:] if what < 0.067 else word)
        if 0.067 <= what < 0.1:
            words.append(chance.choice(_OPENINGS).split()[0])
    if chance.random() < 0.3:
        words.insert(0, chance.choice(_OPENINGS))
    copy = " ".join(words)
    return copy.upper() if chance.random() < 0.2 else copy
