"""Tags words as parts of places and persons, many texts at once."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from itertools import pairwise
from math import exp, log
from pathlib import Path
from threading import Lock
from typing import IO, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from balai.understanding.tagging import chains
from balai.understanding.tagging.features import (
    LIST_REACH,
    REACH,
    list_traits,
    listed,
    pairs,
)
from balai.understanding.tagging.groups import Groups
from balai.understanding.tagging.lists import Filter, Lists
from balai.understanding.tagging.seen import Seen
from balai.understanding.tagging.tokens import Hashes, Numbers, numbers

FILE = "tagger.npz"
PLACE, PERSON = "PLC", "PPL"
_REMEMBERED = 50_000  # words; about 20 MB, then memory starts afresh
_NEVER = 1e-6  # no confidence lies nearer to 0 or 1
_EDGE_WORD = 0  # the place of the edge of a text among the remembered words


class Card(msgspec.Struct, frozen=True):
    """What a tagger was made from.

    `slope` and `shift` make its confidence honest: p = sigmoid(slope x logit(own p) + shift).
    """

    version: str
    made_on: str
    labels: tuple[str, ...]
    trained_on: tuple[str, ...]
    slope: float = 1.0
    shift: float = 0.0


class Weights(NamedTuple):
    """A tagger as numbers: `weights[i]` are those of trait `traits[i]`, one a label.

    `words` are the sorted numbers of the words that have groups of like words, `groups` these.
    """

    card: Card
    traits: Hashes
    weights: NDArray[np.float16]
    moves: NDArray[np.float32]
    words: Hashes
    groups: NDArray[np.uint16]


class Tagged(msgspec.Struct, frozen=True, gc=False):
    """A stretch of tokens with one label; `p` is how likely the model holds its words to be so."""

    label: str
    first: int
    last: int
    p: float


class Sentence(NamedTuple):
    """What is told of one text: its stretches, and for each token how likely it is of a place."""

    stretches: list[Tagged]
    places: list[float]


def save(made: Weights, path: Path) -> None:
    """Writes a tagger; the same numbers give the same bytes."""
    card = np.frombuffer(msgspec.json.encode(made.card), np.uint8)
    np.savez_compressed(path, **(made._asdict() | {"card": card}))


def load(path: Path | None = None) -> Weights:
    """The tagger of a file, or the packaged one."""
    source = path or resources.files(__package__).joinpath(FILE)
    with source.open("rb") as file:
        return _read(file)


def version() -> str:
    """The version of the packaged tagger, read from its card alone."""
    source = resources.files(__package__).joinpath(FILE)
    with source.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        return _card(kept["card"]).version


def _card(kept: NDArray[np.uint8]) -> Card:
    return msgspec.json.decode(kept.tobytes(), type=Card)


def _read(file: IO[bytes]) -> Weights:
    with np.load(file, allow_pickle=False) as kept:
        return Weights(
            _card(kept["card"]),
            kept["traits"],
            kept["weights"],
            kept["moves"],
            kept["words"],
            kept["groups"],
        )


class Tagger:
    """Serves a tagger; remembers what words weigh, which never changes an answer."""

    def __init__(self, made: Weights, known: Lists) -> None:
        self.card = made.card
        self._made = made
        self._known = known
        self._weights = made.weights.astype(np.float32)
        self._moves = made.moves.astype(np.float64)
        self._keys, self._names = Filter(made.traits), Filter(known.names)
        self._groups = Groups(made.words, made.groups)
        self._lock = Lock()
        self._seen = Seen(self._keys, self._weights)
        self._listed: dict[int, NDArray[np.float32]] = {}
        self._forget()

    def _forget(self) -> None:
        self._words = _Words()
        self._learnt = 0
        labels = len(self.card.labels)
        self._shown = np.zeros((len(REACH), 1024, labels), np.float32)
        self._numbers = np.zeros(1024, np.uint64)

    def tag(self, texts: Sequence[Sequence[str]]) -> list[Sentence]:
        """The places and persons of each text, in reading order; a text is given as its words."""
        starts = np.concatenate(([0], np.cumsum([len(text) for text in texts]))).astype(np.int64)
        if not starts[-1]:
            return [Sentence([], []) for _ in texts]
        emit = self._emit(texts, starts)
        labels = chains.best(emit, self._moves, starts)
        likely = chains.shares(emit, self._moves, starts).shares
        marked = self._stretches(labels, likely, starts)
        of_place = likely[:, self._columns(PLACE)].sum(1).tolist()
        return [
            Sentence(marked.get(text, []), of_place[start:end])
            for text, (start, end) in enumerate(pairwise(starts.tolist()))
        ]

    def _stretches(
        self, labels: Numbers, likely: NDArray[np.float64], starts: Numbers
    ) -> dict[int, list[Tagged]]:
        """The stretches of each text that has any, by its place."""
        inside = np.flatnonzero(labels)
        if not len(inside):
            return {}
        kinds = np.array([name[2:] for name in self.card.labels])
        goes_on = np.array([name[:1] == "I" for name in self.card.labels])
        texts = np.searchsorted(starts, inside, "right") - 1
        mine = labels[inside]
        begins = np.ones(len(inside), bool)
        begins[1:] = ~(
            goes_on[mine[1:]]
            & (kinds[mine[1:]] == kinds[mine[:-1]])
            & (np.diff(inside) == 1)
            & (np.diff(texts) == 0)
        )
        firsts = np.flatnonzero(begins)
        same = kinds[mine][:, None] == kinds
        own = np.minimum.reduceat((likely[inside] * same).sum(1), firsts)
        lasts = np.append(firsts[1:], len(inside)) - 1
        offsets = starts[texts]
        found: dict[int, list[Tagged]] = {}
        for text, kind, first, last, p in zip(
            texts[firsts].tolist(),
            kinds[mine[firsts]].tolist(),
            (inside - offsets)[firsts].tolist(),
            (inside - offsets)[lasts].tolist(),
            own.tolist(),
            strict=True,
        ):
            found.setdefault(text, []).append(Tagged(kind, first, last, self._honest(p)))
        return found

    def _honest(self, own: float) -> float:
        own = min(max(own, _NEVER), 1 - _NEVER)
        return 1 / (1 + exp(-self.card.slope * log(own / (1 - own)) - self.card.shift))

    def _columns(self, kind: str) -> list[int]:
        return [place for place, name in enumerate(self.card.labels) if name[2:] == kind]

    def _emit(self, texts: Sequence[Sequence[str]], starts: Numbers) -> NDArray[np.float64]:
        with self._lock:
            if len(self._words) > _REMEMBERED:
                self._forget()
            numbered = self._words.__getitem__
            places = np.fromiter(
                (numbered(word) for text in texts for word in text), np.int64, starts[-1]
            )
            self._learn()
            shown, low = self._shown, self._numbers[places]
        owners = np.repeat(np.arange(len(texts)), np.diff(starts))
        emit = np.zeros((len(places), len(self.card.labels)))
        for at, distance in enumerate(REACH):
            emit += shown[at][chains.neighbours(places, owners, distance, _EDGE_WORD)]
        for pair in pairs(low, owners):
            where, which = self._keys.places(pair)
            emit[where] += self._weights[which]
        bits = listed(low, owners, self._names, self._known.kinds)
        values, which = np.unique(bits, return_inverse=True)
        if len(values) > 1 or values[0]:
            table = np.stack([self._list_weights(int(value)) for value in values], axis=1)
            nothing = np.zeros((len(LIST_REACH), 1, table.shape[2]), np.float32)
            table = np.concatenate([table, nothing], axis=1)
            for at, distance in enumerate(LIST_REACH):
                emit += table[at][chains.neighbours(which, owners, distance, len(values))]
        return emit

    def _learn(self) -> None:
        """Sum what the words that were never seen show to each distance."""
        new = self._words.names[self._learnt :]
        if not new:
            return
        here = slice(self._learnt, self._learnt + len(new))
        if here.stop > len(self._numbers):  # new arrays: who still reads the old ones may go on
            more = max(here.stop, 2 * len(self._numbers)) - len(self._numbers)
            self._shown = np.pad(self._shown, ((0, 0), (0, more), (0, 0)))
            self._numbers = np.pad(self._numbers, (0, more))
        lows = numbers([word.lower() for word in new])
        groups = [self._groups.of(low) for low in lows.tolist()]
        self._shown[:, here] = self._seen.of(new, groups).swapaxes(0, 1)
        self._numbers[here] = lows
        self._learnt = here.stop

    def _list_weights(self, bits: int) -> NDArray[np.float32]:
        weights = self._listed.get(bits)
        if weights is None:
            weights = np.zeros((len(LIST_REACH), len(self.card.labels)), np.float32)
            for at, distance in enumerate(LIST_REACH):
                if shown := list_traits(bits, distance):
                    weights[at] = self._seen.summed(np.array(shown, np.uint64))
            self._listed[bits] = weights
        return weights


class _Words(dict[str, int]):
    """Numbers words in the order of first sight; `names` is the way back. "" is the edge."""

    def __init__(self) -> None:
        super().__init__({"": _EDGE_WORD})
        self.names = [""]

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self.names)
        self.names.append(word)
        return number
