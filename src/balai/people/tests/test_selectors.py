"""Who may what, here and now, by own and by lent roles, everywhere or in own units only."""

from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balai.ground.clock import now
from balai.people import rules
from balai.people.models import Delegation, Grant
from balai.people.rules import OPERATOR, SYSTEM
from balai.people.selectors import (
    current_members,
    may,
    may_somewhere,
    member_of,
    members_holding,
    memberships_of,
    reach_of,
    roles_of,
    standing,
)
from balai.people.services import NotAllowed, allow, refuse_same_person
from balai.people.tests.make import make_institution, make_member, make_unit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def lend(role, lender, deputy, **fields):
    fields = {"starts_at": now() - DAY, "ends_at": now() + DAY, "reason": "cuti", **fields}
    return Delegation.objects.create(role=role, lender=lender, deputy=deputy, **fields)


@pytest.mark.parametrize("action", sorted(rules.ACTIONS))
def test_a_person_without_grants_may_nothing(action):
    institution = make_institution()
    member = make_member(institution)

    assert not may(member, action, institution)
    assert not may(member, action, institution, owner=member)
    assert not may_somewhere(member, action, institution)
    with pytest.raises(NotAllowed):
        allow(member, action, institution)


def test_a_role_for_the_institution_reaches_every_unit_and_what_has_none():
    institution = make_institution()
    member = make_member(institution, "responder")

    assert may(member, "conversation.answer", institution)
    assert may(member, "conversation.answer", institution.pk, unit=make_unit(institution))
    assert reach_of(member, "conversation.answer", institution).everywhere


@pytest.mark.parametrize("role", ["responder", "case_officer"])
def test_a_grant_for_a_unit_reaches_the_units_below_and_never_a_sibling(role):
    institution = make_institution()
    top = make_unit(institution)
    mine, sibling = make_unit(institution, parent=top), make_unit(institution, parent=top)
    below = make_unit(institution, parent=mine)
    member = make_member(institution, role, granted_unit=mine, unit=sibling)

    allowed = [
        unit
        for unit in (top, mine, sibling, below, None)
        if may(member, "conversation.view", institution, unit=unit)
    ]

    assert allowed == [mine, below]
    reach = reach_of(member, "conversation.view", institution)
    assert reach.unit_ids == {mine.pk, below.pk}
    assert not reach.everywhere
    assert may_somewhere(member, "conversation.view", institution)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_for_any_tree_of_units_a_scoped_grant_stays_in_its_branch(data):
    institution = make_institution()
    units = [make_unit(institution)]
    for _ in range(data.draw(st.integers(1, 6))):
        units.append(make_unit(institution, parent=data.draw(st.sampled_from(units))))
    root = data.draw(st.sampled_from(units))
    role = data.draw(st.sampled_from(sorted(rules.ROLES)))
    action = data.draw(st.sampled_from(sorted(rules.ACTIONS)))
    member = make_member(institution, role, granted_unit=root)

    branch = {
        unit.pk
        for unit in units
        if rules.is_below(unit.pk, root.pk, {u.pk: u.parent_id for u in units})
    }
    allowed = {unit.pk for unit in units if may(member, action, institution, unit=unit)}

    may_at_all = role in rules.roles_that_may(action)
    assert allowed == (branch if may_at_all else set())
    assert reach_of(member, action, institution).unit_ids == allowed
    assert not may(member, action, institution)


def test_a_case_officer_of_the_institution_works_in_the_unit_they_belong_to():
    institution = make_institution()
    home, other = make_unit(institution), make_unit(institution)
    member = make_member(institution, "case_officer", unit=home)

    assert may(member, "conversation.answer", institution, unit=home)
    assert not may(member, "conversation.answer", institution, unit=other)
    assert not may(member, "conversation.answer", institution)
    assert may(member, "conversation.answer", institution, unit=other, owner=member)
    assert reach_of(member, "conversation.answer", institution).own_objects


def test_a_member_may_nothing_in_another_institution():
    here, there = make_institution(), make_institution()
    member = make_member(here, *sorted(rules.ROLES))

    assert may(member, "member.manage", here)
    assert not may(member, "member.manage", there)
    assert not reach_of(member, "conversation.view", there)


def test_who_left_may_nothing():
    institution = make_institution()
    member = make_member(institution, "responder")
    member.left_at = now()
    member.save()

    assert not may(member, "conversation.view", institution)
    assert roles_of(member) == []


def test_an_ended_grant_gives_nothing_and_was_worth_something_before():
    institution = make_institution()
    member = make_member(institution, "responder")
    Grant.objects.update(granted_at=now() - 3 * DAY, ended_at=now() - DAY)

    assert roles_of(member) == []
    assert [held.role for held in roles_of(member, now() - 2 * DAY)] == ["responder"]
    assert roles_of(member, now() - 4 * DAY) == []


def test_a_lent_role_is_worth_what_the_lender_holds_with_both_names():
    institution = make_institution()
    unit, other = make_unit(institution), make_unit(institution)
    lender = make_member(institution, "responder", granted_unit=unit)
    deputy = make_member(institution)
    lend("responder", lender, deputy)

    assert may(deputy, "conversation.answer", institution, unit=unit)
    assert not may(deputy, "conversation.answer", institution, unit=other)
    allow(deputy, "conversation.answer", institution, unit=unit)
    assert deputy.acting_for_id == lender.pk


def test_ones_own_role_goes_before_a_lent_one():
    institution = make_institution()
    deputy, lender = make_member(institution, "responder"), make_member(institution, "responder")
    lend("responder", lender, deputy)

    allow(deputy, "conversation.answer", institution)

    assert deputy.acting_for_id is None
    assert standing(deputy, "conversation.answer", institution).lender_id is None


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_at": now() - timedelta(minutes=1)},
        {"starts_at": now() + timedelta(hours=1)},
        {"revoked_at": now() - timedelta(minutes=1)},
    ],
    ids=["expired", "not begun", "revoked"],
)
def test_a_loan_out_of_its_time_gives_nothing(fields):
    institution = make_institution()
    lender, deputy = make_member(institution, "responder"), make_member(institution)
    lend("responder", lender, deputy, **fields)

    assert not may(deputy, "conversation.answer", institution)


def test_a_loan_ends_when_the_lender_loses_the_role_or_leaves():
    institution = make_institution()
    lender, deputy = make_member(institution, "responder"), make_member(institution)
    lend("responder", lender, deputy)
    lender.left_at = now()
    lender.save()
    assert not may(deputy, "conversation.answer", institution)

    lender.left_at = None
    lender.save()
    assert may(deputy, "conversation.answer", institution)
    Grant.objects.filter(member=lender).update(ended_at=now())
    assert not may(deputy, "conversation.answer", institution)


def test_only_the_lent_role_is_lent_and_nothing_is_lent_on():
    institution = make_institution()
    lender = make_member(institution, "responder", "system_admin")
    deputy, third = make_member(institution), make_member(institution)
    lend("responder", lender, deputy)
    lend("responder", deputy, third)

    assert [held.role for held in roles_of(deputy)] == ["responder"]
    assert roles_of(third) == []


def test_the_machine_and_the_operator_may_what_their_lists_say():
    institution = make_institution()

    assert may(SYSTEM, "conversation.triage", institution)
    assert not may(SYSTEM, "conversation.answer", institution)
    assert may(OPERATOR, "member.manage", institution)
    assert not reach_of(OPERATOR, "conversation.view", institution)
    assert reach_of(SYSTEM, "conversation.close", institution).everywhere
    allow(OPERATOR, "institution.found", 0)
    with pytest.raises(NotAllowed):
        allow(SYSTEM, "member.manage", institution)


def test_a_misspelt_action_is_never_silently_refused():
    institution = make_institution()
    member = make_member(institution)
    for ask in (may, may_somewhere, reach_of, allow):
        with pytest.raises(rules.UnknownAction):
            ask(member, "conversation.anser", institution)


def test_a_refusal_says_who_may_do_it_instead():
    institution = make_institution()

    with translation.override("en"), pytest.raises(NotAllowed) as refusal:
        allow(make_member(institution, "editor"), "account.approve", institution)
    assert "Head of public relations" in str(refusal.value)
    assert refusal.value.action == "account.approve"
    with translation.override("en"), pytest.raises(NotAllowed, match="operator"):
        allow(make_member(institution, "system_admin"), "institution.found", institution)


def test_nobody_plays_both_parts_of_an_incompatible_pair_not_even_through_a_deputy():
    institution = make_institution()
    one, other = make_member(institution), make_member(institution)
    pair = ("requester", "approver")

    refuse_same_person(one, other, pair)
    refuse_same_person(None, other, pair)
    with pytest.raises(NotAllowed):
        refuse_same_person(one.pk, one, pair)
    other.acting_for_id = one.pk
    with pytest.raises(NotAllowed):
        refuse_same_person(one, other, pair)
    with pytest.raises(rules.UnknownAction):
        refuse_same_person(one, other, ("cook", "waiter"))


def test_a_question_about_rights_costs_one_query_and_on_a_page_one_for_all(
    django_assert_num_queries,
):
    institution = make_institution()
    member = make_member(institution, "responder")
    with django_assert_num_queries(1):
        may(member, "conversation.view", institution, unit=None)
    member.keeps_held = True
    with django_assert_num_queries(1):
        for action in ("conversation.view", "account.view", "audit.view"):
            may_somewhere(member, action, institution)


def test_members_are_found_by_person_and_by_role():
    here, there = make_institution(), make_institution()
    member = make_member(here, "editor", name="Ani")
    gone = make_member(here, "editor", name="Budi")
    gone.left_at = now()
    gone.save()

    assert member_of(member.user, here) == member
    assert member_of(member.user, there) is None
    assert member_of(gone.user, here) is None
    assert list(current_members(here)) == [member]
    assert list(members_holding("editor", here)) == [member]
    member.user.is_active = False
    member.user.save()
    assert list(memberships_of(member.user)) == []
