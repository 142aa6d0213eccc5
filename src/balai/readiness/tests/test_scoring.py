"""Levels and scores of readiness by domain 3.2, with its example."""

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.governance.selectors import instrument
from balai.readiness.rules import assessing
from balai.readiness.rules.figures import two_places
from balai.readiness.rules.scoring import (
    ComponentScore,
    Mode,
    Proof,
    attested_level,
    computed_level,
    gaps,
    level_of,
    proof_of,
    read_instrument,
    readiness_of,
)

CONTENT = instrument("readiness", date(2026, 11, 22)).content
ASKED = read_instrument(CONTENT)
CODES = [one.code for one in ASKED.indicators]
TODAY = date(2026, 11, 22)
some_levels = st.fixed_dictionaries(
    {code: st.one_of(st.none(), st.integers(1, 5)) for code in CODES}
)


def all_at(level: int) -> dict[str, int | None]:
    return dict.fromkeys(CODES, level)


def test_there_are_seven_components_and_fifty_indicators_most_of_them_computed():
    assert [one.code for one in ASKED.components] == list("LPIECBT")
    assert sum(one.weight for one in ASKED.components) == 100
    assert Counter(one.mode for one in ASKED.indicators) == {
        Mode.AUTO: 34, Mode.HYBRID: 13, Mode.ATTESTED: 3,
    }  # fmt: skip
    assert all(len(row["levels_id"]) == 5 for row in CONTENT["components"].values())


def test_the_example_of_the_domain_comes_to_level_two():
    """c = L 2.4, P 3.1, I 2.8, E 2.2, C 1.5, B 2.0, T 3.4 -> R 2.515, 37.9 %, level 2."""
    wanted = {"L": "2.4", "P": "3.1", "I": "2.8", "E": "2.2", "C": "1.5", "B": "2", "T": "3.4"}
    one_each = {
        "components": CONTENT["components"],
        "indicators": {
            f"{code}{n}": {**CONTENT["indicators"]["L5"], "component": code, "weight": weight}
            for code, score in wanted.items()
            for n, weight in _two_weights(Fraction(score))
        },
        **{key: CONTENT[key] for key in (
            "most_absent", "least_reportable", "sample_share", "window_days")},
    }  # fmt: skip
    levels = {
        f"{c}{n}": n for c, score in wanted.items() for n, _w in _two_weights(Fraction(score))
    }
    found = readiness_of(read_instrument(one_each), levels)
    assert {one.code: one.score for one in found.components} == {
        code: Decimal(score).quantize(Decimal("0.01")) for code, score in wanted.items()
    }
    assert found.value == Decimal("2.515")
    assert found.level == 2
    assert round(float(found.percent), 1) == 37.9


def _two_weights(score: Fraction) -> list[tuple[int, int]]:
    """Two levels whose weights come to this score."""
    low = int(score)
    upper = int((score - low) * 100)
    return [(low, 100 - upper), (low + 1, upper)]


def test_the_weakest_component_holds_the_whole_down():
    levels = all_at(5) | {code: 1 for code in CODES if code.startswith("C")}
    assert readiness_of(ASKED, levels).level == 2
    assert readiness_of(ASKED, all_at(5)).level == 5


@pytest.mark.parametrize(
    ("code", "value", "level"),
    [
        ("E3", "0.29", 1), ("E3", "0.30", 2), ("E3", "0.749", 3), ("E3", "0.75", 4), ("E3", "1", 5),
        ("B2", "0", 1), ("B2", "0.001", 2), ("B2", "0.05", 3), ("C1", "6", 5), ("C1", "3", 3),
        ("E4", "1", 3), ("L3", "1", 2),
    ],
)  # fmt: skip
def test_a_figure_gives_the_level_whose_step_it_reaches(code, value, level):
    assert computed_level(ASKED.indicator(code), Fraction(value)) == level


def test_no_evidence_no_level_and_expired_evidence_drops_one():
    four = ASKED.indicator("B4")
    assert attested_level(four, 4, Proof.NONE) == 1
    assert attested_level(four, 4, Proof.LIVE) == 4
    assert attested_level(four, 4, Proof.EXPIRED) == 3
    assert attested_level(four, 1, Proof.EXPIRED) == 1
    assert attested_level(four, 5, Proof.FAILED) == 1
    assert attested_level(ASKED.indicator("L5"), 5, Proof.LIVE) == 3


def test_evidence_lives_to_its_last_day_and_the_longest_lived_counts():
    assert proof_of([TODAY], TODAY, failed=False) is Proof.LIVE
    assert proof_of([date(2026, 11, 21)], TODAY, failed=False) is Proof.EXPIRED
    assert proof_of([date(2020, 1, 1), TODAY], TODAY, failed=False) is Proof.LIVE
    assert proof_of([], TODAY, failed=False) is Proof.NONE
    assert proof_of([TODAY], TODAY, failed=True) is Proof.FAILED


def test_a_hybrid_level_is_the_lower_half_and_unknown_with_one_half_only():
    hybrid = ASKED.indicator("P3")
    assert level_of(hybrid, 5, 3, Proof.LIVE) == 3
    assert level_of(hybrid, 2, 3, Proof.LIVE) == 2
    assert level_of(hybrid, None, 5, Proof.LIVE) is None
    assert level_of(hybrid, 5, 5, Proof.NONE) == 1


def test_an_automatic_level_listens_to_nobody():
    assert level_of(ASKED.indicator("E3"), 2, 5, Proof.LIVE) == 2
    assert level_of(ASKED.indicator("E3"), None, 5, Proof.LIVE) is None


def test_a_component_with_too_much_unknown_is_not_reportable():
    levels = all_at(3) | {"L1": None, "L2": None}  # 30 of 100: just bearable
    assert readiness_of(ASKED, levels).component("L").is_reportable
    levels["L5"] = None
    found = readiness_of(ASKED, levels)
    assert not found.component("L").is_reportable
    assert found.value == Decimal("3.000")  # six of seven are enough
    levels |= {"P1": None, "P2": None}
    assert readiness_of(ASKED, levels).value is None


def test_who_begins_with_nothing_gets_unknown_and_not_a_one():
    found = readiness_of(ASKED, dict.fromkeys(CODES, None))
    assert found.value is None
    assert found.level is None
    assert found.reportable == 0


def test_the_plan_is_for_exactly_the_next_level():
    levels = all_at(2) | {"E1": 1, "E2": 5, "E3": None}
    score = readiness_of(ASKED, levels).component("E")
    found = gaps(ASKED, score, levels)
    assert score.level == 2
    assert (found[0].code, found[0].level, found[0].target) == ("E3", None, 1)
    assert {gap.code: gap.target for gap in found if gap.level} == {
        "E1": 2, "E4": 3, "E5": 3, "E6": 3, "E7": 3, "E8": 3,
    }  # fmt: skip


@given(some_levels)
def test_whatever_is_known_scores_stay_in_their_bounds(levels):
    found = readiness_of(ASKED, levels)
    for one in found.components:
        assert one.score is None or 1 <= one.score <= 5
    assert (found.value is None) == (found.reportable < 6)
    if found.level is not None:
        lowest = min(one.score for one in found.components if one.is_reportable)
        assert found.level <= int(lowest) + 1
        assert found.level <= found.value


@given(some_levels, st.sampled_from(CODES))
def test_a_higher_level_never_lowers_its_component(levels, code):
    component = ASKED.indicator(code).component
    low = readiness_of(ASKED, {**levels, code: 1}).component(component).score
    high = readiness_of(ASKED, {**levels, code: 5}).component(component).score
    assert high >= low


@given(some_levels)
def test_no_step_of_the_plan_is_of_more_than_one_level(levels):
    for score in readiness_of(ASKED, levels).components:
        for gap in gaps(ASKED, score, levels):
            assert gap.target == (gap.level or 0) + 1
            assert gap.level is None or gap.target <= min((score.level or 0) + 1, 5)


@given(st.sets(st.integers(1, 10**6), max_size=60), st.text(max_size=8))
def test_a_fifth_of_the_evidence_is_sampled_and_nobody_chooses_it(ids, seed):
    found = assessing.sampled(ids, ASKED.sample_share, seed)
    assert found == assessing.sampled(sorted(ids, reverse=True), ASKED.sample_share, seed)
    assert set(found) <= ids
    assert len(found) == -(-len(ids) // 5)


@given(st.lists(st.sampled_from(sorted(assessing.MOVES)), max_size=12))
def test_nothing_is_signed_that_was_not_attested_and_discussed(wanted):
    state, been = "planned", ["planned"]
    for step in wanted:
        try:
            assessing.check_move(state, step)
        except assessing.NotNow:
            continue
        state = step
        been.append(step)
    if "signed" in been:
        assert been.index("attested") < been.index("discussed") < been.index("signed")
    assert been.count("published") <= 1


def test_a_score_without_a_report_has_no_level():
    assert ComponentScore("L", two_places(Fraction(3)), Fraction(1, 2), False).level is None
