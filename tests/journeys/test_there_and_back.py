"""One citizen's message all the way through the house and back, in the running program.

A stranger sets up an institution in the browser, connects a Bluesky account and a mailbox, opens
the public form; citizens write on each; the officer answers in the browser; each citizen sees the
answer where the words were spoken; the auditor's command finds the chain whole. Then the power is
cut in the middle of a reply, and nothing is doubled or lost. Peers: the reference network of the
AT Protocol, Postfix and Dovecot, Chromium.
"""

import re
import time
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from atproto import client_utils
from playwright.sync_api import Page, expect

from tests.browser.browsing import DESK, Watch, assert_accessible, open_browser
from tests.journeys.running import Balai, fresh_password
from tests.peers.mail import MailServer
from tests.peers.throttle import Fault, Throttle
from tests.peers.waiting import wait_until

pytestmark = [pytest.mark.peer, pytest.mark.browser]
SOON = 90
EMAIL, PASSWORD = "pengurus@desa.example", fresh_password()


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="module")
def office(network):
    return network.create_account("kota-contoh.test")


@pytest.fixture(scope="module")
def citizen(network):
    account = network.create_account("warga-satu.test")
    return network.client(account.handle)


@pytest.fixture(scope="module")
def proxy(network) -> Iterator[Throttle]:
    with Throttle(network.pds) as between:
        yield between


@pytest.fixture(scope="module")
def balai(proxy) -> Iterator[Balai]:
    # Short leases, so that a dead worker's claim is given up within the test.
    running = Balai(BALAI_SEND_LEASE="3", BALAI_LAND_LEASE="3")
    with running:
        yield running


@pytest.fixture(scope="module")
def page(balai) -> Iterator[Page]:
    watch = Watch(balai.url)
    with open_browser() as browser:
        context = browser.new_context(base_url=balai.url, viewport=DESK, locale="id-ID")
        context.set_default_timeout(30_000)
        watch.over(context)
        yield context.new_page()
        context.close()
    watch.assert_well_behaved()


def current_code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def press(page: Page) -> None:
    """Send the form of the page."""
    page.locator("main form button:not([type=button])").last.click()


def test_a_stranger_sets_the_institution_up_in_the_browser(page, balai):
    page.goto("/")
    expect(page).to_have_url(re.compile("/mulai/"))
    assert_accessible(page)
    page.fill("[name=name]", "Pemerintah Desa Contoh")
    page.fill("[name=admin_name]", "Ibu Pengurus")
    page.fill("[name=admin_email]", EMAIL)
    page.fill("[name=admin_password]", PASSWORD)
    press(page)
    # An administrator needs a second factor before anything else.
    page.goto("/kotak-masuk/")
    page.fill("[name=password]", PASSWORD)
    press(page)
    expect(page.locator("code")).to_be_visible()
    page.fill("[name=code]", current_code(page.locator("code").inner_text().strip()))
    press(page)
    page.goto("/kotak-masuk/")
    expect(page.locator("h1")).to_be_visible()


def test_a_line_that_does_not_work_is_refused_with_the_networks_words(page, office, proxy):
    page.goto("/kanal/sambung/bluesky/")
    page.fill("[name=name]", "Bluesky desa")
    page.fill("[name=service]", proxy.url)
    page.fill("[name=handle]", office.handle)
    page.fill("[name=app_password]", "salah-salah-salah")
    press(page)
    expect(page.get_by_role("alert").first).to_contain_text(re.compile("401|password|identifier"))


def test_the_officer_connects_bluesky_and_the_mailbox(page, office, proxy, mail):
    page.fill("[name=app_password]", office.app_password)
    press(page)
    expect(page.locator("main")).to_contain_text("Bluesky desa")
    page.goto("/kanal/sambung/email/")
    page.fill("[name=name]", "Surel desa")
    for name, value in mail.settings().items():
        page.fill(f"[name={name}]", value)
    press(page)
    expect(page.locator("main")).to_contain_text("Surel desa")
    page.goto("/kanal/sambung/webform/")
    page.fill("[name=name]", "Formulir desa")
    press(page)
    expect(page.locator("main")).to_contain_text("Formulir desa")


def open_conversation(page: Page, words: str) -> None:
    """The officer finds the citizen's words in the queue and opens them."""

    def is_there() -> bool:
        page.goto("/kotak-masuk/")
        return page.get_by_text(words).count() > 0

    wait_until(is_there, SOON, what=f"{words!r} in the queue")
    page.get_by_role("link").filter(has=page.get_by_text(words)).or_(
        page.locator("article, li, tr").filter(has_text=words).get_by_role("link")
    ).first.click()
    expect(page.locator("#answer textarea")).to_be_visible()


def answer(page: Page, words: str) -> None:
    page.fill("#answer textarea", words)
    page.locator("#answer button").last.click()
    expect(page.locator("main")).to_contain_text(words)


def test_on_bluesky_the_answer_stands_in_the_citizens_own_thread(page, citizen, office):
    text = client_utils.TextBuilder().mention(f"@{office.handle}", office.did)
    post = citizen.send_post(text.text(" Lampu jalan di depan pasar padam sejak Senin"))
    open_conversation(page, "Lampu jalan di depan pasar")
    answer(page, "Terima kasih, petugas datang hari ini sebelum pukul 15.")

    def answered() -> bool:
        thread = citizen.get_post_thread(post.uri).thread
        return any("petugas datang" in reply.post.record.text for reply in thread.replies or [])

    wait_until(answered, SOON, what="the answer in the thread")
    (reply,) = citizen.get_post_thread(post.uri).thread.replies
    assert reply.post.author.did == office.did
    assert reply.post.record.reply.parent.uri == post.uri
    page.reload()
    expect(page.locator("main")).to_contain_text(re.compile("Terkirim|Sampai|Sudah keluar|terbit"))


def test_by_mail_the_answer_comes_back_in_the_same_thread(page, mail):
    letter = EmailMessage()
    letter["From"], letter["To"] = f"Ibu Sri <{mail.CITIZEN}>", mail.OFFICE
    letter["Subject"] = "Antrean KTP"
    letter["Message-ID"] = "<ktp-1@warga.test>"
    letter.set_content("Kapan antrean perekaman KTP dibuka lagi?")
    mail.write(letter)
    open_conversation(page, "antrean perekaman KTP")
    answer(page, "Setiap Selasa dan Kamis pukul 8 sampai 12 di balai desa.")
    wait_until(lambda: mail.mails_of(mail.CITIZEN), SOON, what="the answer in the mailbox")
    (came,) = mail.mails_of(mail.CITIZEN)
    assert b"<ktp-1@warga.test>" in came
    assert b"Setiap Selasa dan Kamis" in came


def test_on_the_form_the_citizen_finds_the_answer_on_the_status_page_and_by_mail(page, balai, mail):
    citizen = page.context.browser.new_context(
        base_url=balai.url, viewport={"width": 360, "height": 740}
    )
    sheet = citizen.new_page()
    sheet.goto("/tulis/")
    assert_accessible(sheet)
    sheet.fill("textarea", "Jembatan bambu di RT 3 sudah lapuk, mohon diperiksa.")
    sheet.fill("[name=email]", mail.OTHER_CITIZEN)
    sheet.locator("main input[type=checkbox]").first.check()
    sheet.locator("main form button").last.click()
    expect(sheet).to_have_url(re.compile("/status/"))
    status = sheet.url
    open_conversation(page, "Jembatan bambu di RT 3")
    answer(page, "Tim PU memeriksa jembatan besok pagi.")

    def shown() -> bool:
        sheet.goto(status)
        return "Tim PU memeriksa jembatan" in sheet.locator("main").inner_text()

    wait_until(shown, SOON, what="the answer on the status page")
    assert_accessible(sheet)
    wait_until(lambda: mail.mails_of(mail.OTHER_CITIZEN), SOON, what="the copy in the mailbox")
    (copy,) = mail.mails_of(mail.OTHER_CITIZEN)
    assert b"Tim PU memeriksa jembatan" in copy
    citizen.close()


def test_an_auditor_can_verify_every_step(balai):
    said = balai.command("audit", "verify")
    assert "broken" not in said.lower()
    head = balai.command("audit", "head", "--institution", "pemerintah-desa-contoh")
    stored = balai.home / "kepala.json"
    stored.write_text(head)
    balai.command("audit", "verify", "--head", str(stored))


@pytest.mark.parametrize("cut", ["before the network hears it", "after the network's yes"])
def test_the_power_is_cut_in_the_middle_of_a_reply(page, balai, proxy, citizen, office, cut):
    words = f"Air PDAM mati {cut}"
    text = client_utils.TextBuilder().mention(f"@{office.handle}", office.did).text(f" {words}")
    post = citizen.send_post(text)
    open_conversation(page, words)
    place = "com.atproto.repo.putRecord"
    before = proxy.count(place)
    hanging = Fault.hang() if cut.startswith("before") else Fault.drop(forward=True)
    proxy.will(hanging, on=place)
    answer(page, f"Sedang diperbaiki ({cut}).")
    wait_until(lambda: proxy.count(place) > before, SOON, what="the reply on its way")
    balai.kill()
    balai.start()

    def replies() -> list[str]:
        thread = citizen.get_post_thread(post.uri).thread
        return [reply.post.record.text for reply in thread.replies or []]

    wait_until(lambda: replies(), SOON, what="the answer after the power cut")
    page.goto("/kotak-masuk/?view=waiting")
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:  # a second copy would come within the retries' pauses
        assert replies() == [f"Sedang diperbaiki ({cut})."]
    balai.command("audit", "verify")


def test_it_stops_cleanly(balai):
    assert balai.stop() == 0
    assert balai.processes() == []
