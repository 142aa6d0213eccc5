"""Articles as arithmetic on texts: variables, and which article is near a question. No Django."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

# What an answer can say by itself; the screens explain each one (library.wording).
VARIABLES = ("nama", "nomor", "unit", "tenggat", "instansi", "petugas", "kanal")
LONGEST_BODY = 8_000  # characters
LEAST_LIKENESS = 0.12  # our own choice [D]: below it two texts share no more than everyday words

_VARIABLE = re.compile(r"\{([^{}\n]{0,40})\}")
_WORD = re.compile(r"[^\W\d_]{3,}")


def _words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that say nothing about the matter; ours, Indonesian and English.
_EVERYDAY = _words_of(
    "ada adalah agar akan aku anda apa apakah atas atau bagaimana bagi bahwa banget belum "
    "bisa bapak boleh buat cara dalam dan dari dengan dia di dong gimana hal hari harus ibu "
    "ini itu juga kah kalau kami kan kapan karena kata kenapa kepada kita kok lagi lah lalu "
    "mana masih mau mengapa min minta mohon nya oleh pada para pak sangat saja saya sudah "
    "supaya tapi tidak tolong untuk yang yth about and are but can for from have how not our "
    "please the this was what when where which who why will with you your"
)


class Filled(NamedTuple):
    """A text with its variables filled; `missing` names those that nobody could fill."""

    text: str
    missing: tuple[str, ...]


def variables_in(text: str) -> list[str]:
    """The names that stand in braces, each once, in their order; also names that do not exist."""
    return list(dict.fromkeys(match[1].strip() for match in _VARIABLE.finditer(text)))


def unknown_variables(text: str) -> list[str]:
    """Names in braces that no answer can fill."""
    return [name for name in variables_in(text) if name not in VARIABLES]


def left_over(text: str) -> list[str]:
    """Variables that still stand in a text which is about to leave."""
    return [name for name in variables_in(text) if name in VARIABLES]


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Put values in the place of variables. What has no value stays, and is named as missing.

    A value is never filled itself: braces that a person's name holds stay what they are.
    """
    missing: dict[str, None] = {}

    def _of(match: re.Match[str]) -> str:
        name = match[1].strip()
        value = values.get(name, "") if name in VARIABLES else ""
        if not value:
            missing[name] = None
            return match[0]
        return value

    return Filled(_VARIABLE.sub(_of, text), tuple(missing))


def is_overdue(review_on: date | None, today: date) -> bool:
    """Whether somebody should have looked again at an article by now."""
    return review_on is not None and review_on < today


def nearest(question: str, texts: Sequence[str], *, limit: int = 5) -> list[int]:
    """The places of the texts that are most like a question, best first; none that is unlike it.

    Cosine over words weighted by their rarity among the texts (tf-idf with add-one smoothing,
    Manning, Raghavan and Schütze, Introduction to Information Retrieval, 6.2-6.3).
    """
    bags = [_bag(text) for text in texts]
    rarity = _rarity(bags)
    wanted = _weighted(_bag(question), rarity, len(bags))
    scored = [
        (_cosine(wanted, _weighted(bag, rarity, len(bags))), -n) for n, bag in enumerate(bags)
    ]
    best = sorted((one for one in scored if one[0] >= LEAST_LIKENESS), reverse=True)[:limit]
    return [-place for _score, place in best]


def distinctive(text: str, *, limit: int = 6) -> list[str]:
    """The longest words of a text that are not everyday words: what to look for elsewhere."""
    words = dict.fromkeys(_words(text))
    return sorted(words, key=lambda word: (-len(word), word))[:limit]


def holds_all(words: Iterable[str], text: str) -> bool:
    """Whether every word of a search stands somewhere in a text, in any case."""
    inside = text.casefold()
    return all(word.casefold() in inside for word in words)


def _words(text: str) -> list[str]:
    found = (match[0].casefold() for match in _WORD.finditer(text))
    return [word for word in found if word not in _EVERYDAY]


def _bag(text: str) -> Counter[str]:
    return Counter(_words(text))


def _rarity(bags: Collection[Counter[str]]) -> Counter[str]:
    seen: Counter[str] = Counter()
    for bag in bags:
        seen.update(bag.keys())
    return seen


def _weighted(bag: Counter[str], rarity: Counter[str], n: int) -> dict[str, float]:
    return {
        word: (1 + math.log(count)) * (1 + math.log((n + 1) / (rarity[word] + 1)))
        for word, count in bag.items()
    }


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = sum(weight * other[word] for word, weight in one.items() if word in other)
    if not shared:
        return 0.0
    lengths = [math.sqrt(sum(w * w for w in bag.values())) for bag in (one, other)]
    return shared / (lengths[0] * lengths[1])
