"""The STOC index by the table and the vector of domain 3.5, and what it says of absence."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.governance.selectors import instrument
from balai.readiness.rules.figures import Figure, Status, absent, counted, fingerprint, two_places
from balai.readiness.rules.stoc import LETTERS, index_of, levers, read_formula

FORMULA = read_formula(instrument("stoc", date(2026, 11, 22)).content)
CODES = [one.code for one in FORMULA.measures]
EXAMPLE = {
    "S1": (".62", "60.00"), "S2": (".80", "66.67"), "S3": ("26", "67.65"), "S4": (".75", "64.29"),
    "S5": (".12", "40.00"), "S6": (".55", "50.00"), "T1": (".90", "80.00"), "T2": (".70", "61.54"),
    "T3": (".92", "80.00"), "T4": (".40", "40.00"), "T5": (".75", "50.00"), "T6": (".60", "50.00"),
    "O1": (".68", "58.46"), "O2": (".94", "80.00"), "O3": (".11", "39.13"), "O4": (".58", "43.08"),
    "O5": (".62", "44.00"), "O6": (".24", "30.00"), "C1": (".50", "28.57"), "C2": (".25", "21.43"),
    "C3": (".30", "40.00"), "C4": (".71", "63.08"), "C5": (".04", "16.00"),
}  # fmt: skip


def shown(value: Fraction) -> Figure:
    return Figure(Status.OK, value, Fraction(1), 100)


EXAMPLE_FIGURES = {code: shown(Fraction(value)) for code, (value, _score) in EXAMPLE.items()}
figures = st.dictionaries(
    st.sampled_from(CODES),
    st.one_of(
        st.fractions(min_value=0, max_value=100).map(shown), st.just(absent("nothing_recorded"))
    ),
)


@pytest.mark.parametrize("code", CODES)
def test_each_measure_of_the_example_scores_as_the_domain_says(code):
    value, score = EXAMPLE[code]
    assert two_places(FORMULA.measure(code).score(Fraction(value))) == Decimal(score)


def test_the_example_comes_to_50_29():
    index = index_of(FORMULA, EXAMPLE_FIGURES)
    letters = {one.letter: str(two_places(one.value)) for one in index.pillars}
    assert letters == {"S": "60.34", "T": "60.81", "O": "51.47", "C": "33.87"}
    assert two_places(index.value) == Decimal("50.29")
    assert index.stage == 1


def test_a_letter_that_money_cannot_buy_pulls_the_index_down():
    """With C = 1 the geometric mean is 20.9, the arithmetic one 43.4 (domain 3.5)."""
    worst = {code: one for code, one in EXAMPLE_FIGURES.items() if not code.startswith("C")}
    worst |= {code: shown(Fraction(0)) for code in CODES if code.startswith("C")}
    index = index_of(FORMULA, worst)
    assert index.pillar("C").value == 0
    assert two_places(index.value) == Decimal("20.85")


def test_without_enough_of_its_weight_a_letter_is_not_told_and_nor_is_the_index():
    some = {code: one for code, one in EXAMPLE_FIGURES.items() if code not in ("C1",)}
    assert index_of(FORMULA, some).pillar("C").is_told  # three tenths are just bearable
    fewer = {code: one for code, one in some.items() if code != "C5"}
    index = index_of(FORMULA, fewer)
    assert not index.pillar("C").is_told
    assert index.value is None
    assert index.stage == 1


def test_nothing_recorded_is_no_figure_and_not_a_nought():
    index = index_of(FORMULA, {code: absent("no_posts") for code in CODES})
    assert index.value is None
    assert index.scores == {}
    assert [one.value for one in index.pillars] == [None] * 4


def test_few_cases_and_a_denominator_of_nought_say_nothing():
    assert counted(3, 19, n=19, n_min=20).value is None
    assert counted(0, 0, n=50, n_min=20).status is Status.INSUFFICIENT
    assert counted(15, 20, n=20, n_min=20).value == Fraction(3, 4)


def test_the_third_stage_needs_matters_that_began_on_a_social_channel():
    high = {code: shown(one.high if one.rises else one.low)
            for code, one in zip(CODES, FORMULA.measures, strict=True)}  # fmt: skip
    assert index_of(FORMULA, high).stage == 2
    assert index_of(FORMULA, high, from_social=Fraction(29, 100)).stage == 2
    assert index_of(FORMULA, high, from_social=Fraction(30, 100)).stage == 3
    assert two_places(index_of(FORMULA, high).value) == 100


def test_what_would_move_a_letter_most_comes_first():
    found = levers(FORMULA, index_of(FORMULA, EXAMPLE_FIGURES))
    gains = [gain for _measure, gain in found]
    assert gains == sorted(gains, reverse=True)
    assert found[0][0].code == "C1"
    assert two_places(found[0][1]) == Decimal("21.43")


@given(figures)
def test_whatever_is_counted_letters_stay_between_nought_and_a_hundred(some):
    index = index_of(FORMULA, some)
    for one in index.pillars:
        assert one.value is None or 0 <= one.value <= 100
        assert 0 <= one.present <= 1
    assert index.value is None or 1 <= index.value <= 100
    assert (index.value is None) == any(not one.is_told for one in index.pillars)


@given(figures, st.sampled_from(CODES), st.fractions(min_value=0, max_value=1))
def test_a_better_figure_never_lowers_its_letter(some, code, better):
    measure = FORMULA.measure(code)
    worst = measure.low if measure.rises else measure.high
    best = measure.high if measure.rises else measure.low
    value = worst + (best - worst) * better
    before = index_of(FORMULA, {**some, code: shown(worst)}).pillar(measure.pillar).value
    after = index_of(FORMULA, {**some, code: shown(value)}).pillar(measure.pillar).value
    assert after >= before


@given(st.fractions())
def test_rounding_is_half_up_and_exact(value):
    rounded = two_places(value)
    assert Fraction(-1, 200) < Fraction(rounded) - value <= Fraction(1, 200)


def test_the_same_question_has_the_same_fingerprint():
    asked = {"institution": 1, "first": date(2026, 8, 25), "last": date(2026, 11, 22)}
    assert fingerprint("answered", 1, asked) == fingerprint(
        "answered", 1, dict(reversed(asked.items()))
    )
    assert fingerprint("answered", 1, asked) != fingerprint("answered", 2, asked)


def test_every_letter_has_its_whole_weight():
    assert all(sum(m.weight for m in FORMULA.of_pillar(letter)) == 1 for letter in LETTERS)
