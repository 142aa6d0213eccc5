"""The index to the digit: every vector of domain 4.1, and what holds for any survey."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.governance.selectors import instrument
from balai.surveys import rules
from balai.surveys.rules import Tally, compute, read_instrument, tally
from balai.surveys.rules.index import half_up

SKM = read_instrument(instrument("skm", date(2026, 11, 22)).content)
CODES = [one.code for one in SKM.elements]
SAMPLES = [
    *[(10, 10), (20, 19), (50, 44), (100, 80), (200, 132), (300, 169), (500, 217), (1000, 278)],
    *[(2000, 322), (5000, 357), (10_000, 370), (100_000, 383), (1_000_000, 384)],
]
RESPONSES = st.lists(
    st.lists(st.integers(1, 4), min_size=9, max_size=9).map(
        lambda row: dict(zip(CODES, row, strict=False))
    ),
    min_size=1,
    max_size=40,
)


def of_totals(totals, n):
    return compute(SKM, {code: Tally(n, total) for code, total in zip(CODES, totals, strict=True)})


def test_the_worked_example_of_29_responses_is_91_48_and_no_other():
    index = of_totals([105, 101, 100, 116, 102, 105, 106, 105, 115], 29)
    assert index.exact == Fraction(955, 261) * 25
    assert (index.rounded, index.band.grade) == (Decimal("91.48"), "A")
    assert index.template == Decimal("90.56")
    shown = [round(float(one.average), 3) for one in index.figures]
    assert shown == [3.621, 3.483, 3.448, 4.0, 3.517, 3.621, 3.655, 3.621, 3.966]


def test_the_worked_example_of_four_rows_is_83_33():
    rows = ["333433433", "433434434", "323433323", "443444433"]
    index = compute(SKM, tally(dict(zip(CODES, map(int, row), strict=False)) for row in rows))
    averages = [float(one.average) for one in index.figures]
    assert averages == [3.5, 3, 3, 4, 3.25, 3.5, 3.75, 2.75, 3.25]
    assert (index.rounded, index.band.grade) == (Decimal("83.33"), "B")
    assert index.template == Decimal("82.50")
    assert [one.code for one in index.lowest(3)] == ["U8", "U2", "U3"]


@pytest.mark.parametrize(
    ("exact", "rounded", "grade"),
    [
        ("88.304", "88.30", "B"),
        ("88.305", "88.31", "A"),
        ("76.605", "76.61", "B"),
        ("64.995", "65.00", "C"),
        ("100", "100.00", "A"),
        ("25", "25.00", "D"),
    ],
)
def test_the_index_is_rounded_half_up_before_it_gets_its_band(exact, rounded, grade):
    index = half_up(Fraction(exact))
    assert str(index) == rounded
    assert SKM.band(index).grade == grade


@pytest.mark.parametrize(
    ("value", "index", "template"), [(4, "100.00", "99.00"), (1, "25.00", "24.75")]
)
def test_all_alike_reaches_the_ends_of_the_scale_and_the_usual_sheet_does_not(
    value, index, template
):
    result = of_totals([value * 7] * 9, 7)
    assert (str(result.rounded), str(result.template)) == (index, template)


@given(RESPONSES)
def test_no_index_leaves_the_scale_and_order_does_not_matter(responses):
    index = compute(SKM, tally(responses))
    assert 25 <= index.exact <= 100
    assert compute(SKM, tally(reversed(responses))) == index
    assert abs(Fraction(index.rounded) - index.exact) <= Fraction(1, 200)


@given(RESPONSES, st.sampled_from(CODES))
def test_a_better_answer_never_lowers_the_index(responses, code):
    better = [dict(responses[0], **{code: 4}), *responses[1:]]
    assert compute(SKM, tally(better)).exact >= compute(SKM, tally(responses)).exact


def test_a_missing_answer_counts_for_its_element_alone():
    index = compute(SKM, tally([dict.fromkeys(CODES, 4), {"U1": 2}]))
    assert index.figures[0].n == 2
    assert index.figures[0].average == 3
    assert {one.n for one in index.figures[1:]} == {1}


def test_an_element_that_nobody_answered_leaves_no_index():
    with pytest.raises(rules.NoAnswers, match="U9"):
        compute(SKM, tally([dict.fromkeys(CODES[:8], 4)]))
    only = compute(SKM, tally([dict.fromkeys(CODES[:8], 4)]), active=CODES[:8])
    assert only.rounded == 100


@pytest.mark.parametrize(
    ("population", "wanted"),
    SAMPLES,
)
def test_the_formula_gives_the_sample_of_the_domain_table(population, wanted):
    assert rules.sample_by_formula(population, SKM.sample) == wanted


def test_the_printed_table_differs_where_it_is_known_to():
    assert rules.sample_by_table(100_000, SKM.sample) == 384
    assert rules.sample_by_table(2_000_000, SKM.sample) == 384


@given(st.integers(1, 2_000_000))
def test_the_table_never_asks_for_less_than_the_formula(population):
    by_table = rules.sample_by_table(population, SKM.sample)
    assert rules.sample_by_formula(population, SKM.sample) <= by_table <= population


def test_a_survey_ends_only_by_being_followed_up_or_declared_invalid():
    ends = {state for state, onward in rules.MOVES.items() if not onward}
    assert ends == {"follow_up_done", "invalidated"}
    with pytest.raises(rules.NotAllowedNow):
        rules.check_move("open", "published")
