"""The states of domain 5.4(13)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.registry import rules
from balai.registry.models import OfficialAccount

states = st.sampled_from(sorted(rules.MOVES))
ALLOWED = {
    ("requested", "approved"),
    ("approved", "registered"),
    ("registered", "verified"),
    ("registered", "compromised"),
    ("registered", "retired"),
    ("verified", "active"),
    ("verified", "compromised"),
    ("verified", "retired"),
    ("active", "dormant"),
    ("active", "handover"),
    ("active", "retired"),
    ("active", "compromised"),
    ("dormant", "active"),
    ("dormant", "handover"),
    ("dormant", "retired"),
    ("dormant", "compromised"),
    ("handover", "active"),
    ("handover", "retired"),
    ("handover", "compromised"),
    ("compromised", "contained"),
    ("contained", "restored"),
    ("contained", "retired"),
    ("restored", "active"),
    ("restored", "compromised"),
    ("restored", "retired"),
}


def test_the_table_knows_every_state_of_the_model_and_no_other():
    everything = set(OfficialAccount.State.values)

    assert set(rules.MOVES) == everything
    assert set().union(*rules.MOVES.values()) < everything


@pytest.mark.parametrize("before", sorted(rules.MOVES))
@pytest.mark.parametrize("after", sorted(rules.MOVES))
def test_exactly_the_steps_of_the_table_are_allowed(before, after):
    if (before, after) in ALLOWED:
        rules.check_move(before, after, platform_user_id="1")
    else:
        with pytest.raises(rules.NotAllowedNow):
            rules.check_move(before, after, platform_user_id="1")


@given(st.lists(states, max_size=12))
def test_no_path_leads_to_speech_without_approval_verification_and_identity(path):
    state, passed = "requested", ["requested"]
    for wanted in path:
        try:
            rules.check_move(state, wanted, platform_user_id="1")
        except rules.NotAllowedNow:
            continue
        state = wanted
        passed.append(wanted)

    if state in rules.SPEAKS:
        assert {"approved", "registered"} <= set(passed)
        assert {"verified", "restored"} & set(passed)
        if "compromised" in passed:
            assert {"contained", "restored"} <= set(passed)


@given(states, states)
def test_without_the_platforms_user_id_no_account_gets_beyond_registration(before, after):
    if after in rules.NEEDS_IDENTITY:
        with pytest.raises(rules.NotAllowedNow):
            rules.check_move(before, after, platform_user_id="")


@given(st.from_regex(r"[A-Za-z0-9._-]{1,20}(@[a-z.]{1,9})?", fullmatch=True))
def test_a_handle_is_the_same_however_it_is_spelt(handle):
    plain = rules.plain_handle(handle)

    assert rules.plain_handle(f" @{handle.upper()} ") == plain == rules.plain_handle(plain)
