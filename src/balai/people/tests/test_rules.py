"""The permission matrix of domain 5.1 and 5.2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.people import rules
from balai.people.models import Action, Role
from balai.people.rules import OPERATOR, SYSTEM, Scope

roles = st.sampled_from(sorted(rules.ROLES))
actions = st.sampled_from(sorted(rules.ACTIONS))
# What an auditor does besides reading: open an identity (logged), attest what others assessed.
AUDITING = {"conversation.identity", "readiness.attest"}
WRITING = sorted(
    action for action in rules.ACTIONS if not action.endswith(".view") and action not in AUDITING
)


def test_roles_and_actions_are_those_that_have_words_for_people():
    assert set(Role.values) == rules.ROLES
    assert set(Action.values) == rules.ACTIONS


@pytest.mark.parametrize("action", sorted(rules.ACTIONS))
@pytest.mark.parametrize("role", sorted(rules.ROLES))
def test_the_matrix_has_an_answer_for_every_role_and_action(role, action):
    assert rules.scope_of(role, action) in Scope
    may = rules.scope_of(role, action) is not Scope.NOWHERE
    assert (role in rules.roles_that_may(action)) == may


def test_the_matrix_names_no_role_that_does_not_exist():
    for permission in rules.PERMISSIONS.values():
        assert permission.everywhere | permission.own <= rules.ROLES
        assert not permission.everywhere & permission.own


def test_an_action_that_is_not_in_the_matrix_is_a_mistake():
    with pytest.raises(rules.UnknownAction):
        rules.scope_of("responder", "conversation.delete")
    with pytest.raises(rules.UnknownAction):
        rules.machine_may(SYSTEM, "conversation.delete")


@pytest.mark.parametrize("action", WRITING)
def test_the_auditor_writes_nothing(action):
    assert rules.scope_of("auditor", action) is Scope.NOWHERE


def test_the_auditor_reads_everything():
    views = [action for action in rules.ACTIONS if action.endswith(".view")]

    assert {rules.scope_of("auditor", action) for action in views} == {Scope.EVERYWHERE}


@pytest.mark.parametrize(
    "action",
    ["answer", "triage", "assign", "note", "close", "seal", "moderate", "restore", "identity"],
)
def test_the_system_administrator_speaks_with_no_citizen(action):
    assert rules.scope_of("system_admin", f"conversation.{action}") is Scope.NOWHERE


# Domain 5.2, row "Conversation": V, `C E X` and `E o`, cell by cell.
SEES = "leader head_of_pr editor content_creator channel_admin fact_checker ppid_officer dpo"
BLIND = "data_steward finance_officer app_portfolio_officer"


@pytest.mark.parametrize("role", SEES.split())
def test_who_has_v_reads_conversations_and_does_not_answer(role):
    assert rules.scope_of(role, "conversation.view") is Scope.EVERYWHERE
    assert rules.scope_of(role, "conversation.answer") is Scope.NOWHERE


@pytest.mark.parametrize("role", BLIND.split())
def test_who_has_a_dash_does_not_see_conversations(role):
    assert rules.scope_of(role, "conversation.view") is Scope.NOWHERE


@pytest.mark.parametrize("role", ["responder", "case_coordinator", "crisis_lead"])
def test_who_has_cex_answers_and_closes(role):
    for action in ("view", "answer", "triage", "close"):
        assert rules.scope_of(role, f"conversation.{action}") is Scope.EVERYWHERE


def test_a_case_officer_works_on_their_own_and_does_not_close():
    assert rules.scope_of("case_officer", "conversation.answer") is Scope.OWN
    assert rules.scope_of("case_officer", "conversation.view") is Scope.OWN
    assert rules.scope_of("case_officer", "conversation.close") is Scope.NOWHERE


def test_requesting_and_approving_an_account_are_of_different_roles():
    assert not rules.roles_that_may("account.request") & rules.roles_that_may("account.approve")


@given(actions)
def test_the_machine_never_answers_approves_or_opens_an_identity(action):
    if rules.machine_may(SYSTEM, action):
        assert action in {
            "conversation.triage",
            "conversation.close",
            "account.check",
            "account.alarm",
        }
    if any(rules.machine_may(machine, action) for machine in (rules.DESK, rules.RULE)):
        assert action in {"conversation.triage", "conversation.assign"}
    if rules.machine_may(OPERATOR, action):
        assert not action.startswith("conversation.")
        assert action != "account.approve"


def test_the_lists_of_the_machine_name_only_actions_that_exist():
    for allowed in rules.MACHINE_ACTIONS.values():
        assert allowed <= rules.ACTIONS
    assert not rules.machine_may(rules.System("somebody"), "conversation.triage")


trees = st.integers(2, 12).flatmap(
    lambda size: st.tuples(
        *[st.none() | st.integers(1, max(1, number - 1)) for number in range(1, size + 1)]
    ).map(lambda above: {n: (None if n == 1 else up) for n, up in enumerate(above, 1)})
)


@given(trees, st.data())
def test_a_tree_of_units_holds_its_root_and_never_a_sibling(parents, data):
    root = data.draw(st.sampled_from(sorted(parents)))
    inside = rules.tree_of([root], parents)

    assert root in inside
    for unit in parents:
        above = parents[unit]
        assert (unit in inside) == (unit == root or (above is not None and above in inside))
    for sibling in parents:
        if sibling != root and parents[sibling] == parents[root]:
            assert sibling not in inside


def test_a_circle_of_units_ends():
    assert not rules.is_below(1, 9, {1: 2, 2: 1})
