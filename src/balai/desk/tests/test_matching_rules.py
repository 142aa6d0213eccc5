"""Which conversations a rule fits."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.desk.rules.matching import Conditions, Deeds, Facts, fits, mismatch, room_left, says_any
from balai.desk.rules.opening import is_served, next_opening, worded

FACTS = Facts(
    topic="Lampu jalan",
    intent="complaint",
    priority=1,
    places=(("35.15.02", "Candi"), ("", "Jalan Melati")),
    language="jav",
    connection_id=4,
    account_id=9,
    text="Lampu jalan mati, tolong diperbaiki!",
    unit_id=3,
    is_open=True,
    in_hours=False,
)


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        (Conditions(), True),
        (Conditions(topics=("lampu  jalan",)), True),
        (Conditions(topics=("air",)), False),
        (Conditions(intents=("question", "complaint")), True),
        (Conditions(intents=("question",)), False),
        (Conditions(at_least=1), True),
        (Conditions(at_least=2), False),
        (Conditions(places=("35.15",)), True),
        (Conditions(places=("35.1",)), False),
        (Conditions(places=("jalan melati",)), True),
        (Conditions(places=("Waru",)), False),
        (Conditions(languages=("jav",)), True),
        (Conditions(languages=("ind",)), False),
        (Conditions(connections=(4,)), True),
        (Conditions(connections=(5,)), False),
        (Conditions(accounts=(9,)), True),
        (Conditions(accounts=(8,)), False),
        (Conditions(words=("LAMPU JALAN",)), True),
        (Conditions(words=("lamp",)), False),
        (Conditions(units=(3,)), True),
        (Conditions(units=(0,)), False),
        (Conditions(is_open=True), True),
        (Conditions(is_open=False), False),
        (Conditions(in_hours=False), True),
        (Conditions(in_hours=True), False),
        (Conditions(intents=("complaint",), words=("air",)), False),
    ],
)
def test_everything_that_is_asked_for_must_hold(asked, holds):
    assert fits(asked, FACTS) is holds


def test_the_first_condition_that_fails_is_named():
    assert mismatch(Conditions(units=(1,), words=("air",)), FACTS) == "units"


texts = st.text("aZ \u0130\u00df\n,.-9\u0301\u6f22\x00_\ud7ff\u200b", max_size=60)


@given(texts, st.lists(texts, max_size=4))
def test_no_text_makes_the_search_for_words_fail(text, words):
    assert says_any(text, words) in (True, False)


@given(st.lists(st.text("abc ", max_size=4), max_size=3), texts)
def test_a_word_is_found_where_it_stands(words, text):
    if any(word.strip() for word in words):
        said = next(word for word in words if word.strip())
        assert says_any(f"{text} {said} {text}", words)


conditions = st.builds(
    Conditions,
    topics=st.lists(texts, max_size=3).map(tuple),
    at_least=st.integers(0, 2),
    units=st.lists(st.integers(0, 9)).map(tuple),
    is_open=st.none() | st.booleans(),
    in_hours=st.none() | st.booleans(),
)


@given(conditions)
def test_conditions_are_kept_and_read_again_as_they_were(asked):
    assert Conditions.of(asked.kept()) == asked


def test_deeds_are_kept_too_and_what_nobody_knows_is_refused():
    deeds = Deeds(team=3, notify=(4, 5), away=True)
    assert Deeds.of(deeds.kept()) == deeds
    assert not Deeds()
    with pytest.raises(KeyError):
        Deeds.of({"delete": 1})


def test_the_limit_counts_the_last_hour_only():
    now = datetime(2026, 11, 22, 10, tzinfo=UTC)
    runs = [now - timedelta(minutes=minutes) for minutes in (1, 30, 59, 61)]
    assert room_left(runs, now, 5) == 2
    assert room_left(runs, now, 3) == 0


WIB = ZoneInfo("Asia/Jakarta")
HOURS = {
    date(2026, 11, 20): [(time(7, 30), time(11)), (time(13), time(14, 30))],
    date(2026, 11, 23): [(time(7, 30), time(16))],
}


def hours_on(day):
    return HOURS.get(day, [])


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=WIB)


def test_the_next_opening_may_be_after_the_noon_pause_or_after_the_weekend():
    assert is_served(hours_on, at(20, 8))
    assert not is_served(hours_on, at(20, 12))
    assert next_opening(hours_on, at(20, 12)) == at(20, 13)
    assert next_opening(hours_on, at(20, 15)) == at(23, 7, 30)
    assert next_opening(hours_on, at(21, 9)) == at(23, 7, 30)
    assert next_opening(hours_on, at(23, 17)) is None
    assert worded("Buka {buka}.", "Senin") == "Buka Senin."
