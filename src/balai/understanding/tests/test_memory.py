"""What was read before makes reading cheaper and never changes an answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balai.understanding import features
from balai.understanding.reading import Reader
from balai.understanding.tests.codebook import sentences
from balai.understanding.words import Words

SAID = sorted({word for one in sentences() for word in one.text.split()})
TALK = st.lists(st.sampled_from(SAID), max_size=40).map(" ".join) | st.text(max_size=60)
REMEMBERING, FORGETTING = Reader(), Reader()


def forget(reader):
    reader._ruled.clear()
    reader._cues._known.clear()
    reader._words = Words(reader._words._disguised)
    reader._model._forget()


@settings(max_examples=300, deadline=None)
@given(st.lists(TALK, min_size=1, max_size=6))
def test_a_remembered_reading_is_the_reading_without_memory(texts):
    alone = []
    for text in texts:
        forget(FORGETTING)
        alone += FORGETTING.read([text])
    together = REMEMBERING.read(texts)
    for one, other in zip(together, alone, strict=True):
        assert one.because.keys() == other.because.keys()
        for field in ("intent", "urgency", "abuse", "sensitive", "personal_data"):
            assert getattr(one, field) == getattr(other, field)
            assert one.because[field] == other.because[field]
        assert (one.language.value, one.sentiment.value) == (
            other.language.value,
            other.sentiment.value,
        )
        assert one.language.p == pytest.approx(other.language.p, abs=2e-3)


@given(st.lists(TALK, min_size=1, max_size=6))
def test_pieces_are_the_words_of_their_text(texts):
    plain = Words().pieces(texts)
    assert " ".join(plain.pieces) == plain.text
    by_pieces, by_words = features.talk(plain.pieces), features.talk(plain.text)
    assert by_pieces.size == by_words.size == len(texts)
    assert by_pieces.texts.tolist() == by_words.texts.tolist()
    assert [by_pieces.known[n] for n in by_pieces.words] == [
        by_words.known[n] for n in by_words.words
    ]
