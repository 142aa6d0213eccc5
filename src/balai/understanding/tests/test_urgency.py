"""Urgency and intent on the labelled sentences; codebook.py says what the labels mean."""

import pytest

from balai.understanding.reading import read
from balai.understanding.tests.codebook import Labelled, sentences

SENTENCES = sentences()
READINGS = read([one.text for one in SENTENCES])
PAIRS = list(zip(SENTENCES, READINGS, strict=True))


def test_the_book_is_large_and_speaks_four_languages():
    assert len(SENTENCES) >= 150
    assert {one.language for one in SENTENCES} == {"ind", "jav", "sun", "eng"}


def test_no_danger_to_life_is_missed():
    missed = [s.text for s, r in PAIRS if s.urgency == ("danger",) and r.urgency.value != "danger"]
    assert missed == []


def test_calm_texts_that_name_a_danger_raise_no_alarm():
    false = [s.text for s, r in PAIRS if "danger" not in s.urgency and r.urgency.value == "danger"]
    assert false == []


@pytest.mark.parametrize(("said", "reading"), PAIRS, ids=[s.text[:40] for s in SENTENCES])
def test_urgency_is_one_that_a_fair_reader_would_give(said: Labelled, reading):
    assert reading.urgency.value in said.urgency


def test_at_least_nine_of_ten_intents_are_right():
    asked = [(s, r) for s, r in PAIRS if s.intent != "-"]
    wrong = [(s.text, r.intent.value) for s, r in asked if r.intent.value != s.intent]
    assert len(wrong) <= len(asked) / 10, wrong


def test_rules_alone_claim_no_probability_and_no_certainty():
    for _, reading in PAIRS:
        assert reading.abuse.p == {}
        assert not reading.abuse.sure


def test_every_value_has_a_reason():
    for said, reading in PAIRS:
        assert reading.because["urgency"]
        assert reading.because["language"]
        assert reading.because["sentiment"]
        if reading.intent.value:
            assert reading.because["intent"], said.text
        if reading.abuse.abusive:
            assert reading.because["abuse"], said.text
        if reading.sensitive:
            assert reading.because["sensitive"], said.text
