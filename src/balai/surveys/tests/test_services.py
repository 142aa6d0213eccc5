"""A survey's way from a draft to what was done about it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from balai.governance.selectors import entries_of, verify_chain
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member, make_unit
from balai.surveys import services
from balai.surveys.models import Answer, Computation, Invitation, Response, Survey
from balai.surveys.selectors import (
    as_rows,
    hash_of,
    lowest_of,
    open_surveys,
    published_surveys,
    result_of,
    today_of,
)
from balai.surveys.tests.make import make_open_survey, make_published_survey, make_survey, say

pytestmark = pytest.mark.django_db
FOUR_ROWS = ("333433433", "433434434", "323433323", "443444433")


@pytest.fixture
def city():
    return make_institution()


def test_a_survey_goes_the_whole_way_and_every_step_is_in_the_trace(city):
    survey = make_published_survey(city, *FOUR_ROWS)
    computation = survey.computation
    assert (computation.index, computation.grade) == (Decimal("83.33"), "B")
    assert (computation.exact, computation.template) == ("250/3", Decimal("82.50"))
    assert computation.validated_index == computation.index
    owner = make_member(city, "facilitator")
    for element in lowest_of(result_of(survey)):
        services.plan_follow_up(
            survey,
            code=element.code,
            what="Loket kedua dibuka",
            owner=owner,
            due_on=today_of(city) + timedelta(days=30),
            by=owner,
        )
    survey.refresh_from_db()
    assert survey.state == "follow_up_planned"
    for planned in survey.follow_ups.all():
        services.follow_up_done(planned, proof="Berita acara 12/2026", by=owner)
    survey.refresh_from_db()
    assert survey.state == "follow_up_done"
    deeds = [entry.did for entry in entries_of(survey)]
    steps = ["drafted", "method_reviewed", "privacy_reviewed", "opened", "closed", "computed"]
    steps += ["validated", "published", "follow_up_planned", "follow_up_done"]
    assert [d for d in deeds if d.startswith("survey.")] == [f"survey.{one}" for one in steps]
    assert verify_chain(city.pk).holds


def test_nobody_reviews_the_method_of_their_own_survey(city):
    both = make_member(city, "facilitator", "data_steward")
    survey = make_survey(city, by=both)
    with pytest.raises(NotAllowed):
        services.review_method(survey, by=both)


def test_nothing_is_opened_that_was_not_reviewed(city):
    survey = make_survey(city)
    with pytest.raises(ValidationError):
        services.open_survey(survey, by=make_member(city, "head_of_pr"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(state="open")


def test_what_was_reviewed_is_changed_only_after_it_was_sent_back(city):
    survey = services.review_method(make_survey(city), by=make_member(city, "data_steward"))
    author = survey.author
    about = {"service": "Lain", "unit": None, "by": author}
    with pytest.raises(ValidationError):
        services.edit_survey(survey, **about)
    services.send_back(survey, reason="Populasi keliru", by=make_member(city, "dpo"))
    assert services.edit_survey(survey, **about).service == "Lain"
    survey.refresh_from_db()
    assert survey.method_reviewer is None


def test_the_sample_follows_from_the_people_served(city):
    assert make_survey(city, population=100_000, sample_mode="table").target == 384
    assert make_survey(city, population=100_000, sample_mode="formula").target == 383


def test_an_answer_sent_twice_is_one_answer(city):
    survey = make_open_survey(city)
    first = services.respond(survey, key="kunci", values={"U1": 4})
    again = services.respond(survey, key="kunci", values={"U1": 1})
    assert first.pk == again.pk
    assert Answer.objects.get().value == 4
    assert not first.is_complete


def test_neither_the_hour_nor_the_key_of_an_answer_is_kept(city):
    survey = make_open_survey(city)
    kept = services.respond(survey, key="kunci", values={"U1": 4}, remark="Antre lama")
    names = {field.name for field in Response._meta.get_fields()}
    assert not names & {"at", "ip", "name", "email", "address"}
    assert kept.key == hash_of("kunci")


@pytest.mark.parametrize("values", [{}, {"U10": 3}, {"U1": 5}, {"U1": 0}])
def test_an_answer_outside_the_questions_or_the_scale_is_refused(city, values):
    with pytest.raises(ValidationError):
        services.respond(make_open_survey(city), key="k", values=values)


def test_nobody_answers_before_or_after_the_period_but_paper_is_carried_in(city):
    today = today_of(city)
    early = make_open_survey(city, starts_on=today + timedelta(days=1))
    with pytest.raises(services.NotOpen):
        services.respond(early, key="k", values={"U1": 4})
    survey = make_open_survey(city)
    Survey.objects.filter(pk=survey.pk).update(
        starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=2)
    )
    with pytest.raises(services.NotOpen):
        services.respond(survey, key="k", values={"U1": 4})
    officer = make_member(city, "responder")
    kept = services.respond(survey, key="p", values={"U1": 4}, mode="counter", by=officer)
    assert kept.answered_on == today - timedelta(days=2)
    assert services.end_surveys_over() == 0
    Survey.objects.filter(pk=survey.pk).update(
        starts_on=today - timedelta(days=30), ends_on=today - timedelta(days=8)
    )
    assert services.end_surveys_over() == 1
    with pytest.raises(services.NotOpen):
        services.respond(survey, key="q", values={"U1": 4}, mode="counter", by=officer)


def test_of_a_free_service_nobody_is_asked_the_fee_and_it_counts_as_best(city):
    survey = make_published_survey(city, "33333333", "33333333", is_free=True)
    result = result_of(survey)
    figures = {one.code: (one.n, one.average) for one in result.index.figures}
    assert figures["U4"] == (2, 4)
    assert result.index.rounded == Decimal("77.78")  # 28/9 * 25


def test_below_the_sample_a_result_is_indicative(city):
    assert result_of(make_published_survey(city, *FOUR_ROWS)).is_indicative
    assert not result_of(make_published_survey(city, *["3" * 9] * 10)).is_indicative


def test_the_one_who_computed_does_not_validate(city):
    survey = make_open_survey(city)
    say(survey, "3" * 9)
    services.close_survey(survey, by=make_member(city, "head_of_pr"))
    analyst = make_member(city, "data_steward")
    services.compute_index(survey, by=analyst)
    with pytest.raises(NotAllowed):
        services.validate_index(survey, by=analyst)


def test_an_answer_changed_between_the_two_computations_is_found(city):
    survey = make_open_survey(city)
    say(survey, "3" * 9)
    services.close_survey(survey, by=make_member(city, "head_of_pr"))
    services.compute_index(survey, by=make_member(city, "data_steward"))
    Answer.objects.filter(code="U1").update(value=4)
    with pytest.raises(services.Disagreement):
        services.validate_index(survey, by=make_member(city, "data_steward"))
    assert Computation.objects.get().validated_by is None
    done = services.declare_invalid(
        survey, reason="Data berubah", by=make_member(city, "data_steward")
    )
    assert done.state == "invalidated"


def test_a_survey_without_any_answer_has_no_index(city):
    survey = make_open_survey(city)
    services.close_survey(survey, by=make_member(city, "head_of_pr"))
    with pytest.raises(ValidationError, match="U1"):
        services.compute_index(survey, by=make_member(city, "data_steward"))


def test_who_is_invited_answers_once(city):
    unit = make_unit(city)
    survey = make_open_survey(city, unit=unit)
    _made, key = services.invite(city.pk, unit.pk, about="case:7")
    assert services.invite(city.pk, unit.pk, about="case:7") is None
    assert not Invitation.objects.filter(key_hash=key).exists()
    services.answer_invitation(key, values={"U1": 4})
    assert survey.responses.get().mode == "post_case"
    with pytest.raises(services.NotOpen):
        services.answer_invitation(key, values={"U1": 1})


def test_nobody_is_invited_where_no_survey_is_open(city):
    make_survey(city)
    assert services.invite(city.pk, None, about="case:8") is None


def test_the_earlier_index_of_the_same_service_stands_beside_the_new_one(city):
    before = make_published_survey(city, *["2" * 9] * 3)
    today = today_of(city)
    Survey.objects.filter(pk=before.pk).update(
        starts_on=today - timedelta(days=400), ends_on=today - timedelta(days=370)
    )
    assert result_of(make_published_survey(city, *FOUR_ROWS)).previous.index == Decimal("50.00")


def test_the_file_holds_the_exact_figures(city):
    survey = make_published_survey(city, *FOUR_ROWS)
    rows = as_rows(survey, result_of(survey))
    assert rows[1][:4] == ["U1", "Persyaratan", 4, 14]
    assert str(rows[-1][-1]) == "250/3"


@pytest.mark.parametrize(
    ("verb", "role"),
    [
        (services.review_method, "facilitator"),
        (services.review_privacy, "data_steward"),
        (services.open_survey, "editor"),
        (services.publish_result, "data_steward"),
        (services.validate_index, "auditor"),
    ],
)
def test_a_step_is_refused_to_other_roles_and_to_other_offices(city, verb, role):
    survey = make_survey(city)
    for stranger in (make_member(city, role), make_member(make_institution(), "head_of_pr", "dpo")):
        with pytest.raises(NotAllowed):
            verb(survey, by=stranger)


def test_a_survey_of_a_foreign_unit_is_refused(city):
    with pytest.raises((ValidationError, NotAllowed)):
        make_survey(city, unit=make_unit(make_institution()))


def test_the_public_finds_what_is_open_and_what_was_published_and_nothing_else(city):
    make_survey(city)
    opened, shown = make_open_survey(city), make_published_survey(city, *FOUR_ROWS)
    assert list(open_surveys(city, today_of(city))) == [opened]
    assert list(published_surveys(city)) == [shown]
