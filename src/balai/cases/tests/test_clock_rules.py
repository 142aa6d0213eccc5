"""Clocks that nobody can bend: domain 4.6, with its vectors."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balai.cases.rules import clocks
from balai.governance.rules import Calendar, DayOff, Measure, Pause, Target
from balai.governance.selectors.calendar import national_days_off

JAKARTA = ZoneInfo("Asia/Jakarta")
DAYS_OFF = national_days_off(2015, 2029)
CALENDAR = Calendar(days_off=DAYS_OFF, last_year=2029)
MOMENTS = st.datetimes(
    datetime(2026, 1, 5), datetime(2027, 6, 30), timezones=st.just(UTC)
)  # fmt: skip
LIMITS = {"ordinary": 5, "without_oversight": 14, "with_oversight": 60}
# Domain 4.6: received on a working day before closing, both kinds of holiday excluded.
VECTORS = [
    ("2026-03-13", {3: "2026-03-25", 5: "2026-03-27", 14: "2026-04-10", 60: "2026-06-24"}),
    ("2026-03-17", {3: "2026-03-27", 5: "2026-03-31", 14: "2026-04-14", 60: "2026-06-26"}),
    ("2026-05-13", {3: "2026-05-20", 5: "2026-05-22", 14: "2026-06-09", 60: "2026-08-13"}),
    ("2026-12-22", {3: "2026-12-29", 5: "2026-12-31", 14: "2027-01-15", 60: "2027-04-02"}),
    ("2027-03-05", {3: "2027-03-18", 5: "2027-03-22", 14: "2027-04-06", 60: "2027-06-17"}),
]


def target(limit, clock="complaint_without_oversight"):
    return Target(clock, limit, Measure.WORKING_DAYS, "V2", "praktik")


def local(day, at=time(10)):
    return datetime.combine(date.fromisoformat(day), at, JAKARTA)


@pytest.mark.parametrize(("received", "due"), VECTORS)
def test_the_vectors_of_the_domain_hold_for_every_limit_of_the_practice(received, due):
    for limit, day in due.items():
        at = clocks.due(CALENDAR, local(received), target(limit), at=local(received))
        assert at.astimezone(JAKARTA) == local(day, time(16))


@pytest.mark.parametrize(("received", "due"), VECTORS)
def test_what_comes_after_closing_counts_as_the_next_working_day(received, due):
    late = clocks.due(CALENDAR, local(received, time(16, 1)), target(3), at=local(received))
    assert late.astimezone(JAKARTA).date() > date.fromisoformat(due[3])


def test_a_case_of_each_kind_has_a_clock_of_the_pack():
    assert clocks.pack_clock("verification", "ordinary") == "complaint_verification"
    for scrutiny, name in clocks.PACK_CLOCK_OF_SCRUTINY.items():
        assert clocks.pack_clock("resolution", scrutiny) == name


@given(MOMENTS, st.sampled_from(sorted(LIMITS.values())), st.integers(0, 30))
@settings(max_examples=60, deadline=None)
def test_waiting_for_the_citizen_moves_the_resolution_and_never_the_verification(
    start, limit, days
):
    pause = [Pause(start, start + timedelta(days=days))]
    at = start + timedelta(days=days)
    without = clocks.due(CALENDAR, start, target(limit), at=at)
    assert clocks.due(CALENDAR, start, target(limit), pause, at=at) >= without
    first = clocks.due(CALENDAR, start, target(limit), pause, at=at, kind="verification")
    assert first == without


@given(MOMENTS, st.integers(1, 60), st.integers(1, 200), st.integers(0, 200))
@settings(max_examples=60, deadline=None)
def test_a_clock_that_goes_on_has_what_it_had_left_and_three_working_days_at_least(
    start, limit, stopped_after, pause
):
    due = clocks.due(CALENDAR, start, target(limit), at=start)
    stopped = start + timedelta(hours=stopped_after)
    again = stopped + timedelta(hours=pause)
    left = clocks.minutes_left(CALENDAR, due, stopped)
    on = clocks.due_again(CALENDAR, again, left)
    assert on >= CALENDAR.deadline(again, 3)
    assert CALENDAR.working_minutes(again, on) >= left - 1e-6
    assert left <= CALENDAR.working_minutes(start, due) + 1e-6


@given(MOMENTS, st.sampled_from(sorted(LIMITS.values())), st.integers(0, 120), st.booleans())
@settings(max_examples=40, deadline=None)
def test_no_change_of_the_calendar_shortens_what_was_promised(start, limit, when, adds):
    promised = clocks.due(CALENDAR, start, target(limit), at=start)
    day = (start + timedelta(days=when)).date()
    days = dict(DAYS_OFF)
    if adds:
        days[day] = DayOff.LOCAL
    else:
        days.pop(day, None)
    changed = Calendar(days_off=days, last_year=2029)
    computed = clocks.due(changed, start, target(limit), at=start)
    kept = clocks.keep(promised, computed)
    assert kept >= promised
    assert kept in (promised, computed)


@given(MOMENTS, st.integers(1, 60), st.sampled_from([0, 50, 80, 100]))
@settings(max_examples=60, deadline=None)
def test_marks_come_in_order_and_the_hundredth_is_the_deadline(start, limit, told):
    due = clocks.due(CALENDAR, start, target(limit), at=start)
    marks = [clocks.mark_at(CALENDAR, start, due, mark) for mark in clocks.MARKS]
    assert marks == sorted(marks)
    assert marks[2] == due
    coming = clocks.next_mark(CALENDAR, start, due, told)
    assert coming is not None
    assert clocks.marks_passed(CALENDAR, start, due, told, coming)[0] > told
    assert clocks.next_mark(CALENDAR, start, due, 150) is None


@given(MOMENTS, MOMENTS)
@settings(deadline=None)
def test_a_merged_report_is_due_by_the_earliest(one, other):
    assert clocks.due_after_merge(one, other) <= one
    assert clocks.due_after_merge(one, other) <= other
