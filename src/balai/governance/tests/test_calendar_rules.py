"""The working-day engine against the vectors of domain 4.6, and laws that hold for any calendar."""

from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balai.governance.rules import (
    OFFICE_HOURS,
    BeyondCalendar,
    Calendar,
    DayOff,
    Measure,
    Pause,
    Target,
    Window,
    counted_pauses,
    due_after_pauses,
    keep_promise,
)
from balai.governance.rules.calendar import ZONES
from balai.governance.selectors.calendar import national_days_off

WIB = ZONES["Asia/Jakarta"]
PUBLIC_2026 = (
    "01-01 01-16 02-17 03-19 03-21 03-22 04-03 04-05 05-01 05-14 05-27 05-31 06-01 06-16 08-17 "
    "08-25 12-25"
)
LEAVE_2026 = "02-16 03-18 03-20 03-23 03-24 05-15 05-28 12-24"
PUBLIC_2027 = (
    "01-01 01-05 02-06 03-08 03-10 03-11 03-26 03-28 05-01 05-06 05-17 05-20 06-01 06-06 08-15 "
    "08-17 12-25 12-26"
)
LEAVE_2027 = "02-05 03-09 03-12 03-15 03-25 05-18 05-19 12-24"
# Domain 4.6: received, then the deadline after 1, 3, 5, 10, 14, 30 and 60 working days.
STEPS = (1, 3, 5, 10, 14, 30, 60)
DEADLINES = {
    "2026-03-13": "2026-03-16 2026-03-25 2026-03-27 2026-04-06 2026-04-10 2026-05-05 2026-06-24",
    "2026-03-17": "2026-03-25 2026-03-27 2026-03-31 2026-04-08 2026-04-14 2026-05-07 2026-06-26",
    "2026-05-13": "2026-05-18 2026-05-20 2026-05-22 2026-06-03 2026-06-09 2026-07-02 2026-08-13",
    "2026-12-22": "2026-12-23 2026-12-29 2026-12-31 2027-01-11 2027-01-15 2027-02-09 2027-04-02",
    "2027-03-05": "2027-03-16 2027-03-18 2027-03-22 2027-03-31 2027-04-06 2027-04-28 2027-06-17",
}


def days(year: int, listed: str) -> set[date]:
    return {date.fromisoformat(f"{year}-{day}") for day in listed.split()}


def table() -> Calendar:
    leave = days(2026, LEAVE_2026) | days(2027, LEAVE_2027)
    public = days(2026, PUBLIC_2026) | days(2027, PUBLIC_2027)
    off = dict.fromkeys(leave, DayOff.COLLECTIVE_LEAVE) | dict.fromkeys(public, DayOff.PUBLIC)
    return Calendar(days_off=off, first_year=2025, last_year=2028)


TABLE = table()


def target(limit: int, unit: Measure = Measure.WORKING_MINUTES) -> Target:
    return Target("a_clock", limit, unit, "D", "a test")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


@pytest.mark.parametrize(
    ("year", "public", "leave"),
    [(2026, PUBLIC_2026, LEAVE_2026), (2027, PUBLIC_2027, LEAVE_2027)],
)
def test_the_package_of_holidays_has_the_days_that_the_domain_page_lists(year, public, leave):
    off = {day: why for day, why in national_days_off(2026, 2027).items() if day.year == year}

    assert {day for day, why in off.items() if why is DayOff.PUBLIC} == days(year, public)
    assert {day for day, why in off.items() if why is DayOff.COLLECTIVE_LEAVE} == days(year, leave)


@pytest.mark.parametrize(("year", "count"), [(2026, 240), (2027, 242)])
def test_a_year_has_as_many_working_days_as_the_domain_page_counts(year, count):
    assert TABLE.count_working_days(date(year, 1, 1), date(year, 12, 31)) == count


@pytest.mark.parametrize("received", DEADLINES)
def test_deadlines_fall_on_the_days_of_the_domain_page(received):
    moment = at(f"{received}T10:00")

    found = [TABLE.deadline(moment, step).astimezone(WIB) for step in STEPS]

    assert " ".join(day.date().isoformat() for day in found) == DEADLINES[received]
    assert {day.time() for day in found} == {time(16)}


def test_what_comes_after_closing_or_on_a_day_off_is_received_on_the_next_working_day():
    assert TABLE.received_day(at("2026-03-13T16:00")) == date(2026, 3, 13)
    assert TABLE.received_day(at("2026-03-13T16:00:01")) == date(2026, 3, 16)
    assert TABLE.received_day(at("2026-03-14T10:00")) == date(2026, 3, 16)
    assert TABLE.received_day(at("2026-03-17T20:00")) == date(2026, 3, 25)


def test_the_day_is_the_institutions_own():
    late_evening_in_jakarta = datetime(2026, 7, 7, 16, 30, tzinfo=UTC)  # 23:30 WIB, 01:30 WIT

    in_wit = Calendar(zone="Asia/Jayapura").received_day(late_evening_in_jakarta)

    assert Calendar().received_day(late_evening_in_jakarta) == date(2026, 7, 8)
    assert in_wit == date(2026, 7, 8)
    assert Calendar(zone="Asia/Makassar").closing(date(2026, 7, 8)).hour == 8


def test_collective_leave_may_run_a_clock():
    clock = TABLE.with_collective_leave_working()

    assert not TABLE.is_working(date(2026, 3, 18))
    assert clock.is_working(date(2026, 3, 18))
    assert not clock.is_working(date(2026, 3, 19))


def test_ramadan_hours_replace_the_ordinary_ones_for_their_days_only():
    ramadan = [
        Window(day, time(8), time(12), date(2026, 2, 18), date(2026, 3, 18), 1) for day in range(5)
    ] + [
        Window(day, time(12, 30), time(15), date(2026, 2, 18), date(2026, 3, 18), 1)
        for day in range(4)
    ]
    six_days = [Window(day, time(7), time(13), date(2026, 3, 1), None, 2) for day in range(6)]
    calendar = Calendar(windows=[*OFFICE_HOURS, *ramadan, *six_days])

    assert calendar.hours_on(date(2026, 2, 17)) == [(time(8), time(16))]
    assert calendar.hours_on(date(2026, 2, 18)) == [
        (time(8), time(12)),
        (time(12, 30), time(15)),
    ]
    assert calendar.hours_on(date(2026, 3, 6)) == [(time(8), time(12))]
    assert not calendar.is_working(date(2026, 3, 7))
    assert calendar.hours_on(date(2026, 3, 21)) == [(time(7), time(13))]
    assert calendar.working_minutes(at("2026-02-18T11:00"), at("2026-02-18T13:00")) == 90


def test_minutes_run_only_in_service_and_end_at_closing():
    assert TABLE.add_working_minutes(at("2026-03-13T15:30"), 30) == at("2026-03-13T16:00")
    assert TABLE.add_working_minutes(at("2026-03-13T15:30"), 60) == at("2026-03-16T08:30")
    assert TABLE.add_working_minutes(at("2026-03-14T03:00"), 60) == at("2026-03-16T09:00")
    assert TABLE.add_working_minutes(at("2026-03-14T03:00"), 0) == at("2026-03-16T08:00")
    assert TABLE.working_minutes(at("2026-03-16T08:00"), at("2026-03-13T08:00")) == 0


def test_nobody_promises_beyond_the_calendar():
    with pytest.raises(BeyondCalendar):
        TABLE.is_working(date(2029, 1, 1))
    with pytest.raises(BeyondCalendar):
        TABLE.add_working_minutes(at("2028-12-29T15:00"), 6000)
    with pytest.raises(BeyondCalendar):
        TABLE.working_minutes(at("1999-01-01T00:00"), at("2026-01-01T00:00"))
    with pytest.raises(ValueError, match="negative"):
        TABLE.add_working_minutes(at("2026-12-29T15:00"), -1)


def test_a_batch_is_never_refused():
    early, late = at("1990-01-01T00:00"), at("2031-05-05T05:00")

    assert TABLE.due_many([early, late], target(60)) == [
        TABLE.add_working_minutes(at("2025-01-01T00:00"), 60),
        late + timedelta(minutes=60),
    ]
    assert Calendar(windows=()).due_many([late], target(5)) == [late + timedelta(minutes=5)]
    assert TABLE.due_many([], target(60)) == []


def test_every_unit_of_a_target_is_counted_its_own_way():
    friday = at("2026-03-13T15:30")

    def due(limit: int, unit: Measure) -> datetime:
        [one] = TABLE.due_many([friday], target(limit, unit))
        assert one == TABLE.due(friday, target(limit, unit))
        return one

    assert due(5, Measure.CLOCK_MINUTES) == at("2026-03-13T15:35")
    assert due(24, Measure.CLOCK_HOURS) == at("2026-03-14T15:30")
    assert due(60, Measure.WORKING_MINUTES) == at("2026-03-16T08:30")
    assert due(3, Measure.WORKING_DAYS) == at("2026-03-25T16:00")
    beyond = at("2031-05-05T05:00")
    days = target(3, Measure.WORKING_DAYS)
    assert TABLE.due_many([beyond], days) == [beyond + timedelta(days=3)]
    assert TABLE.due_many([at("1990-01-01T00:00")], days)[0].year == 2025


def test_a_batch_of_a_thousand_takes_about_half_a_millisecond():
    start = at("2026-02-01T00:00")
    starts = [start + timedelta(seconds=997 * n) for n in range(1000)]
    TABLE.due_many(starts, target(240))

    took = []
    for _ in range(20):
        began = perf_counter()
        TABLE.due_many(starts, target(240))
        took.append(perf_counter() - began)

    assert min(took) < 0.002  # measured 0.45 ms; four times that on a machine shared by many


def test_only_waiting_for_the_citizen_pauses_a_clock_and_only_twice():
    pauses = [
        Pause(at("2026-07-06T08:00"), at("2026-07-07T08:00")),
        Pause(at("2026-07-08T08:00"), at("2026-07-08T12:00"), cause="waiting_unit"),
        Pause(at("2026-07-09T08:00"), at("2026-07-09T10:00")),
        Pause(at("2026-07-10T08:00"), at("2026-07-10T10:00")),
    ]
    seen_at, due = at("2026-07-13T08:00"), at("2026-07-15T16:00")

    assert len(counted_pauses(TABLE, pauses, at=seen_at)) == 2
    assert due_after_pauses(TABLE, due, pauses, at=seen_at) == at("2026-07-17T10:00")
    assert due_after_pauses(TABLE, due, pauses, at=seen_at, is_first_response=True) == due


def test_a_pause_ends_after_ten_working_days_although_the_citizen_is_silent():
    silent = [Pause(at("2026-07-06T10:00"), None)]

    [(since, until)] = counted_pauses(TABLE, silent, at=at("2026-09-01T10:00"))

    assert since == at("2026-07-06T10:00")
    assert until == at("2026-07-20T16:00")
    assert TABLE.count_working_days(date(2026, 7, 7), date(2026, 7, 20)) == 10


# Laws, for any calendar.

laws = settings(deadline=None, max_examples=50)  # a calendar of five years takes a while to lay out

moments = st.datetimes(
    datetime(2026, 1, 1), datetime(2027, 6, 1), timezones=st.sampled_from([UTC, WIB])
)
minutes = st.integers(1, 3000)
some_days = st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=40)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    spans = [(time(7), time(11, 30)), (time(11, 30), time(12)), (time(13), time(16, 45))]
    windows = [
        Window(weekday, *span)
        for weekday in draw(st.sets(st.integers(0, 6), min_size=1))
        for span in draw(st.lists(st.sampled_from(spans), min_size=1, unique=True))
    ]
    kinds = st.sampled_from(list(DayOff))
    off = {day: draw(kinds) for day in draw(some_days)}
    return Calendar(draw(st.sampled_from(sorted(ZONES))), off, windows, 2025, 2030)


@laws
@given(calendars(), moments, minutes)
def test_a_due_moment_lies_in_service_and_exactly_so_many_minutes_away(calendar, start, needed):
    due = calendar.add_working_minutes(start, needed)

    local = due.astimezone(ZONES[calendar.zone])
    assert any(opens < local.time() <= closes for opens, closes in calendar.hours_on(local.date()))
    assert calendar.working_minutes(start, due) == needed
    assert calendar.due_many([start], target(needed)) == [due]


@laws
@given(calendars(), moments, moments, minutes, minutes)
def test_later_starts_and_more_work_are_never_due_earlier(calendar, one, other, less, more):
    first, second = sorted((one, other))
    less, more = sorted((less, more))

    assert calendar.add_working_minutes(first, less) <= calendar.add_working_minutes(second, less)
    assert calendar.add_working_minutes(first, less) <= calendar.add_working_minutes(first, more)
    assert calendar.working_minutes(first, second) >= 0


@laws
@given(calendars(), st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(1, 60))
def test_added_days_are_exactly_the_working_days_between(calendar, day, count):
    last = calendar.add_working_days(day, count)

    assert calendar.is_working(last)
    assert calendar.count_working_days(day + timedelta(days=1), last) == count


@laws
@given(calendars(), moments, minutes, st.integers(0, 60), some_days)
def test_a_change_of_the_calendar_never_shortens_a_promise(calendar, start, needed, count, new):
    changed = Calendar(
        calendar.zone, dict.fromkeys(new, DayOff.LOCAL), calendar.windows, 2025, 2045
    )
    promised = calendar.add_working_minutes(start, needed)

    assert keep_promise(promised, changed.add_working_minutes(start, needed)) >= promised
    more_days_off = Calendar(
        calendar.zone,
        {**calendar.days_off, **dict.fromkeys(new, DayOff.LOCAL)},
        calendar.windows,
        2025,
        2030,
    )
    assert more_days_off.add_working_minutes(start, needed) >= promised
    assert more_days_off.deadline(start, count) >= calendar.deadline(start, count)
