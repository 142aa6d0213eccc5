"""The pages of surveys: the office's and the public's."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import translation

from balai.people.tests.make import make_institution, make_member
from balai.surveys.models import Response, Survey
from balai.surveys.selectors import today_of
from balai.surveys.services import invite
from balai.surveys.tests.make import make_open_survey, make_published_survey, make_survey, say

ROWS = ["333433433", "433434434", "323433323", "443444433"]


@pytest.fixture(autouse=True)
def _indonesian():
    cache.clear()  # the gates count across tests
    with translation.override("id"):
        yield


@pytest.fixture
def city(db):
    return make_institution(is_sample=True)


def as_somebody(client, city, *roles):
    member = make_member(city, *roles)
    client.force_login(member.user)
    return member


def test_a_survey_is_prepared_reviewed_opened_and_answered_in_the_pages(client, city):
    today = today_of(city)
    as_somebody(client, city, "facilitator")
    about = {
        "service": "Izin usaha",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=7)).isoformat(),
        "population": 300,
        "sample_mode": "table",
    }
    page = client.post("/survei/tulis/", about, follow=True)
    assert "Izin usaha" in page.content.decode()
    survey = Survey.objects.get()
    assert survey.target == 169
    for role, step in [
        ("data_steward", "review_method"),
        ("dpo", "review_privacy"),
        ("head_of_pr", "open"),
    ]:
        as_somebody(client, city, role)
        page = client.post(f"/survei/{survey.pk}/langkah/", {"step": step}, follow=True)
        assert page.status_code == 200
    client.logout()
    page = client.get(f"/kepuasan/isi/{survey.code}/").content.decode()
    assert page.count("<fieldset") == 9
    assert not {'name="name"', 'name="email"'} & set(page.split())
    sent = {"key": "abc", "U1": "4", "U2": "3", "remark": "Sudah baik"}
    answer = client.post(f"/kepuasan/isi/{survey.code}/", sent, follow=True)
    assert "Terima kasih" in answer.content.decode()
    assert Response.objects.get().mode == "web"


def test_an_empty_form_is_kept_with_words_and_a_machine_counts_nowhere(client, city):
    survey = make_open_survey(city)
    empty = client.post(f"/kepuasan/isi/{survey.code}/", {"key": "a"})
    assert empty.status_code == 422
    machine = client.post(
        f"/kepuasan/isi/{survey.code}/", {"key": "b", "U1": "4", "website": "http://x"}
    )
    assert machine.status_code == 302
    assert not Response.objects.exists()


def test_who_answers_too_often_waits_and_a_kiosk_does_not(client, city):
    survey = make_open_survey(city)
    codes = {
        client.post(f"/kepuasan/isi/{survey.code}/", {"key": f"k{n}", "U1": "4"}).status_code
        for n in range(22)
    }
    assert codes == {302, 429}
    answer = client.post(f"/kepuasan/isi/{survey.code}/?kiosk=1", {"key": "t", "U1": "4"})
    assert answer.headers["Location"].endswith("?kiosk=1")
    assert Response.objects.filter(mode="counter").count() == 1


def test_a_sheet_of_paper_is_entered_by_an_officer_and_by_nobody_else(client, city):
    survey = make_open_survey(city)
    address = f"/survei/{survey.pk}/kertas/"
    assert client.post(address, {"U1": "3", "mode": "counter"}).status_code == 302
    assert not Response.objects.exists()
    officer = as_somebody(client, city, "responder")
    client.post(address, {"U1": "3", "U9": "2", "mode": "phone", "key": "x"})
    assert Response.objects.get().entered_by == officer


def test_the_result_page_shows_figures_and_hides_those_of_few_answers(client, city):
    few = make_published_survey(city, *ROWS)
    page = client.get(f"/kepuasan/hasil/{few.code}/").content.decode()
    assert "83,33" in page or "83.33" in page
    assert "indikatif" in page
    assert "3.500" not in page
    many = make_published_survey(city, *ROWS, *ROWS)
    page = client.get(f"/kepuasan/hasil/{many.code}/").content.decode()
    assert "3.500" in page
    assert "Persyaratan" in page


def test_what_is_not_published_is_not_found_by_the_public(client, city):
    survey = make_open_survey(city)
    say(survey, "3" * 9)
    assert client.get(f"/kepuasan/hasil/{survey.code}/").status_code == 404
    draft = make_survey(city)
    assert client.get(f"/kepuasan/isi/{draft.code}/").status_code == 404


def test_an_invitation_opens_the_questions_once(client, city):
    make_open_survey(city)
    _made, key = invite(city.pk, None, about="case:1")
    assert client.get(f"/kepuasan/undangan/{key}/").status_code == 200
    client.post(f"/kepuasan/undangan/{key}/", {"U1": "4"})
    assert client.get(f"/kepuasan/undangan/{key}/").status_code == 404
    assert client.get("/kepuasan/undangan/salah/").status_code == 404


def test_surveys_of_another_office_are_not_found(client, city):
    survey = make_survey(make_institution())
    as_somebody(client, city, "head_of_pr", "data_steward", "dpo", "facilitator")
    for path in ("", "ubah/", "kertas/", "hasil.csv"):
        assert client.get(f"/survei/{survey.pk}/{path}").status_code == 404


def test_strangers_are_sent_to_sign_in(client, city):
    assert client.get("/survei/").status_code == 302


def test_the_follow_up_is_planned_and_reported_in_the_pages(client, city):
    survey = make_published_survey(city, *ROWS)
    officer = as_somebody(client, city, "facilitator")
    planned = {
        "code": "U8",
        "what": "Kursi tunggu ditambah",
        "owner": officer.pk,
        "due_on": (today_of(city) + timedelta(days=14)).isoformat(),
    }
    page = client.post(f"/survei/{survey.pk}/tindak-lanjut/", planned, follow=True)
    assert "Kursi tunggu ditambah" in page.content.decode()
    plan = survey.follow_ups.get()
    client.post(f"/survei/{survey.pk}/tindak-lanjut/{plan.pk}/", {"proof": "Foto 12"})
    plan.refresh_from_db()
    assert plan.done_at
    client.logout()
    shown = client.get(f"/kepuasan/hasil/{survey.code}/").content.decode()
    assert "Kursi tunggu ditambah" in shown
    assert str(officer) not in shown


def test_the_file_of_a_result_opens_for_everybody(client, city):
    survey = make_published_survey(city, *ROWS)
    answer = client.get(f"/kepuasan/hasil/{survey.code}/?format=csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "IKM" in answer.content.decode()
