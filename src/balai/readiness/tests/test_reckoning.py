"""What the house counts, and the index that is reckoned of it once a day."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import Error, transaction

from balai.analytics.models import DailyMeasure
from balai.analytics.services import walk_some
from balai.governance.models import AuditEntry
from balai.inbox import services as inbox
from balai.inbox.tests.talking import came_to, hear, make_line, say
from balai.people.models import Grant, Institution
from balai.people.tests.make import make_institution, make_member, make_unit
from balai.readiness.models import Reckoning
from balai.readiness.rules.figures import Status
from balai.readiness.selectors import (
    figure,
    figures_on,
    formula_on,
    latest,
    monthly,
    rows,
    scorecard,
    scorecard_on,
    window_on,
)
from balai.readiness.selectors.signals import SIGNALS, WHY_ABSENT
from balai.readiness.services import due_institution, reckon
from balai.readiness.sweeps import reckon_yesterday
from balai.readiness.tests.make import answered, overdue, tell_all, today_at
from balai.readiness.wording import REASONS

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_institution()


@pytest.fixture
def officer(office):
    return make_member(
        office, "responder", "case_coordinator", "head_of_pr", unit=make_unit(office)
    )


@pytest.fixture
def line(office):
    return make_line(office)


def counted(office):
    today = today_at(office)
    _source, formula = formula_on(today)
    return figures_on(formula.measures, window_on(office, formula, today))


def window(office):
    today = today_at(office)
    return window_on(office, formula_on(today)[1], today)


def test_answers_in_time_are_counted_with_their_cases(office, officer, line):
    answered(line, officer)
    overdue(line)
    hear(line)  # open and in time: in neither part
    tell_all()
    found = figure("answered_in_time", window(office), 2)
    assert (found.numerator, found.denominator, found.n) == (1, 2, 2)
    assert found.status is Status.OK


def test_below_twenty_cases_there_is_no_figure(office, officer, line):
    answered(line, officer)
    tell_all()
    figure = counted(office)["O1"]
    assert figure.status is Status.INSUFFICIENT
    assert figure.value is None
    assert figure.n == 1


def test_failing_rows_come_first_and_only_those_that_the_reader_may_open(office, officer, line):
    good, bad = answered(line, officer), overdue(line)
    tell_all()
    found = rows("answered_in_time", window(office), officer, 50)
    assert [row.fulfils for row in found] == [False, True]
    assert str(bad.pk) in found[0].url
    assert str(good.pk) in found[1].url
    steward = make_member(office, "data_steward")  # no right to read conversations
    assert rows("answered_in_time", window(office), steward, 50) == []


def placed(office, code: str, answered: int) -> None:
    """A day's rollup of a place, as analytics keeps it."""
    DailyMeasure.objects.create(
        institution_id=office.pk, on=today_at(office), dimension="place", key=code, formula=1,
        taken_in=answered, answered=answered,
    )  # fmt: skip


def test_places_are_compared_only_with_enough_cases_each(office, officer, line):
    placed(office, "33.01", 19)
    for code, late in (("33.02", 5),):
        placed(office, code, 15)
        for _n in range(late):
            overdue(line, reading={"places": [{"code": code, "name": "Sana"}]})
    tell_all()
    assert counted(office)["O5"].status is Status.INSUFFICIENT
    DailyMeasure.objects.filter(key="33.01").update(answered=20)
    found = counted(office)["O5"]
    assert (found.value, found.n) == (Fraction(3, 4), 2)
    assert len(rows("places_alike", window(office), officer, 50)) == 5


def test_what_was_hidden_and_shown_again_was_not_sound(office, officer, line):
    judge = make_member(office, "head_of_pr")
    kept, fallen = hear(line), hear(line)
    for talk in (kept, fallen):
        inbox.moderate(talk, by=officer, rule="M1")
    inbox.restore(fallen, by=judge, reason="bukan pelanggaran")
    figure = counted(office)["O2"]
    assert (figure.numerator, figure.denominator) == (1, 2)
    assert [row.fulfils for row in rows("moderation_sound", window(office), officer, 9)] == [
        False,
        True,
    ]


def test_the_leader_counts_by_weeks_of_own_answers_that_arrived(office, officer, line):
    Institution.objects.filter(pk=office.pk).update(
        created_at=office.created_at - timedelta(days=300)
    )
    office.refresh_from_db()
    leader = make_member(office, "leader", "responder")
    Grant.objects.update(granted_at=office.created_at)
    assert counted(office)["O6"].numerator == 0
    say(hear(line), leader)  # still under way
    assert counted(office)["O6"].numerator == 0
    for _n in range(2):
        answer = say(hear(line), leader)
        came_to(answer, "out")
    figure = counted(office)["O6"]
    assert (figure.numerator, figure.denominator) == (1, 12)


def test_a_young_institution_has_no_weeks_to_be_judged_by(office):
    assert counted(office)["O6"].status is Status.INSUFFICIENT


def test_what_is_not_recorded_says_what_is_missing_and_every_reason_has_words(office):
    figures = counted(office)
    assert figures["S1"].status is Status.NOT_APPLICABLE
    assert all(one.reason in REASONS for one in figures.values())
    assert set(WHY_ABSENT.values()) <= set(REASONS)
    assert not set(WHY_ABSENT) & set(SIGNALS)


def test_every_signal_of_the_formula_is_counted_or_known_to_be_absent(office):
    today = today_at(office)
    for one in (*formula_on(today)[1].measures, *scorecard_on(today)[1]):
        assert one.signal in SIGNALS or one.signal in WHY_ABSENT, one.signal


def test_a_day_is_reckoned_once_and_the_ledger_says_by_which_formula(office, officer, line):
    on = today_at(office)
    first = reckon(office, on)
    answered(line, officer)
    tell_all()
    assert reckon(office, on).pk == first.pk
    entry = AuditEntry.objects.get(did="index.reckoned")
    assert entry.facts["instrument"] == first.instrument_hash
    assert latest(office).figures["O1"].n == 0
    assert len(first.measures.all()) == 46


def test_what_was_reckoned_cannot_be_changed_not_even_in_the_table(office):
    row = reckon(office, today_at(office))
    for change in (
        lambda: Reckoning.objects.filter(pk=row.pk).update(stage=3),
        lambda: row.measures.filter(code="O1").update(n=99),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()


def test_what_is_kept_gives_the_same_letters_as_what_was_counted(office):
    DailyMeasure.objects.create(
        institution_id=office.pk, on=today_at(office), dimension="all", formula=1, answered=30,
        timed=30, met=24,
    )  # fmt: skip
    reckon(office, today_at(office))
    kept, live = latest(office), counted(office)
    assert {code: kept.figures[code] for code in live} == live
    assert kept.index.pillar("O").value is not None
    assert kept.row.value is None


def test_the_trend_has_one_reckoning_a_month_the_last(office):
    on = today_at(office)
    days = [on - timedelta(days=n) for n in (0, 1, 40, 41, 75)]
    for day in days:
        reckon(office, day)
    months = [one.row.on for one in monthly(office)]
    assert months == sorted(months)
    assert len({(day.year, day.month) for day in months}) == len(months) == 3 or on.day < 3
    assert on in months


def test_the_sweep_waits_for_the_counting_and_then_reckons_yesterday_once(office):
    assert due_institution() is None
    while walk_some():
        pass
    assert reckon_yesterday() == 1
    row = Reckoning.objects.get()
    assert today_at(office) - row.on in (timedelta(days=1), timedelta(days=2))  # just past midnight
    assert reckon_yesterday() == 0


def test_the_scorecard_tells_each_principle_by_itself_and_no_composite(office):
    DailyMeasure.objects.create(
        institution_id=office.pk, on=today_at(office), dimension="all", formula=1, answered=30,
        timed=30, met=24, ever_ended=25, reopened=5,
    )  # fmt: skip
    reckon(office, today_at(office))
    found = {one.code: one for one in scorecard(latest(office)).principles}
    assert len(found) == 7
    # G17 = up(.8, .3, .95), G19 = down(.2, .02, .25); the median has too few times
    assert found["responsiveness"].value == (Fraction(1000, 13) + Fraction(500, 23)) / 2
    assert (found["responsiveness"].known, found["responsiveness"].of) == (2, 3)
    assert found["equity"].value is None
