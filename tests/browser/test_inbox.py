"""The inbox in a real browser: by keyboard, live, without script, on the smallest screen."""

import pytest
from playwright.sync_api import Page, expect

from balai.channels.models import Dispatch, Parcel
from balai.ground.clock import now
from balai.inbox import services
from balai.inbox.models import Conversation, Message
from balai.inbox.tests.talking import came_to, hear, make_line, say
from balai.people.tests.make import make_institution, make_member
from tests.browser.browsing import PHONE, assert_accessible, assert_fits, assert_touchable

QUEUE = "/kotak-masuk/"
LONG = "x" * 300 + " Lampu jalan di depan SD mati tiga malam \u202e😡"


@pytest.fixture
def line(db):
    return make_line(make_institution(slug="contoh", is_sample=True), name="Papan kota")


@pytest.fixture
def officer(line):
    return make_member(line.institution, "responder", "channel_admin", name="Siti Rahma")


@pytest.fixture
def talk(line, officer):
    reading = {
        "model": "rules-1",
        "intent": {"value": "complaint", "p": 0.9},
        "personal_data": [{"kind": "nik", "start": 0, "end": 3}],
        "because": {"intent": ["word: mati"]},
    }
    found = hear(
        line, LONG, intent="complaint", priority=2, reading=__import__("json").dumps(reading)
    )
    services.write_note(found, text="sudah ditelepon", by=officer)
    came_to(say(found, officer), "unknown", looks_made=12, note="the line broke")
    return found


class Stream:
    """Stands for the live stream: says `moved` when the test lets it."""

    def __init__(self, page: Page) -> None:
        self.ids: list[int] = []
        page.route("**/live/inbox/", self._answer)

    def _answer(self, route) -> None:
        ids, self.ids = self.ids, []
        event = f"event: moved\ndata: {ids}\n\n" if ids else ""
        route.fulfill(content_type="text/event-stream", body=f"retry: 100\n\n{event}")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.id || document.activeElement.className")


def test_an_officer_answers_with_the_keyboard_alone_and_goes_on_to_the_next(page_of, line, officer):
    second, first = hear(line, "Kapan buka?"), hear(line, "Lampu mati", priority=1)
    page = page_of(officer)
    page.goto(QUEUE)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{QUEUE}{first.pk}/**")
    page.keyboard.press("r")
    page.keyboard.type("Kami periksa hari ini. jk/?")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Batalkan")).to_be_visible()
    assert Message.objects.get(direction="out").text == "Kami periksa hari ini. jk/?"
    page.locator("h1").click()
    page.keyboard.press("]")
    page.wait_for_url(f"**{QUEUE}{second.pk}/**")
    page.keyboard.press("u")
    page.wait_for_url(f"**{QUEUE}")


def test_a_message_that_lands_appears_in_the_open_queue_and_is_said(page_of, line, officer):
    old = hear(line, "lama")
    page = page_of(officer)
    stream = Stream(page)
    page.goto(QUEUE)
    page.locator(f"#c{old.pk} .row-title").focus()
    new = hear(line, "baru saja")
    stream.ids = [new.pk]
    expect(page.locator(f"#c{new.pk}")).to_contain_text("baru saja")
    expect(page.locator("balai-live > [role=status]")).to_have_text("Kotak masuk berubah.")
    expect(page.locator(".tabs [aria-current] .count")).to_have_text("2")
    assert page.evaluate("document.activeElement.closest('li').id") == f"c{old.pk}"
    assert [r.get_attribute("id") for r in page.locator("#rows li").all()] == [
        f"c{new.pk}",
        f"c{old.pk}",
    ]


def test_without_the_stream_the_page_asks_every_fifteen_seconds(page_of, line, officer):
    hear(line, "lama")
    page = page_of(officer)
    page.clock.install()
    page.goto(QUEUE)
    new = hear(line, "baru saja")
    page.clock.run_for(16_000)
    expect(page.locator(f"#c{new.pk}")).to_be_visible()


def test_what_is_being_written_survives_a_message_that_lands(page_of, line, officer):
    talk = hear(line, "pertama", thread_key="t", citizen_key="w" * 32)
    page = page_of(officer)
    stream = Stream(page)
    page.goto(f"{QUEUE}{talk.pk}/")
    page.keyboard.press("r")
    page.keyboard.type("Setengah kalim")
    hear(line, "kedua", thread_key="t", citizen_key="w" * 32)
    stream.ids = [talk.pk]
    expect(page.locator("#thread")).to_contain_text("kedua")
    page.keyboard.type("at")
    assert page.locator("#id_text").input_value() == "Setengah kalimat"
    talk.refresh_from_db()
    assert page.locator('input[name="after"]').input_value() == str(talk.last_in_id)


def test_an_open_fold_and_its_half_filled_form_are_left_alone(page_of, line, officer):
    talk = hear(line, "pertama", thread_key="t", citizen_key="w" * 32)
    page = page_of(officer)
    stream = Stream(page)
    page.goto(f"{QUEUE}{talk.pk}/")
    page.locator("#citizen summary").click()
    page.locator("#identity_reason").fill("mencocok")
    page.locator("#trace > summary").click()
    services.write_note(talk, text="sudah ditelepon", by=officer)
    stream.ids = [talk.pk]
    expect(page.locator("#thread")).to_contain_text("sudah ditelepon")
    assert page.locator("#identity_reason").input_value() == "mencocok"
    assert page.locator("#trace").evaluate("e => e.open")


def test_the_counter_counts_as_the_network_does(page_of, officer):
    bluesky = make_line(officer.institution, "bluesky", settings={"handle": "kota.test"})
    talk = hear(bluesky, "halo")
    page = page_of(officer)
    page.goto(f"{QUEUE}{talk.pk}/")
    counter = page.locator("[data-counter]")
    expect(counter).to_have_text("sisa 300")
    page.locator("#id_text").fill("👨‍👩‍👧‍👦é")
    expect(counter).to_have_text("sisa 298")
    page.locator("#id_text").fill("a" * 301)
    expect(counter).to_have_class("is-over")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, None], ids=["phone", "desk"])
def test_every_page_of_the_room_is_accessible_and_fits(
    page_of, line, officer, talk, scheme, viewport
):
    hear(line, "Terlambat", due_at=now())
    form = make_line(line.institution, "webform", state="broken", trouble="x" * 200)
    asked = hear(form, LONG, receipt="A" * 22, priority=1)
    message = say(asked, officer)
    came_to(message, "out")
    services.note_delivery(message)
    Parcel.objects.create(connection=line, body=b"?", arrived_at=now(), state="unreadable")
    page = page_of(officer, color_scheme=scheme, **({"viewport": viewport} if viewport else {}))
    form.state = "healthy"
    form.save()
    for path in (
        QUEUE,
        f"{QUEUE}?view=mine&q=lampu",
        f"{QUEUE}{talk.pk}/",
        "/kanal/",
        "/kanal/kiriman/",
        "/kanal/parsel/",
        f"/kanal/parsel/{Parcel.objects.get().pk}/",
        "/kanal/sambung/",
        "/kanal/sambung/email/",
        "/tulis/contoh/",
        f"/status/{asked.receipt}/",
        "/status/salah/",
    ):
        page.goto(path)
        for fold in page.locator("main details:not([open]) > summary").all():
            if fold.is_visible():
                fold.click()
        page.evaluate("scrollTo(0, 0)")  # else the bar at the top lies over some control
        assert_accessible(page)
        assert_fits(page)
        assert_touchable(page)


def test_the_officer_s_work_is_complete_without_script(new_context, page_of, line, officer):
    talk = hear(line, "Lampu mati di Melati")
    hear(line, "Kapan buka?")
    page = page_of(officer, java_script_enabled=False)
    page.goto(QUEUE)
    page.get_by_role("searchbox").fill("melati")
    page.keyboard.press("Enter")
    page.locator(f"#c{talk.pk} .row-title").click()
    page.get_by_label("Jawaban Anda").fill("Kami periksa.")
    page.get_by_role("button", name="Jawab", exact=True).click()
    page.get_by_role("button", name="Batalkan").click()
    assert page.get_by_label("Jawaban Anda").input_value() == "Kami periksa."
    page.get_by_role("button", name="Jawab", exact=True).click()
    came_to(Message.objects.filter(direction="out").get(), "out")
    page.reload()
    expect(page.locator(".said.is-out")).to_contain_text("Terkirim")
    page.locator("#citizen summary").click()
    page.locator("#identity_reason").fill("mencocokkan")
    page.locator("#citizen button").click()
    expect(page.locator("#citizen dl")).to_be_visible()
    assert Dispatch.objects.filter(state="out").count() == 1


def test_a_citizen_writes_and_comes_back_without_script_on_a_small_phone(new_context, line):
    make_line(line.institution, "webform")
    page = new_context(java_script_enabled=False, viewport=PHONE).new_page()
    page.goto("/tulis/contoh/")
    page.get_by_role("button", name="Kirim").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.locator("#id_text").fill("Lampu jalan mati")
    page.locator("#id_photos").set_input_files(
        {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    )
    page.locator("#id_consent").check()
    page.get_by_role("button", name="Kirim").click()
    expect(page.locator("h1")).to_have_text("Pesan Anda kami terima")
    address = page.locator(".address").inner_text()
    assert "kept=" not in address
    from balai.inbox import sweeps

    sweeps.take_in()
    page.goto(address)
    page.locator("details summary", has_text="Tambahkan").click()
    page.locator("#id_text").fill("Masih gelap")
    page.get_by_role("button", name="Kirim").click()
    sweeps.take_in()
    page.goto(address)
    expect(page.locator(".talk")).to_contain_text("Masih gelap")
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_hidden_conversation_is_folded_and_another_person_shows_it_again(
    page_of, line, officer, scheme
):
    found = hear(line, "Kata-kata yang melanggar aturan")
    head = make_member(line.institution, "head_of_pr", name="Dewi Lestari")
    page = page_of(officer, viewport=PHONE, color_scheme=scheme)
    page.goto(f"{QUEUE}{found.pk}/")
    page.locator("summary", has_text="Sembunyikan menurut aturan").click()
    assert_accessible(page)
    page.locator("#moderate_rule").select_option("M3")
    page.locator("form[action$='/moderate/'] button").click()
    page.get_by_text("Baca yang disembunyikan").wait_for()
    expect(page.get_by_text("Kata-kata yang melanggar aturan")).to_be_hidden()
    assert_accessible(page)
    assert_fits(page)
    assert_touchable(page)
    page.goto(f"{QUEUE}?view=moderated")
    assert_accessible(page)
    assert_fits(page)
    page = page_of(head, viewport=PHONE, color_scheme=scheme)
    page.goto(f"{QUEUE}{found.pk}/")
    page.locator("summary", has_text="Tampilkan lagi").click()
    page.locator("#restore_reason").fill("Ini kritik, bukan hinaan")
    page.locator("form[action$='/restore/'] button").click()
    page.get_by_text("Kata-kata yang melanggar aturan").first.wait_for()
