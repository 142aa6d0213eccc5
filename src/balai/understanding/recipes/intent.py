"""What a citizen wants of the office, learnt from our own messages over cues and rules."""

from __future__ import annotations

from pathlib import Path

from balai.understanding.fitting import Recipe, Trained
from balai.understanding.recipes.over_cues import OURS, learnt, lesson
from balai.understanding.shapes import INTENTS

_STRENGTH = 1.0  # C, chosen by cross-validation among 0.1, 0.3, 1
_WANTED = 0.92


def _train(_folder: Path, seed: int) -> Trained:
    taught = lesson()
    truth = [one.intent for one in taught.messages]
    return learnt("intent", taught, INTENTS, truth, seed=seed, strength=_STRENGTH, wanted=_WANTED)[
        0
    ]


INTENT = Recipe("intent", "one_of", (OURS,), _train)
