"""The pages of the registry: the list, the steps of an account's life, and their refusals."""

import pytest
from django.utils import translation

from balai.people.tests.make import make_institution, make_member
from balai.registry.models import OfficialAccount
from balai.registry.steps import STEPS
from balai.registry.tests.make import make_account

State = OfficialAccount.State


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def city(db):
    return make_institution(is_sample=True)


@pytest.fixture
def keeper(city, client):
    member = make_member(city, "channel_admin", "head_of_pr", name="Siti")
    client.force_login(member.user)
    return member


def test_the_list_shows_every_state_with_its_count_and_filters(client, keeper, city):
    make_account(city, "active", handle="@satu")
    make_account(city, "retired", handle="@dua")
    everything = client.get("/akun-resmi/").content.decode()
    assert "@satu" in everything
    assert "@dua" in everything
    assert "@dua" not in client.get("/akun-resmi/?status=active").content.decode()


@pytest.mark.parametrize("state", [state.value for state in State])
def test_every_state_has_a_page_that_offers_only_steps_that_can_be_taken(
    client, keeper, city, state
):
    account = make_account(city, state)
    page = client.get(f"/akun-resmi/{account.pk}/").content.decode()
    for step in STEPS:
        address = f"/akun-resmi/{account.pk}/{step.slug}/"
        offered = step.is_open_to(keeper, account)
        assert (address in page) == offered
        assert client.get(address).status_code == (200 if offered else 404)


def test_whoever_requested_cannot_approve_and_reads_why(client, keeper, city):
    account = make_account(city, "requested", platform_user_id="", requested_by=keeper)
    answer = client.post(f"/akun-resmi/{account.pk}/setujui/")
    assert answer.status_code == 403
    assert "dua pasang mata" in answer.content.decode()
    account.refresh_from_db()
    assert account.state == State.REQUESTED


def test_opening_a_step_takes_nothing(client, keeper, city):
    account = make_account(city, "verified")
    client.get(f"/akun-resmi/{account.pk}/aktifkan/")
    account.refresh_from_db()
    assert account.state == State.VERIFIED
    client.post(f"/akun-resmi/{account.pk}/aktifkan/")
    account.refresh_from_db()
    assert account.state == State.ACTIVE


def test_a_reason_that_is_missing_is_a_problem_and_the_account_stays(client, keeper, city):
    account = make_account(city, "active")
    page = client.post(f"/akun-resmi/{account.pk}/tutup/", {"reason": " "}).content.decode()
    assert "data-error-summary" in page
    account.refresh_from_db()
    assert account.state == State.ACTIVE


def test_what_the_verb_refuses_stands_in_the_form(client, keeper, city):
    account = make_account(city, "active", "x")
    sent = {
        "channel": account.channel, "handle": account.handle, "kind": "institution",
        "owner_unit": account.owner_unit_id, "first_contact": account.first_contact_id,
        "second_contact": account.second_contact_id,
    }  # fmt: skip
    page = client.post("/akun-resmi/ajukan/", sent).content.decode()
    assert "sudah ada dalam daftar" in page


def test_an_account_of_another_institution_is_not_there(client, keeper):
    account = make_account(make_institution("Kabupaten Lain"), "active")
    assert client.get(f"/akun-resmi/{account.pk}/").status_code == 404
    assert client.post(f"/akun-resmi/{account.pk}/tutup/", {"reason": "x"}).status_code == 404


def test_a_contact_who_left_is_named(client, keeper, city):
    account = make_account(city, "active")
    contact = account.first_contact
    contact.left_at = contact.joined_at
    contact.save()
    assert "Narahubung 1 akun" in client.get("/akun-resmi/").content.decode()
    assert "Serahkan akun" in client.get(f"/akun-resmi/{account.pk}/").content.decode()
