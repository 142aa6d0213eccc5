"""The mailbox channel against real Postfix and Dovecot: what is promised holds on the wire."""

import email
import imaplib
import itertools
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from balai.channels.contract import (
    Answered,
    Incoming,
    NotSent,
    OutcomeUnknown,
    Outgoing,
    Picture,
    Refused,
    Returned,
)
from balai.channels.providers.email.connector import Email
from tests.peers.lying_smtp import LyingSmtp
from tests.peers.mail import MailServer, Missing
from tests.peers.waiting import wait_until

pytestmark = pytest.mark.peer
SOON = 20  # seconds in which the real server must have delivered
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def running() -> Iterator[MailServer]:
    try:
        server = MailServer()
    except Missing as why:
        pytest.skip(str(why))
    try:
        yield server.start()
    finally:
        server.close()


@pytest.fixture
def mail(running: MailServer) -> MailServer:
    running.empty()
    return running


@pytest.fixture
def office(mail: MailServer) -> Email:
    return Email(mail.settings())


def letter(words: str = "Jalan di depan SDN 2 rusak.", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = headers.pop("From", "Siti Aminah <siti@warga.test>")
    mail["To"] = MailServer.OFFICE
    mail["Subject"] = headers.pop("Subject", "Jalan rusak")
    mail["Message-ID"] = headers.pop("Message_ID", f"<warga-{next(numbers)}@warga.test>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    return mail


def everything(office: Email, cursor: str = "") -> tuple[list[Answered], str]:
    """All that waits behind the cursor, page by page."""
    found: list[Answered] = []
    more = True
    while more:
        page = office.fetch(cursor)
        for parcel in page.parcels:
            found += office.parse(parcel)
        cursor, more = page.cursor, page.more
    return found, cursor


def arrived(office: Email, count: int = 1) -> list[Answered]:
    return wait_until(lambda: (f := everything(office)[0]) and len(f) >= count and f, SOON)


def incoming(office: Email) -> Incoming:
    [found] = arrived(office)
    assert isinstance(found, Incoming)
    return found


def test_a_mail_comes_in_exactly_once_over_repeated_looks_and_stays_unread(
    mail: MailServer, office: Email
) -> None:
    mail.write(letter("Yth. Dinas,\n\nlampu jalan mati.\n", Message_ID="<satu@warga.test>"))
    first = incoming(office)
    _found, cursor = everything(office)

    assert first.remote_id == first.thread_id == "satu@warga.test"
    assert (first.author_id, first.author_name) == ("siti@warga.test", "Siti Aminah")
    assert (first.kind, first.is_public, first.is_automatic) == ("direct", False, False)
    assert abs(first.sent_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert everything(office, cursor) == ([], cursor)

    mail.write(letter(Message_ID="<dua@warga.test>"))
    [second] = wait_until(lambda: everything(office, cursor)[0], SOON)
    assert isinstance(second, Incoming)
    assert second.remote_id == "dua@warga.test"
    with mail.mailbox(mail.OFFICE) as box:
        assert box.search(None, "UNSEEN")[1][0].split() == [b"1", b"2"]


def test_our_answer_lands_in_the_citizens_thread_and_our_own_copy_is_no_message(
    mail: MailServer, office: Email
) -> None:
    mail.write(
        letter(
            Message_ID="<c@warga.test>",
            References="<a@warga.test> <b@sbg.test>",
            In_Reply_To="<b@sbg.test>",
            Subject="Jalan rusak di Ciputat é",
        )
    )
    asked = incoming(office)
    assert asked.thread_id == "a@warga.test"
    assert asked.answers == ("b@sbg.test", "a@warga.test")
    written = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    post = Outgoing("jawab-1", "Terima kasih.\n.\nTitik itu tetap ada — ya.", at=written)
    post = Outgoing(post.key, post.text, reply_to=asked.handle, at=written)

    receipt = office.publish(post)

    [raw] = wait_until(lambda: mail.mails_of(mail.CITIZEN), SOON)
    answer = email.message_from_bytes(raw)
    assert answer["In-Reply-To"] == "<c@warga.test>"
    assert answer["References"].split() == ["<a@warga.test>", "<b@sbg.test>", "<c@warga.test>"]
    assert answer["Message-ID"] == f"<{receipt.remote_id}>"
    assert receipt.remote_id == office.choose_id("jawab-1", written)
    assert answer["From"] == '"Dinas Pekerjaan Umum" <pengaduan@sbg.test>'
    assert answer["Date"] == "Fri, 20 Nov 2026 09:30:00 +0000"
    assert (answer["Auto-Submitted"], answer["Bcc"]) == (None, None)
    assert mail.OFFICE not in answer["To"]
    body = answer.get_payload(decode=True).decode()
    assert body.rstrip() == post.text.replace("\n", "\r\n")
    wait_until(lambda: mail.count(mail.OFFICE, receipt.remote_id) == 1, SOON)
    assert everything(office)[0] == [asked]

    reply = letter(
        "Baik.", In_Reply_To=answer["Message-ID"], References=" ".join(answer["References"].split())
    )
    mail.write(reply)
    [_asked, back] = arrived(office, 2)
    assert isinstance(back, Incoming)
    assert back.thread_id == asked.thread_id
    assert back.answers[0] == receipt.remote_id


def test_attachments_come_in_whole_and_pictures_go_out_with_their_description(
    mail: MailServer, office: Email
) -> None:
    photo = bytes(range(256)) * 400
    report = letter()
    report.add_attachment(photo, maintype="image", subtype="jpeg", filename="foto jalan é.jpg")
    mail.write(report)
    [file] = incoming(office).attachments
    assert (file.name, file.mime, file.body) == ("foto jalan é.jpg", "image/jpeg", photo)

    post = Outgoing(
        key="gambar",
        text="Sudah diperbaiki.",
        to=mail.CITIZEN,
        subject="Hasil",
        pictures=(Picture(photo, "image/png", "Jalan setelah ditambal — rata"),),
    )
    office.publish(post)
    [raw] = wait_until(lambda: mail.mails_of(mail.CITIZEN), SOON)
    seen = Email(mail.settings(address=mail.CITIZEN)).parse(raw)[0]
    assert isinstance(seen, Incoming)
    assert seen.text == "Sudah diperbaiki."
    assert seen.attachments[0].body == photo
    assert seen.attachments[0].alt == "Jalan setelah ditambal — rata"


def test_a_real_delivery_notice_becomes_news_that_our_answer_did_not_arrive(
    mail: MailServer, office: Email
) -> None:
    receipt = office.publish(Outgoing("hilang", "Halo", to="tidak.ada@warga.test", subject="Halo"))
    [news] = arrived(office)
    assert isinstance(news, Returned)
    assert news.remote_id == receipt.remote_id
    assert (news.arrived, news.permanent) == (False, True)
    assert "tidak.ada@warga.test" in news.words
    assert "5.1.1" in news.words


def test_a_domain_that_the_server_does_not_serve_is_refused_in_its_own_words(
    mail: MailServer, office: Email
) -> None:
    with pytest.raises(Refused) as no:
        office.publish(Outgoing("luar", "Halo", to="siapa@luar.example", subject="Halo"))
    assert no.value.permanent
    assert no.value.signs_in
    assert "siapa@luar.example" in str(no.value)
    assert mail.mails_of(mail.OFFICE) == []


def test_a_wrong_password_is_a_refusal_of_the_sign_in_on_both_lines(mail: MailServer) -> None:
    for kind in ("imap", "smtp"):
        stranger = Email(mail.settings(**{f"{kind}_password": "salah"}))
        with pytest.raises(Refused) as no:
            stranger.check()
        assert not no.value.signs_in, kind
    with pytest.raises(Refused) as no:
        Email(mail.settings(smtp_password="salah")).publish(Outgoing("x", "Halo", to=mail.CITIZEN))
    assert not no.value.signs_in


def test_check_says_who_we_are_there_also_on_encrypted_lines(
    mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(mail.certificate))
    plain = mail.settings()
    wrapped = {"imap_port": str(mail.imaps), "smtp_port": str(mail.smtps)}
    hosts = {"imap_host": "localhost", "smtp_host": "localhost"}
    started = {"imap_security": "starttls", "smtp_security": "starttls", **hosts}
    for line in (plain, {**plain, **wrapped, **hosts, **_ssl()}, {**plain, **started}):
        assert Email(line).check().platform_user_id == mail.OFFICE


def test_a_certificate_that_nobody_vouches_for_stops_us_before_the_password(
    mail: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    wrapped = {"imap_port": str(mail.imaps), "smtp_port": str(mail.smtps)}
    distrustful = Email(mail.settings(**wrapped, **_ssl()))
    with pytest.raises(NotSent, match="CERTIFICATE_VERIFY_FAILED"):
        distrustful.fetch("")
    with pytest.raises(NotSent, match="CERTIFICATE_VERIFY_FAILED"):
        distrustful.publish(Outgoing("x", "Halo", to=mail.CITIZEN))


def _ssl() -> dict[str, str]:
    return {"imap_security": "ssl", "smtp_security": "ssl"}


@pytest.mark.parametrize("lie", ["drop", "hang"])
def test_silence_after_the_final_dot_is_unknown_and_the_look_back_finds_the_only_copy(
    mail: MailServer, lie: str
) -> None:
    with LyingSmtp(mail.smtp, after_dot=lie) as liar:
        office = Email(mail.settings(smtp_port=str(liar.port)))
        office.read_seconds = 1.0  # type: ignore[misc]
        post = Outgoing(f"sunyi-{lie}", "Halo", to=mail.CITIZEN, subject="Halo")
        with pytest.raises(OutcomeUnknown):
            office.publish(post)
        assert liar.accepted.wait(SOON)

    receipt = wait_until(lambda: office.probe(post), SOON, forgiving=(OutcomeUnknown,))

    assert receipt is not None
    assert receipt.remote_id == office.choose_id(post.key, datetime.now(UTC))
    wait_until(lambda: mail.count(mail.CITIZEN, receipt.remote_id) == 1, SOON)
    assert mail.count(mail.OFFICE, receipt.remote_id) == 1


def test_a_line_that_breaks_before_the_final_dot_sent_nothing(mail: MailServer) -> None:
    with LyingSmtp(mail.smtp, after_dot="break before") as liar:
        office = Email(mail.settings(smtp_port=str(liar.port)))
        post = Outgoing("patah", "Halo\n" * 500_000, to=mail.CITIZEN, subject="Halo")
        with pytest.raises((NotSent, OutcomeUnknown)) as ending:
            office.publish(post)
    # The body may fit into the network's buffers: then only the look back can tell.
    if isinstance(ending.value, OutcomeUnknown):
        with pytest.raises(OutcomeUnknown):
            office.probe(post)
    assert mail.mails_of(mail.CITIZEN) == []


def test_a_missing_copy_proves_absence_only_after_the_grace(
    mail: MailServer, office: Email
) -> None:
    now = datetime.now(UTC)
    old = Outgoing("tak-terkirim", "Halo", to=mail.CITIZEN, at=now - timedelta(minutes=11))
    assert office.probe(old) is None
    tried_now = Outgoing("tak-terkirim", "Halo", to=mail.CITIZEN, at=old.at, tried_at=now)
    with pytest.raises(OutcomeUnknown):
        office.probe(tried_now)
    with pytest.raises(OutcomeUnknown):
        office.probe(Outgoing("tak-terkirim", "Halo", to=mail.CITIZEN))


def test_the_look_back_finds_our_copy_also_where_somebody_moved_it(
    mail: MailServer, office: Email
) -> None:
    post = Outgoing("pindah", "Halo", to=mail.CITIZEN, subject="Halo", at=datetime.now(UTC))
    receipt = office.publish(post)
    wait_until(lambda: mail.count(mail.OFFICE, receipt.remote_id) == 1, SOON)
    with mail.mailbox(mail.OFFICE) as box:
        box.copy("1", "Sampah")
        box.store("1", "+FLAGS", "\\Deleted")
        box.expunge()
    assert mail.count(mail.OFFICE, receipt.remote_id) == 0
    assert office.probe(post) == receipt


def test_a_power_cut_of_the_mail_server_neither_loses_nor_doubles(
    mail: MailServer, office: Email
) -> None:
    mail.write(letter(Message_ID="<sebelum@warga.test>"))
    before = incoming(office)
    _found, cursor = everything(office)
    post = Outgoing("mati", "Halo", to=mail.CITIZEN, subject="Halo")
    mail.kill()
    for attempt in (lambda: office.publish(post), lambda: office.fetch(cursor)):
        with pytest.raises(NotSent):
            attempt()
    mail.start()
    receipt = office.publish(post)
    wait_until(lambda: mail.count(mail.CITIZEN, receipt.remote_id) == 1, SOON)
    wait_until(lambda: mail.count(mail.OFFICE, receipt.remote_id) == 1, SOON)
    assert len(mail.mails_of(mail.CITIZEN)) == 1
    assert everything(office, cursor)[0] == []
    assert everything(office)[0] == [before]


def test_many_mails_come_page_by_page_in_order_and_a_new_mailbox_starts_over(
    mail: MailServer, office: Email
) -> None:
    put(mail, [letter(Message_ID=f"<n{i}@warga.test>").as_bytes() for i in range(120)])
    cursor, sizes, ids = "", [], []
    more = True
    while more:
        page = office.fetch(cursor)
        sizes.append(len(page.parcels))
        ids += [found.remote_id for parcel in page.parcels for found in office.parse(parcel)]
        cursor, more = page.cursor, page.more
    assert sizes == [50, 50, 20]
    assert ids == [f"n{i}@warga.test" for i in range(120)]

    # Dovecot takes the second as UIDVALIDITY: two mailboxes of one second would look the same.
    wait_until(lambda: time.time() > json.loads(cursor)["uidvalidity"] + 1, SOON)
    mail.empty()
    put(mail, [letter(Message_ID="<baru@warga.test>").as_bytes()])
    again = office.fetch(cursor)
    assert [office.parse(parcel)[0].remote_id for parcel in again.parcels] == ["baru@warga.test"]
    assert again.cursor != cursor


def test_a_mail_above_25_megabytes_brings_its_headers_and_a_note(
    mail: MailServer, office: Email
) -> None:
    huge = letter(Message_ID="<besar@warga.test>", Subject="Video banjir").as_bytes()
    huge += b"x" * 70 + b"\r\n"
    put(mail, [huge + (b"y" * 72 + b"\r\n") * 360_000, letter().as_bytes()])
    [large, small] = arrived(office, 2)
    assert isinstance(large, Incoming)
    assert isinstance(small, Incoming)
    assert (large.remote_id, large.subject) == ("besar@warga.test", "Video banjir")
    assert "27 MB" in large.text
    assert large.facts["left_out_bytes"] > 25 * 1024 * 1024
    assert small.text.startswith("Jalan")


def test_an_idle_line_wakes_when_mail_arrives_and_otherwise_gives_up_in_time(
    mail: MailServer, office: Email
) -> None:
    assert office.wait(0.2) is False
    woke: list[bool] = []
    listener = threading.Thread(target=lambda: woke.append(office.wait(SOON)))
    listener.start()
    while listener.is_alive():  # a mail that came before the line was idle does not count as news
        put(mail, [letter().as_bytes()])
        listener.join(0.2)
    assert woke == [True]


def put(mail: MailServer, raws: list[bytes]) -> None:
    """Lay mails into the office's INBOX directly, without a journey."""
    line = imaplib.IMAP4("127.0.0.1", mail.imap, timeout=60)
    line.login(mail.OFFICE, "rahasia-91")
    for raw in raws:
        line.append("INBOX", "", "", raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    line.logout()
