"""Variables in an answer, and which text is near a question."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from balai.library import rules

texts = st.text(max_size=200)
values = st.dictionaries(st.sampled_from(rules.VARIABLES), st.text(min_size=1, max_size=30))


def test_what_is_known_is_filled_and_what_is_not_is_named():
    filled = rules.fill("Yth. {nama}, nomor {nomor}.", {"nama": "Ibu Rina"})
    assert filled.text == "Yth. Ibu Rina, nomor {nomor}."
    assert filled.missing == ("nomor",)


def test_a_variable_that_does_not_exist_is_noticed_before_anybody_answers_with_it():
    assert rules.unknown_variables("Halo {nama}, {gaji} Anda") == ["gaji"]
    assert rules.left_over("Halo {nama}, {gaji} Anda") == ["nama"]


def test_a_name_with_braces_in_it_fills_nothing_else():
    filled = rules.fill("{nama} {nomor}", {"nama": "{nomor}", "nomor": "7"})
    assert filled.text == "{nomor} 7"


@given(texts, values)
def test_nothing_that_has_a_value_stays_open_and_the_rest_of_the_text_is_untouched(text, known):
    filled = rules.fill(text, known)
    assert set(filled.missing) == set(rules.variables_in(text)) - set(known)
    if not rules.variables_in(text):
        assert filled.text == text


@given(st.lists(texts, max_size=8), texts)
def test_what_is_near_is_among_the_texts_and_named_once(others, question):
    near = rules.nearest(question, others)
    assert len(set(near)) == len(near)
    assert all(0 <= place < len(others) for place in near)


def test_the_text_about_the_same_matter_comes_first():
    shelf = [
        "Syarat membuat kartu keluarga baru di kantor dukcapil",
        "Lampu jalan mati dilaporkan ke dinas perhubungan",
        "Jadwal pengangkutan sampah rumah tangga",
    ]
    assert rules.nearest("kenapa lampu jalan di gang saya mati terus?", shelf)[0] == 1
    assert rules.nearest("selamat pagi", shelf) == []


@given(texts)
def test_a_text_is_nearest_to_itself(text):
    others = ["sampah menumpuk pasar", text]
    near = rules.nearest(text, others)
    assert not rules.distinctive(text) or near[0] == 1 or others[near[0]] == text


def test_the_day_of_review_itself_is_not_late():
    assert not rules.is_overdue(date(2026, 5, 2), date(2026, 5, 2))
    assert rules.is_overdue(date(2026, 5, 1), date(2026, 5, 2))
    assert not rules.is_overdue(None, date(2026, 5, 2))
