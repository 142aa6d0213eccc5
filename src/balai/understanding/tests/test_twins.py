"""The same message sent again, a little changed, is known as a twin; other messages are not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balai.understanding.claims import Twins

FLOOD = "Tanggul Kali Melati jebol, warga Kampung Baru diminta mengungsi ke balai desa malam ini"


def test_a_message_that_was_forwarded_finds_the_first_one():
    twins = Twins()
    twins.add(["first", "other"], [FLOOD, "Kapan jadwal vaksin anak di puskesmas Sukamaju?"])
    found = twins.find([f"TERUSKAN! {FLOOD.upper()}!!!", "Lampu jalan mati di depan pasar induk"])
    assert found[0][0].key == "first"
    assert found[0][0].score >= 0.8
    assert found[1] == ()


def test_finding_remembers_nothing_and_meeting_does():
    twins = Twins()
    assert twins.find([FLOOD]) == [()]
    assert len(twins) == 0
    assert twins.meet(["one"], [FLOOD]) == [()]
    assert [twin.key for twin in twins.meet(["two"], [FLOOD])[0]] == ["one"]


def test_twins_of_one_batch_know_those_before_them():
    found = Twins().meet(["a", "b", "c"], [FLOOD, "Terima kasih, KTP saya sudah jadi", FLOOD])
    assert [[twin.key for twin in one] for one in found] == [[], [], ["a"]]


def test_few_words_are_twins_only_of_the_very_same_words():
    twins = Twins()
    twins.add(["ok"], ["Ok siap, min"])
    assert twins.find(["ok SIAP min!"])[0][0].key == "ok"
    assert twins.find(["ok siap"]) == [()]


@pytest.mark.parametrize("text", ["", "   ", "!!! ...", "\x1e\x00"])
def test_what_has_no_words_has_no_twins(text):
    assert Twins().meet(["a", "b"], [text, text]) == [(), ()]


def test_emoji_are_twins_of_the_same_emoji():
    assert Twins().meet(["a", "b"], ["🙏🙏", "🙏🙏"])[1][0].key == "a"


def test_only_the_last_messages_are_remembered():
    twins = Twins(capacity=10)
    twins.add(["old"], [FLOOD])
    texts = [f"keluhan nomor {n} tentang jalan berlubang {n * 7}" for n in range(10)]
    twins.add([str(n) for n in range(10)], texts)
    assert len(twins) == 10
    assert twins.find([FLOOD]) == [()]
    assert twins.find([texts[-1]])[0][0].key == "9"


def test_a_batch_bigger_than_the_memory_is_no_harm():
    twins = Twins(capacity=3)
    found = twins.meet([str(n) for n in range(7)], [FLOOD] * 7)
    assert len(found) == 7
    assert len(twins) == 3
    assert {twin.key for twin in found[-1]} <= {"4", "5"}


def test_without_room_there_are_no_twins():
    with pytest.raises(ValueError, match="room"):
        Twins(capacity=0)


texts = st.lists(
    st.one_of(st.text(max_size=60), st.sampled_from([FLOOD, FLOOD.lower(), "ok", "banjir lagi"])),
    max_size=30,
)


@settings(deadline=None)
@given(texts, st.integers(1, 40), st.integers(1, 12))
def test_any_cutting_into_batches_gives_the_same_memory_and_no_text_makes_it_fail(
    said, capacity, size
):
    twins = Twins(capacity)
    for place in range(0, len(said), size):
        here = said[place : place + size]
        found = twins.meet([str(place + n) for n in range(len(here))], here)
        for number, one in enumerate(found, place):
            assert all(int(twin.key) < number for twin in one)
            assert all(twin.score >= 0.6 for twin in one)
    whole = Twins(capacity)
    whole.add([str(n) for n in range(len(said))], said)
    assert whole.find(said) == twins.find(said)
