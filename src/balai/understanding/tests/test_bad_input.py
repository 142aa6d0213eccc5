"""Broken and hostile text: always a reading, never a crash, never more than linear work."""

import json
import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balai.understanding.reading import Reading, UnreadableLineError, mask, read, read_jsonl
from balai.understanding.words import LONGEST_TEXT

ANY_TEXT = st.text(st.characters(codec=None), max_size=200)
TRICKS = {
    "empty": "",
    "white": " \t\n\u2003\u00a0",
    "emoji": "😭🔥👍🏽" * 30,
    "right to left": "\u202etolong\u202c \u0645\u0633\u0627\u0639\u062f\u0629",
    "zero width": "\u200b\u200d\ufeff" * 50,
    "lone surrogates": "\ud800a\udfff tolong",
    "nul": "\x00tolong\x00 kami\x00",
    "marks on marks": "t\u0336\u0337\u0338olong" * 20,
    "separators": "a\x1cb\x1db\x1ec\x85d\u2028e\n\nf",
    "one endless word": "a" * 30_000,
    "end sign": "\n \n tolong \n",
    "markup": "<url> <user> </script> {{ 7*7 }} %s %n",
}


@pytest.mark.parametrize("text", TRICKS.values(), ids=TRICKS)
def test_a_trick_gives_a_reading_of_the_promised_shape(text):
    (reading,) = read([text])
    encoded = msgspec.json.encode(reading)
    assert msgspec.json.decode(encoded, type=Reading) == reading


@settings(max_examples=200, deadline=None)
@given(st.lists(ANY_TEXT, max_size=5))
def test_any_texts_give_as_many_readings_and_places_inside(texts):
    readings = read(texts)
    assert len(readings) == len(texts)
    for text, reading in zip(texts, readings, strict=True):
        assert all(0 <= s.start < s.end <= len(text) for s in reading.personal_data)
        mask(text, reading.personal_data)


@settings(max_examples=100, deadline=None)
@given(st.lists(ANY_TEXT, min_size=2, max_size=6))
def test_neighbours_in_a_batch_do_not_change_a_reading(texts):
    assert read(texts) == [read([text])[0] for text in texts]


def test_no_texts_give_no_readings():
    assert read([]) == []


def test_contexts_must_be_as_many_as_texts():
    with pytest.raises(ValueError, match="as many"):
        read(["a", "b"], [None])


def test_a_giant_text_is_cut_and_says_so():
    (reading,) = read(["tolong kebakaran " * 700_000])  # about 12 MB
    assert str(LONGEST_TEXT) in reading.because["text"][0]
    assert reading.urgency.value == "danger"


@pytest.mark.parametrize("piece", ["0812 ", "a", "a ", "1", "a@", "ke", "\u200b", "b 1 ", "3578-"])
def test_work_grows_no_faster_than_the_text(piece):
    def seconds(size):
        text = (piece * size)[:size]
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            read([text])
            best = min(best, time.process_time() - start)
        return best

    read(["warm"])
    # 16 times the text: linear is 16, quadratic 256; the floor keeps tiny times from deciding.
    assert seconds(16_000) <= 64 * max(seconds(1_000), 0.0005)


def test_jsonl_keeps_every_key_and_adds_a_reading():
    lines = [json.dumps({"id": 7, "text": "jalan rusak"}), "", b'{"text": "terima kasih"}']
    first, second = read_jsonl(lines)
    assert first["id"] == 7
    assert first["reading"]["intent"]["value"] == "complaint"
    assert second["reading"]["intent"]["value"] == "praise"


@pytest.mark.parametrize("line", ["[]", '{"id": 1}', '{"text": 3}', "{", b"\xff"])
def test_a_line_without_a_text_is_named_by_number(line):
    with pytest.raises(UnreadableLineError, match="line 2"):
        list(read_jsonl(['{"text": "a"}', line]))
