"""What a head is said to reach is measured by heads that never saw the text."""

import numpy as np
import pytest

from balai.understanding import crossing, features
from balai.understanding.fitting import Trained

TEXTS = [f"pesan {number}" for number in range(40)]
GROUPS = [f"sumber {number // 2}" for number in range(40)]
TRUTH = ["yes" if number % 3 else "no" for number in range(40)]


def head(bias=(0.0, 0.0)):
    weights = np.zeros((1 << 8, 2), np.float32)
    weights[features.buckets(features.word_hashes(["pesan"]), 8)[0]] = (3, 0)
    return Trained(
        "own", "one_of", ("yes", "no"), 8, False, weights, np.array(bias, np.float32), ()
    )


def test_every_text_is_read_by_a_head_that_learnt_nothing_of_its_group():
    seen = []

    def without(fold, folds):
        seen.append((fold, folds))
        return head((float(fold), 0))

    scores = crossing.held_out(TEXTS, GROUPS, 3, without)
    folds = seen[0][1]
    assert [fold for fold, _ in seen] == [0, 1, 2]
    assert all(folds[place] == folds[place + 1] for place in range(0, 40, 2))
    alone = head().scores(TEXTS)
    assert np.allclose(scores[:, 0] - alone[:, 0], folds)


def test_p_becomes_what_was_right_of_texts_held_back():
    head_ = head()
    scores = head_.scores(TEXTS)
    honest, measured = crossing.calibrated(head_, TEXTS, scores, TRUTH, wanted=0.5)
    assert honest.scores(TEXTS).argmax(axis=1).tolist() == scores.argmax(axis=1).tolist()
    assert 0 <= measured["p off by"] < 0.2
    assert measured["sure"] == pytest.approx(1)
    assert measured["sure right"] == pytest.approx(2 / 3, abs=0.2)


def test_a_rare_label_counts_as_much_as_a_common_one():
    assert crossing.macro_f1(["a", "a", "a", "b"], ["a"] * 4) == pytest.approx(3 / 7)
