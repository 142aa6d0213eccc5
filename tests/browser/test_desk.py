"""How a team arranges its desk and works on many conversations, in a real browser."""

import pytest
from playwright.sync_api import expect

from balai.inbox import services
from balai.inbox.tests.talking import fresh, hear, make_line
from balai.people.tests.make import make_institution, make_member
from tests.browser.browsing import PHONE, assert_accessible, assert_fits, assert_touchable

QUEUE = "/kotak-masuk/"


@pytest.fixture
def line(db):
    return make_line(make_institution(slug="contoh", is_sample=True), name="Papan kota")


@pytest.fixture
def head(line):
    return make_member(line.institution, "responder", "case_coordinator", name="Siti Rahma")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, None], ids=["phone", "desk"])
def test_every_page_of_the_desk_is_accessible_and_fits(page_of, line, head, scheme, viewport):
    talk = hear(line, "Air masuk rumah " + "x" * 200, intent="complaint")
    for n, colour in enumerate(("neutral", "info", "ok", "soon", "urgent", "danger")):
        made = services.add_label(line.institution, name=f"Label {n}", colour=colour, by=head)
        services.put_labels(talk, by=head, add=[made])
    services.save_view(by=head, name="Semua keluhan" + "x" * 20, filters={"view": "all"})
    page = page_of(head, color_scheme=scheme, **({"viewport": viewport} if viewport else {}))
    for path in (QUEUE, f"{QUEUE}label/", f"{QUEUE}label/tambah/", f"{QUEUE}tampilan/",
                 f"{QUEUE}tampilan/simpan/?view=mine", f"{QUEUE}{talk.pk}/"):  # fmt: skip
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
        assert_touchable(page)
    page.goto(QUEUE)
    page.locator(".pick").first.check()
    page.evaluate("scrollTo(0, 0)")
    assert_accessible(page)
    assert_fits(page)
    page.locator("#bulk button[value=set_aside]").click()
    assert_accessible(page)
    assert_fits(page)
    assert_touchable(page)
    page.locator("main form button").click()
    expect(page.locator("h2")).to_contain_text("1 percakapan")
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("with_script", [True, False])
def test_ticked_rows_are_worked_on_together_with_and_without_script(
    page_of, line, head, with_script
):
    talks = [hear(line, f"pesan {n}") for n in range(3)]
    page = page_of(head, java_script_enabled=with_script)
    page.goto(QUEUE)
    expect(page.locator("#bulk")).to_be_hidden()
    for talk in talks[:2]:
        page.locator(f"#c{talk.pk} .pick").check()
    page.locator("#bulk button[value=assign]").click()
    page.locator("#id_to").select_option(label="Siti Rahma")
    page.locator("main form button").click()
    expect(page.locator(".banner.is-ok")).to_contain_text("2 percakapan")
    page.get_by_role("link", name="Kembali ke antrean").click()
    page.wait_for_url(f"**{QUEUE}?view=open")
    assert [fresh(talk).assignee for talk in talks] == [head, head, None]


def test_a_ticked_row_stays_ticked_when_its_conversation_moves(page_of, line, head):
    talk = hear(line, "pesan")
    page = page_of(head)
    page.clock.install()
    page.goto(QUEUE)
    page.locator(".pick").check()
    services.assign(talk, by=head, to=head)
    page.clock.run_for(16_000)
    expect(page.locator(f"#c{talk.pk}")).to_contain_text("saya")
    expect(page.locator(".pick")).to_be_checked()


def test_a_colleague_sees_who_is_writing_before_writing_the_same(page_of, line, head):
    talk = hear(line, "pesan")
    colleague = make_member(line.institution, "responder", name="Budi Santoso")
    writes, reads = page_of(head), page_of(colleague)
    writes.goto(f"{QUEUE}{talk.pk}/")
    with writes.expect_response(f"**{QUEUE}{talk.pk}/hadir/"):
        writes.locator("#id_text").fill("Kami")
    reads.goto(f"{QUEUE}{talk.pk}/")
    expect(reads.locator("balai-present")).to_contain_text("Siti Rahma sedang menulis jawaban")
    assert_accessible(reads)
    writes.locator("#id_text").fill("")
    expect(writes.locator("balai-present")).to_contain_text("Budi Santoso juga sedang membaca")


def test_the_keys_tick_and_assign_are_listed_and_can_be_turned_off(page_of, line, head):
    first, second = hear(line, "satu"), hear(line, "dua")
    page = page_of(head)
    page.goto(QUEUE)
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    assert page.locator(".pick:checked").count() == 2
    page.keyboard.press("a")
    expect(page.locator(".checks input:checked")).to_have_count(2)
    page.goto(f"{QUEUE}{first.pk}/")
    page.keyboard.press("l")
    expect(page.locator("details[data-key=l]")).to_have_attribute("open", "")
    page.keyboard.press("?")
    assert_accessible(page)
    page.get_by_label("Tombol tunggal aktif").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("]")
    page.reload()
    page.keyboard.press("r")
    assert page.url.endswith(f"{QUEUE}{first.pk}/")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.locator(".keys-help summary").click()
    page.get_by_label("Tombol tunggal aktif").check()
    page.keyboard.press("Escape")
    page.keyboard.press("]")
    page.wait_for_url(f"**{QUEUE}{second.pk}/")
