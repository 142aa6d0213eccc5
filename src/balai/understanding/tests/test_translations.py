"""What was labelled in Indonesian is known of the translations, at no price for who reads."""

import numpy as np
import pytest

from balai.understanding import translations
from balai.understanding.fitting import Trained

GOOD = ["masakan enak", "enak betul", "rasa enak", "tempat enak"]
BAD = ["masakan buruk", "buruk betul", "rasa buruk", "tempat buruk"]
PAIRS = {
    "xyz": [("enak", "mzuq"), ("buruk", "pfohl")] * 3
    + [("masakan enak", "drevta mzuq"), ("masakan buruk", "drevta pfohl")] * 3
}


@pytest.fixture(scope="module")
def all_():
    return translations.gathered(GOOD + BAD, [True] * 8, PAIRS)


def meant_by(all_, word):
    table, known = translations.dictionary(all_), all_.corpus.known
    row = table[known.index(word)]
    return {known[place]: share for place, share in zip(row.indices, row.data, strict=True)}


def test_words_that_stand_together_in_translations_mean_each_other(all_):
    assert max(meant_by(all_, "mzuq"), key=meant_by(all_, "mzuq").get) == "enak"
    assert max(meant_by(all_, "pfohl"), key=meant_by(all_, "pfohl").get) == "buruk"
    assert meant_by(all_, "betul") == {"betul": 1}


def head(all_, **lenders):
    truth = np.array([[True, False]] * 4 + [[False, True]] * 4)
    lent = translations.lent(
        all_.corpus, np.arange(8), truth, np.ones(truth.shape),
        bits=12, strength=1.0, seed=1, **lenders,
    )  # fmt: skip
    return Trained(
        "mood", "one_of", ("good", "bad"), 12, True, lent.weights, lent.bias, (),
        words=lent.words, extra=lent.extra,
    )  # fmt: skip


def test_a_head_reads_a_word_of_which_only_the_translation_was_labelled(all_):
    table, contrast = translations.dictionary(all_), translations.Contrast(1.0, translated=True)
    for contrasts in ((), (contrast,)):
        taught = head(all_, table=table, contrasts=contrasts)
        good, bad = taught.scores(["mzuq mzuq", "pfohl pfohl"])
        assert good[0] > good[1]
        assert bad[1] > bad[0]


def test_contrasts_and_grams_agree_on_what_was_labelled(all_):
    contrasts = [translations.Contrast(1.0), translations.Contrast(1.0, with_grams=True)]
    plain, both = head(all_), head(all_, contrasts=contrasts)
    for one in (plain, both):
        assert (one.scores(GOOD).argmax(axis=1) == 0).all()
        assert (one.scores(BAD).argmax(axis=1) == 1).all()


def test_texts_of_one_id_and_pairs_are_documents(all_):
    ids = ["a", "b", "a", "", "", "", "", ""]
    documents = translations.together(all_, ids)
    assert [0, 2] in documents
    assert [3] in documents
    assert [8, 9] in documents
    assert len(documents) == len(PAIRS["xyz"]) + 7
