"""The pages of publishing in a real browser: fit, accessible, with and without script."""

import pytest
from playwright.sync_api import expect

from balai.ground.clock import now
from balai.people.tests.make import make_institution, make_member
from balai.publishing import services
from balai.publishing.models import Variant
from balai.publishing.tests.make import make_item, make_line, make_objective, only
from tests.browser.browsing import PHONE, assert_accessible, assert_fits, assert_touchable


@pytest.fixture
def city(db):
    return make_institution(slug="contoh", is_sample=True)


@pytest.fixture
def editor(city):
    return make_member(city, "editor", "head_of_pr", name="Galih Tirtayasa")


@pytest.mark.parametrize("viewport", [PHONE, None], ids=["phone", "desk"])
def test_every_page_of_publishing_is_accessible_and_fits(page_of, city, editor, viewport):
    line = make_line(city)
    waiting = make_item(city, line.account, text="Kata " + "x" * 200, state="in_review")
    out = make_item(city, state="published", title="Judul " + "y" * 90)
    Variant.objects.filter(item=out).update(published_at=now())
    services.correct(
        out, words="Harinya keliru.", texts={only(out).pk: "Kata benar. Silakan datang."},
        noticed_at=now(), by=editor,
    )  # fmt: skip
    page = page_of(editor, **({"viewport": viewport} if viewport else {}))
    for path in ("/publikasi/", "/publikasi/?kelompok=out", "/publikasi/kalender/",
                 "/publikasi/sasaran/", "/publikasi/tulis/", f"/publikasi/{waiting.pk}/",
                 f"/publikasi/{waiting.pk}/ubah/", f"/publikasi/{out.pk}/",
                 f"/publikasi/{out.pk}/ralat/", f"/publikasi/{out.pk}/tarik/",
                 "/kabar/contoh/", f"/kabar/contoh/{out.pk}/", "/ralat/contoh/"):  # fmt: skip
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
        assert_touchable(page)


@pytest.mark.parametrize("with_script", [True, False])
def test_a_post_is_written_and_given_to_review(page_of, city, with_script):
    make_objective(city)
    writer = make_member(city, "content_creator", name="Nilam Asrika")
    page = page_of(writer, java_script_enabled=with_script)
    page.goto("/publikasi/tulis/")
    page.get_by_label("Judul", exact=True).fill("Pasar murah")
    page.get_by_label("Untuk apa").or_(page.get_by_label("Tujuannya")).select_option(
        label="Informasi layanan"
    )
    page.get_by_label("Sasaran").select_option(label="Rekam KTP sampai ke desa")
    page.get_by_label("Untuk siapa").fill("Warga desa")
    page.get_by_label("Laman kita sendiri").fill("Pasar murah hari Rabu. Silakan datang.")
    if with_script:
        expect(page.locator("#seen")).to_contain_text("Pasar murah hari Rabu")
    else:
        page.get_by_role("button", name="Lihat pratinjau").click()
        expect(page.locator("#seen")).to_contain_text("Pasar murah hari Rabu")
    page.get_by_role("button", name="Simpan sebagai").click()
    page.get_by_role("button", name="Serahkan untuk ditinjau").click()
    expect(page.locator(".badge", has_text="Ditinjau")).to_be_visible()
