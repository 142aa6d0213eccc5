"""The front page: figures, ways to us, kept for everybody and for nobody else's eyes."""

import re

import pytest
from django.core.cache import cache
from django.utils import translation

from balai.analytics.models import Dimension
from balai.channels.models import Connection
from balai.library.tests.make import make_article
from balai.people.tests.make import make_institution, make_member
from balai.portal.tests.make import make_day, make_upkeep
from balai.registry.tests.make import make_account


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    with translation.override("id"):
        yield
    cache.clear()


@pytest.fixture
def city(db):
    return make_institution("Kota Contoh")


def text_of(client, path="/"):
    return client.get(path).content.decode()


def test_before_the_first_run_the_front_page_leads_to_it(client, db):
    assert client.get("/").headers["Location"] == "/mulai/"


def test_figures_stand_on_the_front_page_and_few_cases_are_not_told(client, city):
    make_upkeep(city)
    make_day(city, taken_in=40, answered=36, timed=36, met=27, waiting=3)
    make_day(city, dimension=Dimension.CHANNEL, key="webform", taken_in=37, answered=34)
    make_day(city, dimension=Dimension.CHANNEL, key="mastodon", taken_in=3, answered=2)
    page = text_of(client)
    assert "75,0 %" in page
    assert "dari 36 tenggat" in page
    assert "kurang dari 5" in page
    row = re.search(r"<tr>\s*<th scope=\"row\">Mastodon.*?</tr>", page, re.DOTALL)[0]
    assert not re.search(r">\s*[0-9]+\s*<", row)
    other = re.search(r"<tr>\s*<th scope=\"row\">(?!Mastodon).*?</tr>", page, re.DOTALL)[0]
    assert "37" not in other  # else the two of a total of 40 give the three away


def test_an_office_that_nobody_asked_says_so_and_shows_no_figure(client, city):
    make_upkeep(city)
    page = text_of(client)
    assert "tidak ada angka" in page
    assert "figure-number" not in page


def test_a_page_is_drawn_once_and_then_given_from_memory(client, city, django_assert_num_queries):
    first = client.get("/")
    with django_assert_num_queries(0):
        second = client.get("/")
        unchanged = client.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert first.content == second.content
    assert unchanged.status_code == 304
    assert not unchanged.content
    assert unchanged.headers["ETag"] == first.headers["ETag"]
    assert "public" in first.headers["Cache-Control"]
    assert "Cookie" in first.headers["Vary"]
    assert not first.cookies


def test_what_one_reader_brings_is_never_kept_for_the_next(client, city):
    client.get("/?x=evil")
    assert "evil" not in text_of(client, "/")
    member = make_member(city, "responder", name="Siti Petugas")
    client.force_login(member.user)
    page = client.get("/cek-akun/")
    assert "Siti Petugas" in page.content.decode()
    assert "private" in page.headers["Cache-Control"]
    client.logout()
    assert "Siti Petugas" not in text_of(client, "/cek-akun/")


def test_languages_and_looks_are_kept_apart(client, city):
    client.get("/")
    client.cookies["django_language"] = "en"
    assert '<html lang="en">' in text_of(client)
    client.cookies["balai_theme"] = "dark"
    assert 'data-theme="dark"' in text_of(client)
    client.cookies.clear()
    assert '<html lang="id">' in text_of(client)
    assert "data-theme" not in text_of(client)


def test_text_only_has_no_style_script_or_picture_and_is_small(client, city):
    chosen = client.get("/cek-akun/?teks=1")  # on any page, for all of them
    assert chosen.headers["Location"] == "/cek-akun/"
    page = client.get("/")
    text = page.content.decode()
    assert not re.search(r"<(script|link|svg|img|style)\b", text)
    assert len(page.content) < 20_000
    assert "Kota Contoh" in text
    client.get("/?teks=0")
    assert "<link" in text_of(client)


def test_a_page_is_light(client, city):
    make_account(city, "active")
    assert len(client.get("/").content) < 40_000


def test_a_public_article_is_read_by_everybody_and_another_by_nobody(client, city):
    make_article(city, "Bawa KTP lama ke kantor.", title="KTP rusak", is_public=True)
    make_article(city, title="Hanya untuk petugas")
    make_article(city, "Belum.", title="Masih konsep", is_public=True, in_force=False)
    for path in ("/", f"/tanya-jawab/{city.slug}/", "/tanya-jawab/"):
        cache.clear()
        page = text_of(client, path)
        assert "KTP rusak" in page
        assert "Hanya untuk petugas" not in page
        assert "Masih konsep" not in page


def test_each_institution_has_a_front_page_of_its_own(client, city):
    other = make_institution("Desa Lain")
    make_account(other, "active", handle="@desalain")
    Connection.objects.create(institution=other, channel="webform", name="F", address="a")
    page = text_of(client, f"/publik/{other.slug}/")
    assert "@desalain" in page
    assert f"/tulis/{other.slug}/" in page
    assert "@desalain" not in text_of(client, "/")
    assert client.get("/publik/tidak-ada/").status_code == 404


def test_a_front_page_only_reads(client, city):
    assert client.post(f"/publik/{city.slug}/").status_code == 405
