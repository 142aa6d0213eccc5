"""Who is on duty: weekly hours, nights, changes of a day, days off."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.desk.rules.duty import Pattern, WrongHours, duty_until, refuse_overlap

WIB = ZoneInfo("Asia/Jakarta")
MONDAY = date(2026, 11, 23)


def at(hour, minute=0, day=MONDAY):
    return datetime.combine(day, time(hour, minute), WIB)


SPLIT = Pattern({0: [(time(7, 30), time(12)), (time(13), time(16))]})


def test_a_day_of_two_spans_has_a_pause_between_them():
    assert duty_until(SPLIT, at(8)) == at(12)
    assert duty_until(SPLIT, at(12)) is None
    assert duty_until(SPLIT, at(12, 30)) is None
    assert duty_until(SPLIT, at(13)) == at(16)
    assert duty_until(SPLIT, at(16)) is None


def test_spans_without_a_pause_are_one_duty():
    pattern = Pattern({0: [(time(7), time(12)), (time(12), time(16))]})
    assert duty_until(pattern, at(8)) == at(16)


def test_a_night_goes_on_into_the_next_day():
    night = Pattern({0: [(time(22), time(6))]})
    tuesday = MONDAY + timedelta(days=1)
    assert duty_until(night, at(23)) == at(6, day=tuesday)
    assert duty_until(night, at(5, day=tuesday)) == at(6, day=tuesday)
    assert duty_until(night, at(6, day=tuesday)) is None
    assert duty_until(night, at(5)) is None


def test_a_day_off_is_free_unless_the_shift_works_on_days_off_or_that_day_was_changed():
    assert duty_until(SPLIT, at(8), {MONDAY}) is None
    always = Pattern(SPLIT.week, works_on_days_off=True)
    assert duty_until(always, at(8), {MONDAY}) == at(12)
    called_in = Pattern(SPLIT.week, changes={MONDAY: [(time(8), time(10))]})
    assert duty_until(called_in, at(9), {MONDAY}) == at(10)
    assert duty_until(called_in, at(11)) is None
    sent_home = Pattern(SPLIT.week, changes={MONDAY: []})
    assert duty_until(sent_home, at(8)) is None


@pytest.mark.parametrize(
    "week",
    [
        {0: [(time(8), time(12)), (time(11), time(13))]},
        {0: [(time(22), time(6))], 1: [(time(5), time(9))]},
        {6: [(time(22), time(6))], 0: [(time(5), time(9))]},
        {3: [(time(8), time(8))]},
    ],
)
def test_hours_that_overlap_are_refused_also_over_midnight_and_over_the_week(week):
    with pytest.raises(WrongHours):
        refuse_overlap(week)


quarters = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
hours = st.tuples(quarters, quarters).filter(lambda pair: pair[0] != pair[1])
weeks = st.dictionaries(st.integers(0, 6), st.lists(hours, max_size=3), max_size=4)
moments = st.integers(0, 14 * 24 * 60).map(lambda minute: at(0) + timedelta(minutes=minute))
days = st.integers(0, 14).map(lambda ahead: MONDAY + timedelta(days=ahead))


@given(weeks, moments, st.sets(days, max_size=5))
def test_a_duty_ends_after_now_and_nobody_is_on_duty_at_its_end_unless_it_goes_on(week, now, off):
    until = duty_until(Pattern(week), now, off)
    if until is not None:
        assert until > now
        later = duty_until(Pattern(week), until - timedelta(microseconds=1), off)
        assert later is not None
        assert later >= until
