"""What may be told of few cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.portal import rules

counts = st.dictionaries(st.text(max_size=3), st.integers(0, 30), max_size=8)


@pytest.mark.parametrize(("n", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (900, 900)])
def test_nothing_and_many_are_told_and_few_are_not(n, shown):
    assert rules.told(n) == shown


@given(counts)
def test_no_part_of_a_total_can_be_found_by_subtraction(parts):
    shown = rules.told_parts(parts)
    hidden = [key for key in parts if shown[key] is None]
    assert all(shown[key] in (None, n) for key, n in parts.items())
    assert all(shown[key] is None for key, n in parts.items() if 0 < n < rules.LEAST)
    others = [key for key, n in parts.items() if n and key not in hidden]
    assert len(hidden) != 1 or not others


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_share_of_fewer_than_five_is_none(part, more):
    percent = rules.told_percent(part, part + more)
    assert (percent is None) == (part + more < rules.LEAST)


def test_a_median_of_four_times_is_not_told():
    assert rules.told_time(30.0, 4) is None
    assert rules.told_time(30.04, 5) == 30.0
    assert rules.told_time(None, 0) is None
