"""Where a complaint goes: the agency and the topic, learnt from what was routed before.

The rare ones and rows without any are one label, `OTHER`, so that the head may say that it is none
of those it knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from balai.understanding import local_sets, rarity
from balai.understanding.fitting import Recipe, Trained, calibrated, counted, matrix
from balai.understanding.local_sets import Complaint
from balai.understanding.packs import OTHER

_BITS = 18
_ALTERNATIVES = 4
_AGENCY_CASES, _TOPIC_CASES = 20, 30  # fewer are OTHER: 29 agencies, 60 topics
_STRENGTH = 1.0  # .4 and 3 put the right topic first as often; 3 ranks the next ones worse
_WANTED = 0.95  # of the sure answers, which alone may be routed without a click


def _recipe(name: str, said: Callable[[Complaint], str], least: int) -> Recipe:
    def train(folder: Path, seed: int) -> Trained:
        known = local_sets.complaints(folder, "train")
        labels = frequent([said(one) for one in known], least)
        truth = grouped([said(one) for one in known], labels)
        weights, bias = rarity.one_against_rest(
            matrix([one.text for one in known], _BITS, pairs=True),
            np.array([labels.index(one) for one in truth]), len(labels),
            seed=seed, strength=_STRENGTH,
        )  # fmt: skip
        head = Trained(
            name, "one_of", labels, _BITS, True, weights, bias,
            (counted(local_sets.SURABAYA, len(known)),), alternatives=_ALTERNATIVES,
        )  # fmt: skip
        tuning = local_sets.complaints(folder, "valid")
        truth = grouped([said(one) for one in tuning], labels)
        return calibrated(head, [one.text for one in tuning], truth, wanted=_WANTED)

    return Recipe(name, "one_of", (local_sets.SURABAYA,), train, group="routing")


def frequent(said: Sequence[str], least: int) -> tuple[str, ...]:
    """The labels said at least so often, in order, and `OTHER` where there are more or none."""
    counts = Counter(said)
    often = sorted(one for one, count in counts.items() if one and count >= least)
    return (*often, OTHER) if len(often) < len(counts) else tuple(often)


def grouped(said: Sequence[str], labels: Sequence[str]) -> list[str]:
    """The same labels with all that are not in `labels` called `OTHER`."""
    known = set(labels)
    return [one if one in known else OTHER for one in said]


AGENCY = _recipe("agency", lambda complaint: complaint.agency, _AGENCY_CASES)
TOPIC = _recipe("topic", lambda complaint: complaint.topic, _TOPIC_CASES)
