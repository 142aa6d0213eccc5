"""The pages of the house itself, without a browser: the door, the first run, language, look."""

import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from balai.channels.models import Connection
from balai.config import settings as settings_module
from balai.people.models import Institution, Member
from balai.people.tests.make import PASSWORD, make_institution, make_member
from balai.registry.tests.make import make_account

CSS = Path(settings_module.__file__).parent / "static" / "balai" / "balai.css"
BEGIN = {
    "name": "Pemerintah Desa Sukamaju",
    "kind": "village",
    "zone": "Asia/Makassar",
    "admin_name": "Budi",
    "admin_email": "Budi@Sukamaju.example",
    "admin_password": PASSWORD,
}


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


def test_the_first_run_founds_the_institution_and_signs_its_founder_in(client, db):
    assert client.get("/").headers["Location"] == "/mulai/"
    answer = client.post("/mulai/", BEGIN)
    founder = Member.objects.get()
    assert answer.status_code == 302
    assert founder.institution.zone == "Asia/Makassar"
    assert founder.user.email == "budi@sukamaju.example"
    assert client.session["_auth_user_id"] == str(founder.user.pk)


def test_the_first_run_refuses_once_there_is_an_institution(client, db):
    make_institution()
    for answer in (client.get("/mulai/"), client.post("/mulai/", BEGIN)):
        assert answer.status_code == 403
    assert Institution.objects.count() == 1
    assert "sudah dimulai" in client.get("/mulai/").content.decode()


def test_the_first_run_says_all_that_is_wrong_and_keeps_nothing(client, db):
    answer = client.post("/mulai/", {**BEGIN, "admin_password": "pendek", "admin_email": "x"})
    assert "data-error-summary" in answer.content.decode()
    assert client.post("/mulai/", {**BEGIN, "admin_password": "1234"}).status_code == 200
    assert Institution.objects.count() == 0


def test_a_citizen_reads_how_to_write_and_which_accounts_are_real(client, db):
    office = make_institution("Kota Contoh")
    make_account(office, "active", handle="@asli")
    make_account(office, "compromised", handle="@dibajak")
    page = client.get("/").content.decode()
    assert "@asli" in page
    assert "@dibajak" not in page
    assert f'href="/tulis/{office.slug}/"' not in page
    cache.clear()  # the page is drawn anew each minute
    Connection.objects.create(institution=office, channel="webform", name="Formulir", address="a")
    assert f'href="/tulis/{office.slug}/"' in client.get("/").content.decode()


def test_the_citizens_page_sets_no_cookie(client, db):
    make_institution()
    assert not client.get("/").cookies


def test_a_member_goes_to_the_first_room(client, db):
    member = make_member(make_institution(), "responder")
    client.force_login(member.user)
    assert client.get("/").headers["Location"] == "/kotak-masuk/"


def test_the_browsers_wish_for_english_is_no_choice_but_a_cookie_is(client, db):
    make_institution()
    page = client.get("/masuk/login/", headers={"Accept-Language": "en-US,en"})
    assert '<html lang="id">' in page.content.decode()
    client.post("/bahasa/", {"language": "en", "next": "/masuk/login/"})
    page = client.get("/masuk/login/")
    assert '<html lang="en">' in page.content.decode()
    assert page.headers["Content-Language"] == "en"


@pytest.mark.parametrize("code", ["xx", "en'; --", ""])
def test_a_language_that_we_do_not_speak_changes_nothing(client, db, code):
    make_institution()
    client.cookies["django_language"] = code
    assert '<html lang="id">' in client.get("/masuk/login/").content.decode()


def test_the_look_is_chosen_and_never_leads_to_another_site(client, db):
    make_institution()
    answer = client.post("/tampilan/", {"theme": "dark", "next": "https://lain.example/"})
    assert answer.headers["Location"] == "/"
    assert 'data-theme="dark"' in client.get("/").content.decode()
    client.post("/tampilan/", {"theme": "pink"})
    assert "data-theme" not in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/", "/masuk/login/", "/tidak-ada/"])
def test_no_page_carries_an_inline_style_or_script(client, db, path):
    make_institution()
    page = client.get(path).content.decode()
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)


def test_a_form_that_lost_its_token_says_so_in_words(db):
    make_institution()
    answer = Client(enforce_csrf_checks=True).post("/masuk/login/", {})
    assert answer.status_code == 403
    assert "terlalu lama terbuka" in answer.content.decode()


def test_both_dark_blocks_of_the_stylesheet_say_the_same():
    css = CSS.read_text()
    wish = re.search(r':root:not\(\[data-theme="light"\]\) \{(.*?)\}', css, re.DOTALL)
    choice = re.search(r':root\[data-theme="dark"\] \{(.*?)\}', css, re.DOTALL)
    assert wish
    assert choice
    assert wish[1].split() == choice[1].split()


def test_the_stylesheet_asks_no_other_host():
    assert "url(" not in CSS.read_text()
    assert "@import" not in CSS.read_text()
