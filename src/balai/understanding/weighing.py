"""Weighs the cues of a text by what our labelled messages taught: intent and urgency with a `p`.

The rules speak in words a reader can check; a small regression over the very same groups of cues,
and over what the rules concluded, says how much each is worth. It knows nothing else of the text,
so its reasons are cues, and texts with the same cues share one answer.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from balai.understanding.cues import Cues, Found
from balai.understanding.model import softmax
from balai.understanding.packs import Floats, Pack
from balai.understanding.rules import Ruled
from balai.understanding.shapes import INTENTS, SENSITIVE, Guess

logger = logging.getLogger(__name__)

BITS = 8
_RULED_URGENT = ("danger", "urgent")
_URGENT_BIT = {name: 1 << place for place, name in enumerate(_RULED_URGENT)}
_INTENT_BIT = {name: 1 << place for place, name in enumerate(INTENTS, 5)}
_SENSITIVE_BIT = {name: 1 << place for place, name in enumerate(SENSITIVE, 5 + len(INTENTS))}
# A false alarm takes the top of the queue from a true one, and who sees many believes none: a
# danger is called where the rules name it or where it is the likelier. A lesser chance of one is
# looked at before everyday matters; more of it is asked for where something sounds calm.
DANGER_FROM, SOON_FROM, SOON_WHERE_CALM = 0.5, 0.2, 0.3
_REASONS = 3  # groups of cues that are told as the reason of an answer
_NO_CUE = "rule: no cue of urgency"
_WEIGHED = "rule: what else is said speaks less for any other"


Answer = tuple[Guess, list[str]]


class Decided(NamedTuple):
    """Intent and urgency as they go into a reading, each with its reasons."""

    intent: Guess
    urgency: Guess
    intent_words: list[str]
    urgency_words: list[str]


def signs_of(cues: Cues) -> tuple[str, ...]:
    """The names of the signs that are weighed, in the order of their bits."""
    twice = (f"{name} twice" for name in cues.groups)
    urgency = (f"rule {name}" for name in _RULED_URGENT)
    others = (f"rule {name}" for name in (*INTENTS, *SENSITIVE))
    return (*cues.groups, *twice, *urgency, "rule calm", "rule abusive", "long", *others)


def signs(cues: Cues, found: Found, ruled: Ruled, is_long: bool) -> int:
    """The signs of one text as bits, as `signs_of` names them."""
    rest = _URGENT_BIT.get(ruled.urgency, 0) | _INTENT_BIT.get(ruled.intent or "", 0)
    rest |= ruled.calm << 2 | ruled.abusive << 3 | is_long << 4
    for name in ruled.sensitive:
        rest |= _SENSITIVE_BIT[name]
    count = len(cues.groups)
    return found.groups | found.twice << count | rest << 2 * count


def rows(every: Sequence[int]) -> Floats:
    """Signs as rows of 2**BITS noughts and ones."""
    wide = b"".join(one.to_bytes((1 << BITS) // 8, "little") for one in every)
    bits = np.unpackbits(np.frombuffer(wide, np.uint8), bitorder="little")
    return bits.reshape(len(every), 1 << BITS).astype(np.float32)


class Asked(NamedTuple):
    """The cues of a text with what the rules say of them."""

    found: Found
    ruled: Ruled
    is_long: bool


class Weigher:
    """The heads `intent` and `urgency` over the signs of `cues`, as the first packs that fit.

    Word lists change more often than packs are trained: where no pack fits, the rules speak alone,
    without a `p`, and the log says so once. Nobody's post waits for a pack.
    """

    def __init__(self, cues: Cues, packs: Sequence[Pack]) -> None:
        self._count, names = len(cues.groups), signs_of(cues)
        self._cues = cues
        fitting = {
            pack.card.head.name: pack for pack in reversed(packs) if pack.card.head.cues == names
        }
        self._heads: tuple[Pack, Pack] | None = None
        if {"intent", "urgency"} <= fitting.keys():
            self._heads = fitting["intent"], fitting["urgency"]
        else:
            logger.error("no pack for intent and urgency fits the word lists: the rules decide")

    @property
    def version(self) -> str:
        """The versions of the packs that weigh; "" where the rules decide."""
        return "+".join(dict.fromkeys(pack.card.version for pack in self._heads or ()))

    def decide(self, asked: Sequence[Asked]) -> list[Decided]:
        """What the writer of each text wants and how soon; without cues, nothing we can name."""
        decided = [_by_rules(one.ruled) for one in asked]
        weighed = [at for at, one in enumerate(asked) if one.found.groups]
        if self._heads is None or not weighed:
            return decided
        intent, urgency = self._heads
        some = [asked[at] for at in weighed]
        row = rows([signs(self._cues, *one) for one in some])
        for at, wants, soon in zip(
            weighed, self._wants(intent, row, some), self._soon(urgency, row, some), strict=True
        ):
            decided[at] = Decided(wants[0], soon[0], wants[1], soon[1])
        return decided

    def _wants(self, pack: Pack, row: Floats, asked: Sequence[Asked]) -> Iterator[Answer]:
        p = _shares(pack, row)
        best = p.argmax(axis=1)
        loudest = self._loudest(pack, row, best)
        for one, shares, place, groups in zip(asked, p, best.tolist(), loudest, strict=True):
            yield _guess(pack, shares, place), one.found.words(groups) or [_WEIGHED]

    def _soon(self, pack: Pack, row: Floats, asked: Sequence[Asked]) -> Iterator[Answer]:
        """Danger where rules or weights call it; where one is possible, at least urgent."""
        p = _shares(pack, row)
        labels = pack.card.head.labels
        danger, urgent = labels.index("danger"), labels.index("urgent")
        calm = p.copy()
        calm[:, danger] = -1
        others = calm.argmax(axis=1)
        for_danger = self._loudest(pack, row, np.full(len(row), danger))
        for_other = self._loudest(pack, row, others)
        for at, one in enumerate(asked):
            shares, likely = p[at], float(p[at, danger])
            if one.ruled.urgency == "danger":
                yield _guess(pack, shares, danger), one.ruled.because["urgency"]
            elif likely >= DANGER_FROM:
                yield _guess(pack, shares, danger), one.found.words(for_danger[at])
            elif likely >= (SOON_WHERE_CALM if one.ruled.calm else SOON_FROM):
                why = f"rule: perhaps a danger, p = {likely:.2f}"
                words = [why, *one.found.words(for_danger[at])]
                yield _guess(pack, shares, urgent), words
            else:
                words = one.found.words(for_other[at]) or one.ruled.because["urgency"]
                yield _guess(pack, shares, int(others[at])), words or [_NO_CUE]

    def _loudest(self, pack: Pack, row: Floats, labels: NDArray[np.intp]) -> list[int]:
        """For each text the groups that spoke loudest for its label, as bits."""
        spoke = pack.weights.T[labels] * row
        heard = spoke[:, : self._count] + spoke[:, self._count : 2 * self._count]
        order = np.argsort(-heard, axis=1, kind="stable")[:, :_REASONS]
        loud = np.take_along_axis(heard, order, axis=1) > 0
        return [
            sum(1 << place for place, is_loud in zip(places, mine, strict=True) if is_loud)
            for places, mine in zip(order.tolist(), loud.tolist(), strict=True)
        ]


def _by_rules(ruled: Ruled) -> Decided:
    because = ruled.because
    return Decided(
        Guess(ruled.intent),
        Guess(ruled.urgency),
        because["intent"],
        because["urgency"] or [_NO_CUE],
    )


def _shares(pack: Pack, row: Floats) -> Floats:
    # In double precision a text gets the same answer alone and in a batch.
    p: Floats = softmax(row @ pack.weights.astype(np.float64) + pack.bias)
    return p


def _guess(pack: Pack, p: Floats, place: int) -> Guess:
    share = round(float(p[place]), 3)
    return Guess(pack.card.head.labels[place], share, share >= pack.card.head.sure_from)
