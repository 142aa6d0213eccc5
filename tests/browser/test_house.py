"""The pages of the house itself: the door, signing in, the gallery, errors, language and look."""

import re

import pytest

from balai.people.tests.make import PASSWORD, make_institution, make_member
from tests.browser.browsing import PHONE, assert_accessible, assert_fits, assert_touchable

ANONYMOUS = ["/", "/masuk/login/", "/masuk/password/reset/", "/masuk/signup/", "/no-such-page/"]
SIGNED_IN = ["/galeri/", "/masuk/2fa/", "/masuk/sessions/", "/masuk/password/change/"]


@pytest.fixture
def member(db):
    return make_member(make_institution("Kota Contoh"), "system_admin", password=PASSWORD)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_open_page_is_accessible_and_fits_a_small_phone(site, new_context, scheme, member):
    for viewport in (PHONE, None):
        options = {"viewport": viewport} if viewport else {}
        page = new_context(color_scheme=scheme, **options).new_page()
        for path in ANONYMOUS:
            page.goto(path)
            assert_accessible(page)
            assert_fits(page)
            assert_touchable(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_a_member_is_accessible_and_fits_a_small_phone(page_of, scheme, member):
    for viewport in (PHONE, None):
        options = {"viewport": viewport} if viewport else {}
        page = page_of(member, color_scheme=scheme, **options)
        for path in SIGNED_IN:
            page.goto(path)
            assert_accessible(page)
            assert_fits(page)
            assert_touchable(page)


def test_a_member_signs_in_with_the_keyboard_alone(page, member):
    page.goto("/masuk/login/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(member.user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("^(?!.*login)"))
    assert page.locator("summary .visually-hidden").count() == 1


def test_a_wrong_password_is_said_at_the_top_and_the_reader_is_taken_there(page, member):
    page.goto("/masuk/login/")
    page.get_by_label("Surel").fill(member.user.email)
    page.locator("input[type=password]").fill("salah-sekali")
    page.keyboard.press("Enter")
    summary = page.locator("[data-error-summary]")
    summary.wait_for()
    assert summary.evaluate("e => e === document.activeElement")
    assert page.title().startswith("Masalah: ")


def test_a_member_signs_in_and_out_without_javascript(new_context, member):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/masuk/login/")
    page.get_by_label("Surel").fill(member.user.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.locator("header.bar details.drop > summary").click()
    page.get_by_role("button", name="Keluar").click()
    page.get_by_role("link", name="Masuk", exact=True).wait_for()


def test_the_page_speaks_indonesian_until_the_reader_chooses_english(new_context, member):
    page = new_context(locale="en-US").new_page()
    page.goto("/masuk/login/")
    assert page.locator("html").get_attribute("lang") == "id"
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("heading", level=1).inner_text() == "Sign in"
    page.get_by_role("button", name="Bahasa Indonesia").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Masuk"


def test_the_reader_chooses_dark_and_it_stays(page_of, member):
    page = page_of(member, java_script_enabled=False)
    page.goto("/galeri/")
    page.locator("header.bar details.drop > summary").click()
    page.get_by_role("button", name="Gelap").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.goto("/masuk/2fa/")
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_escape_closes_a_menu_and_returns_to_its_button(page_of, member):
    page = page_of(member)
    page.goto("/galeri/")
    menu = page.locator("header.bar details.drop")
    menu.locator("summary").click()
    assert menu.evaluate("e => e.open")
    page.keyboard.press("Escape")
    assert not menu.evaluate("e => e.open")
    assert menu.locator("summary").evaluate("e => e === document.activeElement")


def test_a_single_key_works_outside_a_field_and_is_left_alone_inside_one(page_of, member):
    page = page_of(member)
    page.goto("/galeri/")
    page.keyboard.press("/")
    field = page.get_by_label("Cari", exact=True)
    assert field.evaluate("e => e === document.activeElement")
    page.keyboard.type("a/b?")
    assert field.input_value() == "a/b?"


def test_the_gallery_needs_a_signature(page, member):
    page.goto("/galeri/")
    assert "/masuk/login/" in page.url
