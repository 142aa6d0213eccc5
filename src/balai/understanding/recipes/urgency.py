"""How soon somebody must look, learnt from our own messages over cues and rules."""

from __future__ import annotations

from pathlib import Path

from balai.understanding.fitting import Recipe, Trained
from balai.understanding.recipes.over_cues import OURS, learnt, lesson
from balai.understanding.shapes import URGENCIES

_STRENGTH = 0.3  # C, chosen by cross-validation among 0.1, 0.3, 1, 3
_WANTED = 0.95


def _train(_folder: Path, seed: int) -> Trained:
    taught = lesson()
    truth = [one.urgency for one in taught.messages]
    return learnt(
        "urgency", taught, URGENCIES, truth, seed=seed, strength=_STRENGTH, wanted=_WANTED
    )[0]


URGENCY = Recipe("urgency", "one_of", (OURS,), _train)
