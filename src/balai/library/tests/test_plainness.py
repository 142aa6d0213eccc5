"""Advice on plain words, and the signs of fun that a complaint does not bear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.library.rules.plainness import LONGEST_SENTENCE, advice, humour, sentences

PLAIN = (
    "Halo Bu Rina, lampu di jalan Mawar kami perbaiki besok. Silakan kabari kami bila masih mati."
)


def rules_of(text, language="ind"):
    return [one.rule for one in advice(text, language)]


def test_a_plain_answer_gets_no_advice():
    assert advice(PLAIN, "ind") == []
    assert advice("Dear Rina, we will repair the lamp tomorrow.", "eng") == []
    assert advice("   ", "ind") == []


def test_a_sentence_is_long_from_the_twenty_sixth_word():
    of = "Halo " + "kata " * (LONGEST_SENTENCE - 2) + "akan"
    assert "long_sentence" not in rules_of(f"{of}.")
    assert "long_sentence" in rules_of(f"{of} lagi.")
    assert "long_sentence" in rules_of(f"{of} lagi.", "jav")


@pytest.mark.parametrize(
    ("text", "language", "heap"),
    [
        ("Berkas diterima, diperiksa, lalu diteruskan besok.", "ind", True),
        ("Dinas kami diminta datang ke direktorat besok.", "ind", False),
        ("Your file was received and is being checked and was taken on.", "eng", True),
        ("Your file was received.", "eng", False),
    ],
)
def test_passives_are_told_when_they_stand_in_a_heap(text, language, heap):
    assert ("passive_heap" in rules_of(text, language)) == heap


def test_words_of_offices_are_told_with_plainer_ones():
    found = advice("Halo, sehubungan dengan itu kami melakukan pengecekan besok.", "ind")
    assert {(one.words, one.instead) for one in found} == {
        ("sehubungan dengan", "tentang"),
        ("melakukan pengecekan", "memeriksa"),
    }


def test_a_short_form_is_explained_once_or_known_to_everybody():
    assert "short_form" in rules_of("Halo, hubungi DPMPTSP besok.")
    assert "short_form" not in rules_of("Halo, hubungi Dinas Perizinan (DPMPTSP) besok.")
    assert "short_form" not in rules_of("Halo, hubungi DPMPTSP (dinas perizinan) besok.")
    assert "short_form" not in rules_of("Halo, bawa KTP besok.")


def test_a_greeting_and_a_next_step_are_missed():
    assert rules_of("Lampu rusak.") == ["no_greeting", "no_next_step"]


def test_of_a_language_that_we_do_not_judge_only_length_is_told():
    assert advice("Lampune rusak. DPMPTSP apabila.", "jav") == []


def test_a_full_stop_in_a_number_or_an_address_ends_no_sentence():
    assert sentences("Biaya Rp10.000 di contoh.go.id. Bayar besok!") == [
        "Biaya Rp10.000 di contoh.go.id",
        "Bayar besok",
    ]


@pytest.mark.parametrize("text", ["Siap 😂", "wkwkwk sabar ya", "Haha tenang", "ok :)", "LOL"])
def test_fun_is_seen(text):
    assert humour(text)


@pytest.mark.parametrize(
    "text", [PLAIN, "Hubungi ☎ 112 ⚠", "Pukul 10:00 (WIB)", "Hahan dan Hehanusa hadir", "nomor: 8)"]
)
def test_a_sober_answer_is_no_fun(text):
    assert humour(text) == []


@given(st.text(max_size=300), st.sampled_from(["ind", "eng", "jav", ""]))
def test_no_text_makes_the_advice_fail_and_it_quotes_what_stands_there(text, language):
    flat = " ".join(text.casefold().split())
    for one in advice(text, language):
        if one.rule == "jargon":
            assert one.words in flat
        if one.rule == "short_form":
            assert one.words in text
    assert all(sign in text for sign in humour(text))


@given(st.text(alphabet="abcdefghij .", max_size=200))
def test_words_set_in_front_take_no_advice_on_length_away(text):
    count = sum(one.rule == "long_sentence" for one in advice(text, "jav"))
    assert sum(one.rule == "long_sentence" for one in advice(f"Halo.\n{text}", "jav")) == count
