"""What an officer's words find."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balai.ground.clock import first_id_at
from balai.inbox.landing import OurWords, Term, open_store
from balai.inbox.models import Conversation, Message
from balai.inbox.search import parse, search
from balai.inbox.tests.landing import NOON, make_arrival, make_connection

pytestmark = pytest.mark.django_db


def land(line, *texts):
    return open_store().land(
        [
            make_arrival(line, f"{text}-{n}", text=text, thread_key=f"t{n}")
            for n, text in enumerate(texts)
        ]
    )


def texts(institution_id, words, **how):
    found = search(institution_id, words, **how).found
    by_id = Message.objects.in_bulk([hit.message_id for hit in found])
    return [by_id[hit.message_id].text for hit in found]


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("", []),
        ('  " * -- ', []),
        ("lampu jalan", [Term(("lampu",)), Term(("jalan",))]),
        ('"lampu jalan" mati', [Term(("lampu", "jalan")), Term(("mati",))]),
        ("lam* jalan", [Term(("lam",), True), Term(("jalan",))]),
        ('"lampu jal"* x', [Term(("lampu", "jal")), Term(("x",))]),
        ('"never closed', [Term(("never", "closed"))]),
        ("0812-3456 a_b", [Term(("0812", "3456")), Term(("a", "b"))]),
        (
            "a NOT b OR c NEAR(d)",
            [Term((w,)) for w in ("a", "NOT", "b", "OR", "c")] + [Term(("NEAR", "d"))],
        ),
    ],
)
def test_what_the_officers_words_ask_for(words, terms):
    assert parse(words) == terms


def test_the_last_word_is_open_while_it_is_typed():
    assert parse("lampu ja", as_you_type=True) == [Term(("lampu",)), Term(("ja",), True)]
    assert parse("lampu ja ", as_you_type=True) == [Term(("lampu",)), Term(("ja",))]
    assert parse('"lampu ja"', as_you_type=True) == [Term(("lampu", "ja"))]


def test_all_words_must_stand_in_the_message_and_the_newest_comes_first():
    line = make_connection()
    land(line, "banjir di pasar lama", "pasar ramai", "pasar lama banjir lagi")

    found = texts(line.institution_id, "PASAR banjir")

    assert found == ["pasar lama banjir lagi", "banjir di pasar lama"]


def test_words_in_quotes_stand_together_and_a_star_leaves_the_end_open():
    line = make_connection()
    land(line, "jembatan rusak parah", "rusak jembatan", "jembatannya rusak")

    assert texts(line.institution_id, '"rusak jembatan"') == ["rusak jembatan"]
    assert len(texts(line.institution_id, "jembat*")) == 3


@pytest.mark.only_on("sqlite")  # PostgreSQL stems the word before it sees its beginning
def test_a_beginning_of_any_length_finds_the_newest_words_that_go_on_so():
    line = make_connection()
    land(line, *["jalanan rusak"] * 3, *["jalan licin"] * 3, "Jálān-jalan", "jelaga")

    for words, hits in (("j*", 8), ("ja*", 7), ("jal*", 7), ("jala*", 7), ("jalana*", 3)):
        assert len(texts(line.institution_id, words)) == hits, words
    assert len(texts(line.institution_id, "rusak j*")) == 3
    assert texts(line.institution_id, '"jalan jalan"') == ["Jálān-jalan"]
    assert texts(line.institution_id, "x*") == []


@pytest.mark.only_on("sqlite")
def test_a_rare_beginning_is_found_behind_many_newer_ones_that_begin_alike(monkeypatch):
    monkeypatch.setattr("balai.inbox.landing.finding.LOOKED_AT", 5)
    line = make_connection()
    land(line, "jalaktur satu", *["jalan rusak"] * 20, "jalaktur dua", *["jalan licin"] * 20)

    assert texts(line.institution_id, "jalak*") == ["jalaktur dua", "jalaktur satu"]
    assert len(texts(line.institution_id, "ja*", limit=50)) == 42
    assert len(texts(line.institution_id, '"jalan rusak"', limit=50)) == 20


def test_letters_that_are_younger_than_the_index_are_a_search_as_well():
    line = make_connection()
    land(line, "a\U00010570b")

    for words in ("a\U00010570b", "a\U00010570b*", "\U00010570*"):
        texts(line.institution_id, words)


def test_parts_of_addresses_and_numbers_are_found():
    line = make_connection()
    land(line, "lihat https://www.kotabaru.go.id/berita/42 atau 0812-3456-789")

    for words in ("kotabaru", "42", "berita", "0812-3456-789", "3456", '"kotabaru go id"'):
        assert len(texts(line.institution_id, words)) == 1, words


def test_another_institution_finds_nothing_of_ours():
    here, there = make_connection(), make_connection()
    land(here, "rahasia dapur")

    assert texts(there.institution_id, "rahasia") == []


def test_pages_follow_each_other_without_gap_or_repeat():
    line = make_connection()
    landed = land(line, *(f"keluhan nomor {n}" for n in range(12)))

    seen, before = [], None
    while True:
        page = search(line.institution_id, "keluhan", before=before, limit=5)
        seen += [hit.message_id for hit in page.found]
        before = page.before
        if before is None:
            break

    assert seen == landed.message_ids[::-1]


def test_hidden_erased_and_sealed_words_are_never_found():
    line = make_connection()
    store = open_store()
    hidden, erased, sealed, _ = land(line, *["sampah menumpuk"] * 4).message_ids
    assert store.hide([hidden, hidden]) == 1
    assert store.hide([hidden]) == 0
    assert store.erase([erased]) == 1
    Conversation.objects.filter(messages__id=sealed).update(state="sealed")

    assert len(texts(line.institution_id, "sampah")) == 1
    assert len(search(line.institution_id, "sampah", limit=2).found) == 1
    assert Message.objects.get(pk=hidden).text == "sampah menumpuk"
    gone = Message.objects.get(pk=erased)
    assert (gone.text, gone.reading, gone.extra) == ("", None, {})
    assert store.erase([hidden]) == 1  # told twice, the index stays whole
    assert store.land([make_arrival(line, "sampah menumpuk-1")]).repeats == 1


def test_our_own_answers_and_notes_are_found():
    line = make_connection()
    land(line, "halo")
    open_store().append(
        OurWords(
            institution_id=line.institution_id,
            connection_id=line.pk,
            conversation_id=Conversation.objects.get().pk,
            direction="note",
            text="Sudah ditelepon oleh petugas",
            sent_at=NOON,
        )
    )

    assert texts(line.institution_id, "ditelepon") == ["Sudah ditelepon oleh petugas"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.text(max_size=60), typing=st.booleans())
def test_no_input_is_an_error(words, typing):
    search(1, words, as_you_type=typing)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    words=st.lists(
        st.sampled_from(['"', "*", "AND", "NEAR(", "-", ":", "'", "\\", "a&b", "|!"]), max_size=8
    )
)
def test_no_operator_of_a_search_engine_is_an_error(words):
    search(1, " ".join(words))


@pytest.mark.only_on("postgresql")  # months are PostgreSQL's
class TestMonths:
    def test_a_search_walks_from_the_newest_month_to_the_oldest_message(self):
        from balai.inbox.landing.postgres import make_months

        line = make_connection()
        make_months(datetime(2024, 11, 5, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC))
        land(line, *(f"laporan {n}" for n in range(6)))
        numbers = list(Message.objects.order_by("id").values_list("id", flat=True))
        for year, month, number in zip(
            (2024, 2025, 2025, 2026), (12, 1, 12, 2), numbers, strict=False
        ):
            moved = first_id_at(datetime(year, month, 3, tzinfo=UTC))
            Message.objects.filter(pk=number).update(id=moved)

        assert texts(line.institution_id, "laporan") == [f"laporan {n}" for n in (5, 4, 3, 2, 1, 0)]
        assert len(texts(line.institution_id, "laporan", limit=3)) == 3
        page = search(line.institution_id, "laporan", limit=4)
        rest = search(line.institution_id, "laporan", before=page.before)
        assert len(rest.found) == 2

    def test_what_came_before_its_month_was_made_moves_into_it(self):
        from balai.inbox.landing.postgres import make_months

        line = make_connection()
        (number,) = land(line, "dari masa depan").message_ids
        far = datetime(2031, 5, 7, tzinfo=UTC)
        Message.objects.filter(pk=number).update(id=first_id_at(far))

        make_months(far, far)
        make_months(far, far)

        with connection.cursor() as cursor:
            cursor.execute("SELECT tableoid::regclass::text FROM inbox_message")
            assert cursor.fetchall() == [("inbox_message_2031_05",)]
        assert texts(line.institution_id, "depan") == ["dari masa depan"]

    def test_tending_makes_the_months_ahead(self):
        open_store().tend()
        open_store().tend()


@pytest.mark.only_on("sqlite")  # merging is FTS5's
def test_tending_merges_the_index_and_loses_nothing():
    line = make_connection()
    for n in range(5):
        open_store().land([make_arrival(line, f"m{n}", text=f"pasar {n}")])

    open_store().tend()

    assert len(texts(line.institution_id, "pasar")) == 5
