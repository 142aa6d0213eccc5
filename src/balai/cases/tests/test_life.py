"""The life of a case as arithmetic: domain 5.4(3)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balai.cases.models import Case
from balai.cases.rules import life
from balai.cases.rules.routing import Signs, propose

STATES = st.sampled_from(sorted(life.MOVES))
# Domain 5.4(3), the table and the transitions that it leaves implicit.
TABLE = {
    ("received", "needs_clarification"),
    ("received", "verified"),
    ("received", "rejected"),
    ("received", "duplicate"),
    ("verified", "duplicate"),
    ("verified", "dispatched"),
    ("dispatched", "returned"),
    ("dispatched", "in_progress"),
    ("in_progress", "planned"),
    ("in_progress", "action_scheduled"),
    ("in_progress", "referred_external"),
    ("in_progress", "answered"),
    ("answered", "resolved"),
    ("resolved", "confirmed"),
    ("resolved", "disputed"),
    ("resolved", "closed"),
    ("disputed", "in_progress"),
    ("confirmed", "closed"),
    ("needs_clarification", "received"),
    ("returned", "verified"),
    ("planned", "in_progress"),
    ("action_scheduled", "in_progress"),
    ("referred_external", "in_progress"),
    ("referred_external", "answered"),
}


@given(STATES, STATES)
@settings(deadline=None)
def test_only_the_moves_of_the_table_are_moves(state, wanted):
    legal = (state, wanted) in TABLE or (wanted == "withdrawn" and state in life.WITHDRAWABLE)
    if legal:
        life.check_move(state, wanted)
    else:
        with pytest.raises(life.NotAllowedNow):
            life.check_move(state, wanted)


def test_the_rules_know_every_state_of_the_table_in_the_database():
    assert set(life.MOVES) == set(Case.State.values)
    assert set(life.RESULTS) == set(Case.Result.values)


@given(st.lists(STATES, max_size=40))
@settings(deadline=None)
def test_whatever_is_tried_what_has_ended_stays_ended(wishes):
    state, ended = "received", None
    for wanted in wishes:
        try:
            life.check_move(state, wanted)
        except life.NotAllowedNow:
            continue
        state = wanted
        assert ended is None
        ended = state if state in life.ENDED else None
        assert life.is_open(state) == (state not in life.ENDED | life.WITH_CITIZEN)


def test_from_every_state_an_end_can_be_reached():
    for start in life.MOVES:
        seen, edge = {start}, [start]
        while edge:
            edge = [to for one in edge for to in life.MOVES[one] if to not in seen]
            seen.update(edge)
        assert seen & life.ENDED or start in life.ENDED


@given(st.integers(0, 9))
@settings(deadline=None)
def test_after_two_returns_a_superior_decides(returns):
    assert life.who_dispatches(returns) == ("case.route" if returns < 2 else "case.decide")


@given(STATES, st.integers(0, 5))
@settings(deadline=None)
def test_a_result_is_disputed_twice_and_the_second_goes_to_the_superior(state, disputes):
    assert life.may_dispute(state, disputes) == (state == "resolved" and disputes < 2)
    assert life.who_takes_up(disputes) == ("case.route" if disputes < 2 else "case.decide")


COUNTS = st.dictionaries(st.integers(1, 6), st.integers(1, 50), max_size=4)


@given(COUNTS, COUNTS, COUNTS, st.frozensets(st.integers(1, 6), max_size=3))
@settings(deadline=None)
def test_no_unit_is_proposed_that_returned_it_and_every_proposal_has_a_reason(
    category, alike, area, returned
):
    found = propose(Signs(category=category, alike=alike, area=area, returned=returned))
    assert len(found) <= 3
    assert all(one.unit_id not in returned and one.reasons for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_what_a_person_decided_weighs_more_than_a_single_sign_of_the_past():
    first, *_ = propose(Signs(given=1, category={2: 40}))
    assert first.unit_id == 1
    assert first.reasons == (("given", 1),)
