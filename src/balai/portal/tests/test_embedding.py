"""Frames on other people's pages: no cookie, no script, and only the visitor's own letter."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from balai.channels.models import Connection, Parcel
from balai.people.tests.make import make_institution
from balai.portal.tests.make import make_day, make_upkeep


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    with translation.override("id"):
        yield
    cache.clear()


@pytest.fixture
def city(db):
    city = make_institution("Kota Contoh")
    Connection.objects.create(institution=city, channel="webform", name="F", address="a")
    make_upkeep(city)
    make_day(city, taken_in=40, answered=36, timed=36, met=27)
    return city


def ticket_of(page):
    return re.search(r'name="ticket" value="([^"]+)"', page.content.decode())[1]


@pytest.mark.parametrize("part", ["angka", "tulis"])
def test_a_frame_may_stand_anywhere_sets_no_cookie_and_runs_no_script(client, city, part):
    for _ in range(2):  # drawn, and from memory
        answer = client.get(f"/sisip/{city.slug}/{part}/")
        assert answer.status_code == 200
        assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer.headers
        assert not answer.cookies
        assert "<script" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/cek-akun/", "/cek-akun/lapor/", "/sisip/", "/data/"])
def test_every_other_page_may_stand_in_no_frame(client, city, path):
    answer = client.get(path)
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_line_to_copy_names_this_site(client, city):
    page = client.get("/sisip/").content.decode()
    assert f"&lt;iframe src=&quot;http://testserver/sisip/{city.slug}/tulis/" in page.replace(
        'src="', "src=&quot;"
    )


def test_a_letter_in_a_frame_is_kept_without_any_cookie(city):
    visitor = Client(enforce_csrf_checks=True)
    address = f"/sisip/{city.slug}/tulis/"
    ticket = ticket_of(visitor.get(address))
    said = {"text": "Lampu mati", "consent": "on", "ticket": ticket}
    first = visitor.post(address, said).content.decode()
    again = visitor.post(address, said).content.decode()  # an impatient finger
    assert Parcel.objects.exists()
    assert re.findall(r"/status/[\w-]+/", first) == re.findall(r"/status/[\w-]+/", again) != []


def test_a_ticket_of_another_visitor_or_none_keeps_nothing_and_the_words_stay(client, city):
    address = f"/sisip/{city.slug}/tulis/"
    ticket = ticket_of(client.get(address, REMOTE_ADDR="203.0.113.9"))
    for wrong in (ticket, "", "x:y:z"):
        said = {"text": "Lampu mati", "consent": "on", "ticket": wrong}
        answer = client.post(address, said, REMOTE_ADDR="198.51.100.7")
        assert answer.status_code == 422
        assert "Lampu mati" in answer.content.decode()
    assert not Parcel.objects.exists()


def test_without_consent_nothing_is_kept(client, city):
    address = f"/sisip/{city.slug}/tulis/"
    said = {"text": "Lampu mati", "ticket": ticket_of(client.get(address))}
    assert client.post(address, said).status_code == 422
    assert not Parcel.objects.exists()


def test_letters_from_one_place_are_limited(client, city):
    address = f"/sisip/{city.slug}/tulis/"
    answers = []
    for number in range(7):
        said = {
            "text": f"Surat {number}",
            "consent": "on",
            "ticket": ticket_of(client.get(address)),
        }
        answers.append(client.post(address, said).status_code)
    assert answers[0] == 200
    assert answers[-1] == 429


def test_a_closed_form_is_in_no_frame(client, city):
    Connection.objects.update(state=Connection.State.PAUSED)
    assert client.get(f"/sisip/{city.slug}/tulis/").status_code == 404
