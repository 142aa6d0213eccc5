"""A promised answer that comes near or is late is told to those who answer for it, once a step."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.desk import services
from balai.desk.models import ClockRound, Escalated, Notice
from balai.desk.rules.escalating import STEPS, TOLD, by_the_clock, passed, steps_at
from balai.desk.tests.make import make_team
from balai.governance.selectors import calendar_of, entries_of
from balai.ground.clock import now
from balai.inbox.models import Conversation
from balai.inbox.services import assign
from balai.inbox.tests.talking import fresh, hear, make_line
from balai.people.tests.make import make_institution, make_member, make_unit


def test_half_the_time_is_half_the_time_also_over_a_night():
    calendar = calendar_of_weekdays()
    begun = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)  # Friday 15.30 in Jakarta: 30 minutes left
    due = calendar.add_working_minutes(begun, 60)
    monday = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert passed(begun, due, monday, calendar.working_minutes) == 50
    assert passed(begun, due, monday + timedelta(minutes=30), calendar.working_minutes) == 100
    assert passed(begun, due, monday + timedelta(minutes=60), calendar.working_minutes) == 150
    assert passed(begun, due, monday, by_the_clock) > 98


def calendar_of_weekdays():
    from balai.governance.selectors import Calendar

    return Calendar(first_year=2026, last_year=2026)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(moments, st.integers(1, 10_000), st.lists(st.integers(0, 30_000), min_size=2, max_size=2))
def test_time_never_goes_back_and_the_due_moment_is_the_hundredth_part(begun, length, later):
    due = begun + timedelta(minutes=length)
    first, second = sorted(later)
    one, two = (
        passed(begun, due, begun + timedelta(minutes=m), by_the_clock) for m in (first, second)
    )
    assert one <= two
    assert (two >= 100) == (second >= length)
    assert set(steps_at(one)) <= set(steps_at(two)) <= set(STEPS)


def test_one_more_hears_of_each_further_step():
    told = [set(TOLD[step]) for step in STEPS]
    assert all(before < after for before, after in itertools.pairwise(told))


@pytest.fixture
def city(db):
    return make_institution()


@pytest.fixture
def cast(city):
    unit = make_unit(city, "Jalan")
    names = {
        "officer": make_member(city, "responder", unit=unit, name="Sekar"),
        "lead": make_member(city, "responder", name="Lasmi"),
        "head": make_member(city, "case_officer", unit=unit, name="Damar"),
        "leader": make_member(city, "leader", name="Panji"),
        "chief": make_member(city, "case_coordinator", name="Koordinator"),
    }
    make_team(city, names["officer"], unit=unit, lead=names["lead"], head=names["head"],
              by=names["chief"])  # fmt: skip
    names["unit"] = unit
    return names


def runs(conversation, share):
    """An emergency's clock counts by the clock, so that the hour of the test says nothing."""
    begun = now() - timedelta(minutes=share)
    Conversation.objects.filter(pk=conversation.pk).update(
        clock="emergency_acknowledgement",
        opened_at=begun,
        due_at=begun + timedelta(minutes=100),
    )


def rounds():
    ClockRound.objects.update(next_at=now())
    while services.escalate_some():
        pass


def told(*, step=None):
    found = Notice.objects.filter(kind="clock")
    found = found.filter(facts__step=step) if step else found
    return sorted(found.values_list("member__name", flat=True))


def test_each_step_is_told_once_to_one_more(city, cast):
    conversation = hear(make_line(city))
    assign(conversation, by=cast["chief"], to=cast["officer"], unit=cast["unit"])
    expected = {
        50: ["Sekar"],
        80: ["Lasmi", "Sekar"],
        100: ["Damar", "Lasmi", "Sekar"],
        150: ["Damar", "Lasmi", "Panji", "Sekar"],
    }
    for share, step in ((40, None), (51, 50), (60, None), (85, 80), (101, 100), (151, 150)):
        runs(conversation, share)
        before = Notice.objects.count()
        rounds()
        rounds()
        if step is None:
            assert Notice.objects.count() == before
        else:
            assert told(step=step) == expected[step]
    assert list(Escalated.objects.values_list("step", flat=True).order_by("step")) == list(STEPS)
    steps = [e.facts["step"] for e in entries_of(conversation) if e.did.endswith("escalated")]
    assert steps == list(STEPS)


def test_what_is_found_late_is_told_once_of_the_highest_step(city, cast):
    conversation = hear(make_line(city))
    assign(conversation, by=cast["chief"], to=cast["officer"], unit=cast["unit"])
    runs(conversation, 400)
    rounds()
    assert Notice.objects.count() == len(told(step=150)) == 4


def test_what_nobody_has_reaches_the_coordinator(city):
    chief = make_member(city, "case_coordinator", name="Lasmi")
    conversation = hear(make_line(city))
    runs(conversation, 60)
    rounds()
    assert [notice.member for notice in Notice.objects.all()] == [chief]


def test_a_thousand_clocks_are_walked_some_at_a_time_and_each_once(city, monkeypatch):
    make_member(city, "case_coordinator")
    line = make_line(city)
    for _ in range(7):
        runs(hear(line), 60)
    ClockRound.objects.update(next_at=now())
    looked = [services.escalate_some(limit=3) for _ in range(4)]
    assert looked == [3, 3, 1, 0]
    assert Escalated.objects.count() == Notice.objects.count() == 7


def test_what_was_answered_is_told_no_more(city, cast):
    conversation = hear(make_line(city))
    runs(conversation, 99)
    Conversation.objects.filter(pk=conversation.pk).update(first_answered_at=now())
    rounds()
    assert Notice.objects.count() == 0
    assert fresh(conversation).version == 1
    assert calendar_of(city).zone == "Asia/Jakarta"
