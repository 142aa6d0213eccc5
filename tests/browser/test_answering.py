"""Writing an answer in a real browser: drafts that survive, the library, also without script."""

import pytest
from playwright.sync_api import expect

from balai.inbox import services
from balai.inbox.models import Draft, Message
from balai.inbox.tests.talking import came_to, hear, make_line, say
from balai.library.tests.make import make_article
from balai.people.tests.make import make_institution, make_member
from tests.browser.browsing import PHONE, assert_accessible, assert_fits, assert_touchable
from tests.browser.conftest import sign_in


@pytest.fixture
def line(db):
    return make_line(make_institution(slug="contoh", is_sample=True), name="Papan kota")


@pytest.fixture
def officer(line):
    return make_member(line.institution, "responder", "editor", "system_admin", name="Siti Rahma")


@pytest.fixture
def talk(line):
    return hear(line, "Lampu jalan mati", intent="complaint")


def test_what_is_written_is_kept_by_itself_and_through_a_lost_network(page_of, talk, officer):
    page = page_of(officer)
    page.goto(f"/kotak-masuk/{talk.pk}/")
    page.locator("#id_text").fill("Halo, kami datang besok.")
    expect(page.locator("balai-draft")).to_contain_text("Rancangan disimpan")
    page.context.set_offline(True)
    page.locator("#id_text").fill("Halo, kami datang besok pagi.")
    expect(page.locator("balai-draft")).to_contain_text("Belum tersimpan")
    page.context.set_offline(False)
    expect(page.locator("balai-draft")).to_contain_text("Rancangan disimpan")
    assert Draft.objects.get().text == "Halo, kami datang besok pagi."
    page.goto("/kotak-masuk/")
    page.goto(f"/kotak-masuk/{talk.pk}/")
    expect(page.locator("#id_text")).to_have_value("Halo, kami datang besok pagi.")


def test_an_article_is_searched_while_typing_and_inserted(page_of, line, talk, officer):
    make_article(line.institution)
    page = page_of(officer)
    page.goto(f"/kotak-masuk/{talk.pk}/")
    page.locator("#id_text").fill("Selamat pagi.")
    page.locator("#library > summary").click()
    page.locator("#library-words").press_sequentially("lampu")
    page.get_by_role("button", name="Sisipkan").click()
    expect(page.locator("#id_text")).to_have_value(
        "Selamat pagi.\n\nYth. Bapak/Ibu, lampu jalan kami periksa dalam dua hari kerja. "
        "Hormat kami, Kota Contoh\n(Peraturan Bupati 12/2025, https://contoh.test/perbup-12)"
    )


def test_enter_in_the_search_of_the_library_sends_nothing_and_needs_no_script(
    new_context, site, line, talk, officer
):
    make_article(line.institution)
    context = new_context(java_script_enabled=False)
    sign_in(context, officer, site)
    page = context.new_page()
    page.goto(f"/kotak-masuk/{talk.pk}/")
    page.locator("#id_text").fill("Selamat pagi.")
    page.locator("#library > summary").click()
    page.locator("#library-words").fill("lampu")
    page.locator("#library-words").press("Enter")
    expect(page.locator("#id_text")).to_have_value("Selamat pagi.")
    page.get_by_role("button", name="Sisipkan").click()
    assert not Message.objects.filter(direction="out").exists()
    assert Draft.objects.get().text.startswith("Selamat pagi.\n\nYth.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, None], ids=["phone", "desk"])
def test_the_pages_of_answering_are_accessible_and_fit(
    page_of, line, talk, officer, scheme, viewport
):
    article = make_article(line.institution)
    draft = make_article(line.institution, in_force=False, by=officer, title="x" * 120)
    before = hear(line, "Lampu jalan mati di gang, tolong")
    answered = say(before, officer)
    came_to(answered, "out")
    services.note_delivery(answered)
    services.save_draft(talk, text="Sehubungan dengan laporan, DPUPR.", by=officer)
    page = page_of(officer, color_scheme=scheme, **({"viewport": viewport} if viewport else {}))
    for path in (
        f"/kotak-masuk/{talk.pk}/?words=",
        "/kotak-masuk/gaya-jawaban/",
        "/pustaka/",
        "/pustaka/?q=zzz",
        "/pustaka/tulis/",
        f"/pustaka/{article.pk}/",
        f"/pustaka/{draft.pk}/",
        f"/pustaka/{article.pk}/ubah/",
    ):
        page.goto(path)
        for fold in page.locator("main details:not([open]) > summary").all():
            if fold.is_visible():
                fold.click()
        page.evaluate("scrollTo(0, 0)")
        assert_accessible(page)
        assert_fits(page)
        assert_touchable(page)
