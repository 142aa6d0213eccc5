"""The public side in a real browser: light, legible on a small telephone, whole without scripts."""

import pytest
from playwright.sync_api import Page, Request, expect

from balai.analytics.models import Dimension
from balai.channels.models import Connection
from balai.library.tests.make import make_article
from balai.people.tests.make import make_institution
from balai.portal.tests.make import make_day, make_upkeep
from balai.registry.tests.make import make_account
from tests.browser.browsing import PHONE, assert_accessible, assert_fits, assert_touchable

MOST_BYTES, MOST_REQUESTS = 200_000, 15


@pytest.fixture
def city(transactional_db):
    city = make_institution("Kota Contoh", slug="kota-contoh")
    Connection.objects.create(institution=city, channel="webform", name="F", address="a")
    make_account(city, channel="x", handle="@kotacontoh", url="https://x.example/kotacontoh")
    make_article(city, "Bawa KTP lama ke kantor.", title="KTP rusak", is_public=True)
    make_upkeep(city)
    make_day(city, taken_in=40, answered=36, timed=36, met=27, waiting=9)
    for key, n in (("webform", 33), ("mastodon", 7)):
        make_day(city, dimension=Dimension.CHANNEL, key=key, taken_in=n, answered=n)
    return city


PAGES = (
    "/", "/cek-akun/?akun=@palsu", "/cek-akun/lapor/", "/data/kota-contoh/kanal/", "/sisip/",
    "/sisip/kota-contoh/tulis/", "/api/v1/",
)  # fmt: skip


def requests_of(page: Page) -> list[Request]:
    """What the page fetches from now on."""
    seen: list[Request] = []
    page.on("requestfinished", lambda one: seen.append(one))
    return seen


def test_every_public_page_fits_a_small_telephone_is_accessible_and_light(city, new_context):
    context = new_context(viewport=PHONE)
    for path in PAGES:
        page = context.new_page()
        seen = requests_of(page)
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
        assert_touchable(page)
        assert len(seen) < MOST_REQUESTS, path
        assert sum(one.sizes()["responseBodySize"] for one in seen) < MOST_BYTES, path
        page.close()


def test_without_scripts_a_citizen_checks_an_account_and_reports_a_false_one(city, new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/")
    page.get_by_role("link", name="Periksa akun lain").click()
    page.get_by_label("Alamat atau nama akun").fill("https://x.com/kotacontoh_palsu")
    page.get_by_role("button", name="Periksa").click()
    expect(page.get_by_text("bukan milik kami")).to_be_visible()
    page.get_by_role("link", name="mengatasnamakan kami? Laporkan").click()
    page.get_by_role("button", name="Laporkan").click()
    expect(page.get_by_role("heading", name="Terima kasih")).to_be_visible()


def test_text_only_is_chosen_and_left_again(city, page):
    page.goto("/")
    page.get_by_role("link", name="teks saja").click()
    assert page.locator("svg, img, script, link").count() == 0
    assert_accessible(page)
    page.get_by_role("link", name="Halaman ini dengan tampilan").click()
    assert page.locator("link[rel=stylesheet]").count() == 1
