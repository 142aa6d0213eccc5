"""Emotion and disaster in a reading: what is named, and that silence is no emotion."""

import pytest

from balai.understanding.reading import read
from balai.understanding.shapes import EMOTIONS


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("Saya marah sekali, petugasnya kurang ajar dan seenaknya saja!", "anger"),
        ("Aku takut banget, semalam gempa dan rumah bergoyang, ngeri", "fear"),
        ("Sedih banget, aku nangis terus dari kemarin, hati hancur", "sadness"),
    ],
)
def test_a_plain_emotion_is_named_with_its_words(text, emotion):
    (reading,) = read([text])
    assert reading.emotion.value == emotion
    assert reading.because["emotion"]
    assert 0 < reading.emotion.p <= 1


def test_a_text_without_words_shows_no_emotion():
    (reading,) = read([""])
    assert reading.emotion.value is None
    assert reading.emotion.p is None


def test_every_emotion_is_one_of_five():
    texts = ["banjir lagi", "terima kasih", "love you", "?", "matur nuwun sanget", "aku wedi"]
    assert {one.emotion.value for one in read(texts)} <= {*EMOTIONS, None}


def test_a_fire_is_a_disaster_and_a_late_card_is_none():
    fire, card = read(["Tolong, kebakaran di Pasar Baru, api besar!", "KTP saya belum jadi"])
    assert fire.disaster.relevant
    assert fire.disaster.urgent
    assert fire.because["disaster"]
    assert not card.disaster.relevant
