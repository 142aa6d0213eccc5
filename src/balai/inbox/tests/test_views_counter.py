"""The counter: what a citizen says is written down, stands in the inbox, and is answered."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from balai.channels.services import connect
from balai.ground.clock import now
from balai.inbox.forms.citizen import fresh_ticket
from balai.inbox.models import Conversation
from balai.inbox.sweeps import take_in
from balai.people.tests.make import make_institution, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def city():
    return make_institution(is_sample=True)


@pytest.fixture
def officer(city):
    return make_member(city, "responder", name="Rina")


@pytest.fixture
def counter(city):
    keeper = make_member(city, "channel_admin")
    return connect(institution=city, channel="counter", name="Loket", answers={}, by=keeper)


def told(**fields):
    moment = timezone.localtime(now() - timedelta(hours=3))
    return {
        "came_by": "phone",
        "said_at": moment.strftime("%Y-%m-%dT%H:%M"),
        "text": "Air di Desa Contoh mati sejak Senin, tolong diperbaiki.",
        "ticket": fresh_ticket(),
        **fields,
    }


def test_what_was_said_on_the_telephone_stands_in_the_inbox_and_has_a_receipt(
    client, officer, counter
):
    client.force_login(officer.user)
    sent = client.post("/kotak-masuk/catat/", told(name="Ningsih", phone="0812", informed="on"))
    assert sent.status_code == 302
    while take_in():
        pass

    found = Conversation.objects.get()
    assert found.receipt in sent.headers["Location"]
    message = found.messages.get()
    assert message.kind == "phone"
    assert now() - found.opened_at > timedelta(hours=2)
    assert "Ningsih" in found.citizen.identity
    assert "0812" in found.citizen.identity

    page = client.get(sent.headers["Location"]).content.decode()
    assert f"/status/{found.receipt}/" in page
    assert "<svg" in page
    assert client.get(f"/status/{found.receipt}/").status_code == 200


def test_a_form_sent_twice_is_one_message(client, officer, counter):
    client.force_login(officer.user)
    same = told()
    for _ in range(2):
        client.post("/kotak-masuk/catat/", same)
    while take_in():
        pass
    assert Conversation.objects.get().messages.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"came_by": "pigeon"},
        {"said_at": "2999-01-01T00:00"},
        {"name": "Ningsih"},  # a name without having told how it is treated
    ],
)
def test_a_mistake_is_told_and_no_word_is_lost(client, officer, counter, wrong):
    client.force_login(officer.user)
    answer = client.post("/kotak-masuk/catat/", told(place="Gang Melati 4", **wrong))
    assert answer.status_code == 422
    assert "Gang Melati 4" in answer.content.decode()


def test_before_the_counter_is_open_the_page_says_who_opens_it(client, officer):
    client.force_login(officer.user)
    answer = client.get("/kotak-masuk/catat/")
    assert answer.status_code == 404
    assert "/kanal/sambung/counter/" in answer.content.decode()


def test_who_may_not_write_down_reads_why_and_a_stranger_signs_in(client, city, counter):
    assert client.get("/kotak-masuk/catat/").status_code == 302
    client.force_login(make_member(city, "auditor").user)
    assert client.get("/kotak-masuk/catat/").status_code == 403


def test_another_institutions_receipt_shows_nothing_of_it(client, officer, counter):
    client.force_login(officer.user)
    sent = client.post("/kotak-masuk/catat/", told())
    while take_in():
        pass
    other = make_institution("Kota Lain", is_sample=True)
    client.force_login(make_member(other, "responder").user)
    page = client.get(sent.headers["Location"]).content.decode()
    assert f"/kotak-masuk/{Conversation.objects.get().pk}/" not in page
