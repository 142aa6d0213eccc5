"""The measures: domain 4.8's own figures, and what holds of every histogram."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.analytics.rules import (
    COUNTED,
    LONGEST_TIME,
    WORST_ERROR,
    Counts,
    Histogram,
    Matter,
    Share,
    attainment,
    bucket_of,
    exact_spread,
    middle_of,
    part_of,
    reopen_rate,
    rough_spread,
    solved_at_once,
)

ANSWERED = [12, 18, 25, 40, 55, 90, 130, 200, 480, 900]  # domain 4.8, working minutes
OPEN_AGES = [1500, 60]
TARGET = 240
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

times = st.lists(st.integers(0, LONGEST_TIME), max_size=60)


def matter(**fields):
    """An open question with a deadline, one day old, of nobody yet."""
    fields = {
        "id": 1,
        "channel": "email",
        "unit_id": None,
        "member_id": None,
        "intent": "question",
        "state": "new",
        "is_open": True,
        "clock": "question_first_response",
        "opened_at": NOON,
        "due_at": NOON + timedelta(hours=4),
        "first_answered_at": None,
        "minutes": None,
        "reopened": 0,
        "reopened_soon": 0,
        **fields,
    }
    return Matter(**fields)


def test_the_vector_of_the_domain_counts_open_items_past_their_deadline_as_misses():
    met = sum(minutes <= TARGET for minutes in ANSWERED)
    late = sum(age > TARGET for age in OPEN_AGES)

    share = attainment(Counts(answered=10, timed=10, met=met), late)

    assert share == Share(8, 11)
    assert round(share.percent, 2) == 72.73


def test_the_vector_of_the_domain_has_its_median_its_p90_and_its_lower_bound():
    spread = exact_spread(ANSWERED)

    assert (spread.n, spread.median, spread.p90) == (10, 72.5, 480)
    assert exact_spread([*ANSWERED, *OPEN_AGES]).median == 75.0


def test_no_case_is_no_figure_and_few_cases_are_not_enough():
    assert exact_spread([]).median is None
    assert rough_spread(Histogram({})).p90 is None
    assert Share(0, 0).percent is None
    assert not Share(3, 4).is_enough
    assert Share(3, 5).is_enough
    assert not exact_spread([1, 2, 3, 4]).is_enough


def test_first_contact_resolution_and_reopening_are_shares_of_what_ended():
    counts = Counts(ended=8, at_once=6, ever_ended=10, reopened=2)

    assert solved_at_once(counts).percent == 75
    assert reopen_rate(counts).percent == 20


@given(times, times, times)
def test_histograms_merge_in_any_order_and_grouping(a, b, c):
    one, two, three = map(Histogram.of, (a, b, c))

    assert (one + two) + three == one + (two + three)
    assert one + two == two + one == Histogram.of([]) + Histogram.of(a + b)
    assert (one + two) - two == one + Histogram({})


@given(st.lists(st.integers(0, LONGEST_TIME), min_size=1, max_size=60))
def test_figures_from_a_histogram_lie_within_the_buckets_error_of_the_exact_ones(minutes):
    exact, rough = exact_spread(minutes), rough_spread(Histogram.of(minutes))

    assert rough.n == exact.n
    for found, true in ((rough.median, exact.median), (rough.p90, exact.p90)):
        assert abs(found - true) <= true * WORST_ERROR + 1e-9
    assert not rough.is_exact


@given(st.integers(1, LONGEST_TIME))
def test_a_bucket_is_an_eighth_of_an_e_fold_wide_at_most(minutes):
    middle = middle_of(bucket_of(minutes))

    assert math.exp(-1 / 16) <= middle / minutes <= math.exp(1 / 16)


@given(st.integers(0, LONGEST_TIME), st.integers(0, LONGEST_TIME))
def test_a_longer_time_is_never_in_an_earlier_bucket(a, b):
    assert (bucket_of(a) <= bucket_of(b)) or a > b


@given(st.lists(st.integers(-9, 9), min_size=len(COUNTED), max_size=len(COUNTED)))
def test_what_was_added_can_be_taken_away_again(values):
    counts = Counts(*values)

    assert not counts + -counts
    assert counts + Counts() == counts


@given(st.lists(st.booleans(), min_size=len(COUNTED), max_size=len(COUNTED)))
def test_the_mask_of_one_conversation_says_all_its_counts(flags):
    counts = Counts(*map(int, flags))

    assert Counts.of_mask(counts.mask()) == counts


def test_a_conversation_belongs_to_the_local_day_on_which_the_citizen_spoke():
    late_evening = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)

    assert part_of(matter(opened_at=late_evening), "Asia/Jakarta").on.day == 21
    assert part_of(matter(opened_at=late_evening - timedelta(hours=1)), "Asia/Jakarta").on.day == 20
    assert (
        part_of(matter(opened_at=late_evening - timedelta(hours=2)), "Asia/Jayapura").on.day == 21
    )


def test_an_answer_in_time_is_met_and_a_late_one_is_not():
    due = NOON + timedelta(hours=4)
    answered = {"state": "answered", "is_open": False, "minutes": 60}

    in_time = part_of(matter(**answered, first_answered_at=due), "Asia/Jakarta")
    late = part_of(matter(**answered, first_answered_at=due + timedelta(seconds=1)), "Asia/Jakarta")

    assert (in_time.counts.timed, in_time.counts.met, in_time.minutes) == (1, 1, 60)
    assert (late.counts.timed, late.counts.met) == (1, 0)
    assert in_time.runs_until is None


@pytest.mark.parametrize("state", ["new", "triaged", "answered", "waiting_citizen", "resolved"])
def test_a_clock_runs_until_an_answer_has_arrived_whatever_the_state_says(state):
    """An answer that rests on a paused line stops no clock."""
    one = matter(state=state, is_open=state in ("new", "triaged"))

    assert part_of(one, "Asia/Jakarta").runs_until == one.due_at


@pytest.mark.parametrize("state", ["no_action", "sealed", "moderated"])
def test_what_is_owed_no_answer_is_never_late(state):
    assert part_of(matter(state=state, is_open=False), "Asia/Jakarta").runs_until is None


def test_what_only_machines_wrote_counts_nowhere():
    silent = matter(is_open=False, clock="", due_at=None)

    assert not part_of(silent, "Asia/Jakarta").counts


def test_what_was_handled_elsewhere_was_not_ended_by_us():
    imported = matter(state="confirmed", is_open=False, clock="", due_at=None)

    assert part_of(imported, "Asia/Jakarta").counts == Counts(taken_in=1)


@pytest.mark.parametrize(
    ("answers", "reopened", "soon", "at_once"),
    [(1, 0, 0, 1), (1, 1, 0, 1), (1, 1, 1, 0), (2, 0, 0, 0), (0, 0, 0, 0)],
)
def test_solved_at_once_is_one_answer_and_no_return_within_seven_days(
    answers, reopened, soon, at_once
):
    ended = matter(
        state="confirmed",
        is_open=False,
        first_answered_at=NOON,
        minutes=5,
        answers_out=answers,
        reopened=reopened,
        reopened_soon=soon,
    )

    assert part_of(ended, "Asia/Jakarta").counts.at_once == at_once
