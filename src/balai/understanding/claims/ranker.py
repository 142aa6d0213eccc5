"""The ranker: from overlaps to the probability that a post repeats a claim.

A few small networks of one hidden layer, whose scores are averaged; the product only multiplies.
The packaged one was made from sets that may be passed on; an office can train its own on sets that
may not (`balai claims train`).
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from balai.understanding.claims.overlap import FEATURES
from balai.understanding.packs import SetCard

Floats = NDArray[np.float32]


class BrokenRankerError(ValueError):
    """The file is no ranker of this version of Balai."""


class Network(msgspec.Struct, frozen=True):
    """One hidden layer of tanh."""

    into: list[list[float]]
    into_bias: list[float]
    out: list[float]
    out_bias: float


class RankerCard(msgspec.Struct, frozen=True):
    """What a ranker is made of, how its scores become probabilities, and how good it was."""

    version: str
    features: tuple[str, ...]
    mean: list[float]
    spread: list[float]
    networks: list[Network]
    slope: float
    shift: float
    sets: tuple[SetCard, ...]
    metrics: dict[str, float]


class Ranker:
    """Judges candidate pairs by their overlaps."""

    def __init__(self, card: RankerCard) -> None:
        self.card = card
        self._mean = np.array(card.mean, np.float32)
        self._spread = np.array(card.spread, np.float32)
        self._layers = [
            (
                np.array(one.into, np.float32),
                np.array(one.into_bias, np.float32),
                np.array(one.out, np.float32),
                np.float32(one.out_bias),
            )
            for one in card.networks
        ]

    def scores(self, overlaps: Floats) -> Floats:
        """One number for each pair: the higher, the likelier the post repeats the claim."""
        plain = np.clip((overlaps - self._mean) / self._spread, -5, 5)
        total = np.zeros(len(plain), np.float32)
        for into, into_bias, out, out_bias in self._layers:
            total += np.tanh(plain @ into + into_bias) @ out + out_bias
        return total / np.float32(len(self._layers))

    def probability(self, scores: Floats) -> Floats:
        """The calibrated probability for scores."""
        raised = np.float32(self.card.slope) * scores + np.float32(self.card.shift)
        p: Floats = 1 / (1 + np.exp(-np.clip(raised, -30, 30)))
        return p


def load_ranker(path: Path | None = None) -> Ranker:
    """The packaged ranker, or the one at `path`; raises BrokenRankerError."""
    packaged = resources.files(__package__).joinpath("ranker.json")
    try:
        raw = path.read_bytes() if path else packaged.read_bytes()
        card = msgspec.json.decode(raw, type=RankerCard)
    except (OSError, msgspec.MsgspecError) as wrong:
        raise BrokenRankerError(f"{path or packaged} cannot be read: {wrong}") from wrong
    wide = len(FEATURES)
    shapes = [len(card.mean), len(card.spread), *(len(one.into) for one in card.networks)]
    if card.features != FEATURES or set(shapes) != {wide} or not card.networks:
        raise BrokenRankerError(f"{path or packaged} weighs other features than this version")
    return Ranker(card)
