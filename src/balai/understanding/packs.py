"""Packs: a trained head as one `.npz` without pickles, and the directories they lie in.

A pack holds a JSON card, the weights and the bias of one head, and what it knows of whole words.
A model is a directory of packs; the packs of a directory given by hand stand beside the packaged
ones and replace those of their heads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib import resources
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple
from zipfile import BadZipFile

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Hashes = NDArray[np.uint32]
Kind = Literal["one_of", "any_of"]
ENDING = ".npz"
OTHER = "LAINNYA"
"""The label for all that was too rare to learn, where a head has one."""


class HeadCard(msgspec.Struct, frozen=True):
    """One question that a model answers.

    `one_of`: exactly one label is right (softmax). `any_of`: each label is a question of its own
    (sigmoid); the first is the main one. `sure_from` is the least `p` of the answer, to `any_of` of
    the main answer, that counts as sure. `yes_from` is the least `p` of each label that counts as
    yes, half where it is empty. `alternatives` says how many next-best labels are told. `cues`
    names the signs that a head over cues weighs (`weighing`); it is empty for a head over words.
    """

    name: str
    kind: Kind
    labels: tuple[str, ...]
    bits: int
    pairs: bool
    sure_from: float
    trained_on: tuple[str, ...]
    yes_from: tuple[float, ...] = ()
    alternatives: int = 0
    cues: tuple[str, ...] = ()
    metrics: dict[str, float] = {}


class SetCard(msgspec.Struct, frozen=True):
    """A training set and the licence it came under."""

    name: str
    licence: str
    rows: int
    source: str


class Card(msgspec.Struct, frozen=True):
    """What a pack is made of."""

    version: str
    made_on: str
    seed: int
    head: HeadCard
    sets: tuple[SetCard, ...]
    weights_sha256: str


class Pack(NamedTuple):
    """A head ready to score: `weights` has 2**bits rows and one column a label.

    `words` are hashes of whole words in rising order, `extra` what each adds to its own grams, a
    column a label: how a head knows that *elok* is praise although only its translation was
    labelled.
    """

    card: Card
    weights: Floats
    bias: Floats
    words: Hashes
    extra: Floats


class BrokenModelError(ValueError):
    """What was named is no model of this version of Balai."""


def load(model: Path | None = None) -> list[Pack]:
    """The packaged packs and those in the directory `model`; raises BrokenModelError."""
    packs = {
        pack.card.head.name: pack for pack in _in(resources.files(__package__) / "models/packaged")
    }
    if model is not None:
        packs.update((pack.card.head.name, pack) for pack in _in(model))
    return list(packs.values())


def _in(directory: Traversable) -> Iterable[Pack]:
    try:
        files = sorted(
            (one for one in directory.iterdir() if one.name.endswith(ENDING)), key=lambda f: f.name
        )
    except OSError as wrong:
        raise BrokenModelError(f"{directory} cannot be read as a model: {wrong}") from wrong
    if not files:
        raise BrokenModelError(f"{directory} cannot be read as a model: it holds no pack")
    return [read(file) for file in files]


def read(path: Traversable) -> Pack:
    """The pack in a file; raises BrokenModelError."""
    try:
        with path.open("rb") as file:
            return _read(file)
    except (OSError, EOFError, KeyError, ValueError, BadZipFile, msgspec.MsgspecError) as wrong:
        raise BrokenModelError(f"{path} cannot be read as a model: {wrong}") from wrong


def _read(file: IO[bytes]) -> Pack:
    with np.load(file, allow_pickle=False) as arrays:
        card = msgspec.json.decode(arrays["card"].tobytes(), type=Card)
        weights = arrays["weights"].astype(np.float32)
        bias = arrays["bias"].astype(np.float32)
        words = arrays["words"].astype(np.uint32)
        extra = arrays["extra"].astype(np.float32)
    labels = len(card.head.labels)
    if weights.shape != (1 << card.head.bits, labels) or bias.shape != (labels,):
        raise ValueError(f"the weights of {card.head.name} have the wrong shape")
    if extra.shape != (len(words), labels):
        raise ValueError(f"the words of {card.head.name} have the wrong shape")
    return Pack(card, weights, bias, words, extra)


def packed(
    head: HeadCard,
    weights: Floats,
    bias: Floats,
    words: Hashes,
    extra: Floats,
    *,
    sets: Iterable[SetCard],
    seed: int,
    made_on: str,
    version: str,
) -> tuple[Card, bytes]:
    """The card and the bytes of a pack; weights are kept in half precision."""
    arrays: dict[str, NDArray[Any]] = {
        "weights": weights.astype(np.float16),
        "bias": bias,
        "words": words,
        "extra": extra.astype(np.float16),
    }
    digest = hashlib.sha256(b"".join(one.tobytes() for one in arrays.values())).hexdigest()
    card = Card(version, made_on, seed, head, tuple(sets), digest)
    file = BytesIO()
    encoded = np.frombuffer(msgspec.json.encode(card), np.uint8)
    np.savez_compressed(file, card=encoded, **arrays)  # type: ignore[arg-type]
    return card, file.getvalue()
