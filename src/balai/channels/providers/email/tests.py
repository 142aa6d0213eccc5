"""What is peculiar to mail: odd mails, folding of quotations, threading, honest dates and ids."""

import email
import os
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.channels.contract import Incoming, Outgoing, Picture, Refused, Returned
from balai.channels.providers.email import reading, writing
from balai.channels.providers.email.connector import Email
from balai.channels.providers.email.quoting import fold
from balai.ground.hypertext import words_of

HERE = Path(__file__).parent
OUR_ADDRESS = "pengaduan@dinas.example"
OURS = "balai.fedcba9876543210fedcba9876543210@dinas.example"
CHANNEL = Email({"address": OUR_ADDRESS, "display_name": "Dinas PU"})
DATA = Path(os.environ.get("BALAI_TEST_DATA") or HERE.parents[5] / "shared" / "data")
FOI = DATA / "civic" / "foi-emails"
ODD_MAILS = (
    "autoresponse-header empty-return-path forward-quoting-example "
    "incoming-request-attachment-unknown-extension incoming-request-two-same-name "
    "iso8859_2_raw_email lotus-notes-quoting malformed-to-and-cc multipart-no-final-boundary"
)


def fixture(name: str) -> bytes:
    return (HERE / "fixtures" / f"{name}.eml").read_bytes()


def one(raw: bytes) -> Incoming:
    [found] = CHANNEL.parse(raw)
    assert isinstance(found, Incoming)
    return found


def mail(body: str = "Halo", **headers: str) -> bytes:
    fields = {"From": "siti@warga.example", "Message-ID": "<m@warga.example>", **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return (head + "\r\n" + body).encode()


def test_a_first_mail_brings_words_person_thread_and_time():
    first = one(fixture("first"))
    assert first.text.startswith("Kepada: Kepala Dinas")
    assert first.text.endswith("Siti Aminah")
    assert first.facts["quoted"].endswith("HP 0812-0000-0000")
    assert (first.author_id, first.author_name) == ("siti@warga.example", "Siti Aminah 🌾")
    assert first.subject == "Jalan rusak di RT 05"
    assert first.sent_at == datetime(2026, 1, 5, 2, 12, 40, tzinfo=UTC)
    assert first.remote_id == first.thread_id == "pagi-1@warga.example"
    assert (first.kind, first.is_public, first.is_automatic) == ("direct", False, False)
    assert first.facts["cc"] == ["rt05@warga.example"]


def test_a_reply_knows_its_thread_the_nearest_answer_first_and_where_to_answer():
    reply = one(fixture("reply"))
    assert reply.text == "Terima kasih, tetapi lubangnya masih ada."
    assert reply.thread_id == "pagi-1@warga.example"
    assert reply.answers == (
        "balai.0123456789abcdef0123456789abcdef@dinas.example",
        "pagi-1@warga.example",
    )
    assert reply.address == reply.handle["to"] == "siti.kerja@warga.example"
    assert reply.handle["message_id"] == "CAF-siang-2@warga.example"


@pytest.mark.parametrize(
    ("name", "arrived", "permanent", "words"),
    [
        ("bounce", False, True, "550 5.1.1"),
        ("delayed", False, False, "mailbox is full"),
        ("delivered", True, False, "2.1.5"),
        ("old_bounce", False, True, "lama@warga.example"),
        ("read_receipt", True, False, "displayed"),
    ],
)
def test_a_notice_is_news_of_our_own_mail(name, arrived, permanent, words):
    [news] = CHANNEL.parse(fixture(name))
    assert isinstance(news, Returned)
    assert (news.remote_id, news.arrived, news.permanent) == (OURS, arrived, permanent)
    assert words in news.words


def test_a_notice_about_our_own_hidden_copy_says_nothing_about_the_citizen():
    about_us = fixture("bounce").replace(b"lama@warga.example", OUR_ADDRESS.encode())
    [kept] = CHANNEL.parse(about_us)
    assert isinstance(kept, Incoming)
    assert kept.is_automatic


def test_our_own_copy_is_no_message_but_a_stranger_with_our_address_is():
    assert CHANNEL.parse(fixture("own_copy")) == []
    assert one(fixture("own_copy").replace(b"<balai.0123", b"<lain.0123")).author_id == OUR_ADDRESS


@pytest.mark.parametrize(
    "header",
    [
        {"Auto-Submitted": "auto-generated"},
        {"Precedence": "Bulk"},
        {"X-Autoreply": "yes"},
        {"Return-Path": "<>"},
        {"List-Id": "<rt05.warga.example>"},
        {"From": "MAILER-DAEMON@warga.example"},
    ],
)
def test_machines_are_known_by_their_headers(header):
    assert one(mail(**header)).is_automatic
    assert not one(mail(**{"Auto-Submitted": "no", "Return-Path": "<a@b.example>"})).is_automatic
    assert one(fixture("automatic")).is_automatic


def test_html_becomes_the_words_that_a_person_reads():
    page = one(fixture("html_only"))
    assert page.text == (
        "Selamat pagi,\n\nair sudah 50 cm di Kelurahan Pejaten & sekitarnya.\n"
        "Lihat peta <https://peta.example/banjir>.\n\n- RT 03\n- RT 04"
    )
    assert "> Mohon sebutkan tempatnya." in page.facts["quoted"]
    assert page.author_name == "Budi <b>Santoso</b>"


def test_a_forward_is_content_and_an_outlook_answer_is_folded():
    assert "Kirim nomor KTP" in one(fixture("forwarded")).text
    outlook = one(fixture("outlook"))
    assert outlook.text == "Air masih mati, Pak."
    assert outlook.facts["quoted"].startswith("____")
    as_forward = fixture("outlook").replace(b"Subject: RE:", b"Subject: FW:")
    assert "Sudah kami teruskan" in one(as_forward).text


def test_files_keep_their_bytes_and_get_safe_names_of_their_own():
    nested = one(fixture("nested"))
    assert nested.text == "Terlampir surat yang saya terima."
    assert [(file.name, file.mime) for file in nested.attachments] == [
        ("Hadiah   undian.eml", "message/rfc822"),
        ("bukti €.xyz", "application/octet-stream"),
        ("catatan.txt", "text/plain"),
        ("catatan (2).txt", "text/plain"),
    ]
    assert b"%PDF" in nested.attachments[0].body
    assert nested.attachments[1].body == bytes(range(4))


def test_files_in_winmail_dat_stand_beside_it():
    def record(number: int, value: bytes) -> bytes:
        return struct.pack("<BHHI", 2, number, 0, len(value)) + value + b"\0\0"

    inner = record(0x9002, b"") + record(0x8010, b"..\\foto.jpg\0") + record(0x800F, b"\xff\xd8")
    wrapped = struct.pack("<IH", 0x223E9F78, 1) + inner
    raw = mail(**{"Content-Type": "application/ms-tnef; name=winmail.dat"}) + b"\r\n"
    [outer, photo] = one(raw.replace(b"Halo\r\n", wrapped)).attachments
    assert (outer.name, outer.body) == ("winmail.dat", wrapped)
    assert (photo.name, photo.body) == ("foto.jpg", b"\xff\xd8")


@pytest.mark.parametrize(
    ("written", "address", "name"),
    [
        ('"Doe, \\"John\\"" <j@w.example>', "j@w.example", 'Doe, "John"'),
        ("Siti <s@w.example>, Budi <b@w.example>", "s@w.example", "Siti"),
        ('"Bupati <bupati@dinas.example>" <x@w.example>', "x@w.example", None),
        ("=?utf-8?Q?Bupati_=3Cbupati=40dinas.example=3E?= <x@w.example>", "x@w.example", None),
        ("s@w.example (Siti)", "s@w.example", "Siti"),
        ("<s@w.example", "s@w.example", ""),
        ("\u202eitiS\u200b <s@w.example>", "s@w.example", "\u202eitiS\u200b"),
        ("Siti saja", "", "Siti saja"),
    ],
)
def test_nothing_in_a_name_can_pretend_to_be_the_address(written, address, name):
    found = one(mail(From=written))
    assert found.author_handle == address
    assert name is None or found.author_name == name


@pytest.mark.parametrize(
    ("date", "received", "sent"),
    [
        ("Mon, 5 Jan 2026 09:00:00 +0700", "", (2026, 1, 5, 2)),
        ("Mon, 5 Jan 2099 09:00:00 +0700", "Mon, 5 Jan 2026 10:00:00 +0700", (2026, 1, 5, 3)),
        ("Thu, 1 Jan 1970 00:00:00 +0000", "Mon, 5 Jan 2026 10:00:00 +0700", (2026, 1, 5, 3)),
        ("Mon, 99 Jan 99999 99:99:99 +9999", "Mon, 5 Jan 2026 10:00:00 +0700", (2026, 1, 5, 3)),
        ("kemarin", "", (1990, 1, 1, 0)),
    ],
)
def test_a_date_is_believed_as_far_as_our_own_server_allows(date, received, sent):
    raw = mail(Date=date, Received=f"from a by b with ESMTP id 1; {received}")
    assert one(raw).sent_at == datetime(*sent, tzinfo=UTC)


@pytest.mark.parametrize(
    ("charset", "coded", "words"),
    [
        ("utf-8", "Air — é".encode(), "Air — é"),
        ("iso-8859-1", "Air — é".encode("cp1252"), "Air — é"),
        ("us-ascii", "Air — é".encode(), "Air — é"),
        ("tidak-ada", "Air — é".encode(), "Air — é"),
        ("utf-8", "Air — é".encode("cp1252"), "Air \ufffd \ufffd"),
        ("unicode_escape", b"Air \\x41", "Air \\x41"),
        ("utf-16", "Air".encode("utf-16"), "Air"),
    ],
)
def test_a_wrong_charset_is_repaired_where_it_can_be(charset, coded, words):
    head = mail("", **{"Content-Type": f"text/plain; charset={charset}"})
    assert one(head + coded).text == words


def test_a_mail_too_large_to_fetch_says_so_and_a_forged_mark_inside_does_not_count():
    parcel = reading.left_out(31_000_000) + mail(Subject="Video")
    assert "31 MB" in one(parcel).text
    assert one(parcel).facts["left_out_bytes"] == 31_000_000
    assert one(mail(**{"X-Balai-Left-Out": "31000000"})).text == "Halo"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Baik.\n\nOn Mon, 5 Jan 2026 at 09:00, Dinas\n<d@x.id> wrote:\n\n> a\n> b", "Baik."),
        ("Baik.\n\nPada 5 Jan 2026 09.00, Dinas menulis:\nYth. Ibu,\nsudah.", "Baik."),
        ("Dinas menulis:\n> sudah\n\nBelum, Pak.", "Belum, Pak."),
        ("Kades menulis:\n\ndana habis. Mohon diperiksa.", None),
        ("> satu?\nya\n> dua?\ntidak", None),
        ("Baik.\n-----Pesan Asli-----\nDari: Dinas\nIsi", "Baik."),
        ("Dari: Budi\nKepada: Dinas\nPerihal: Air\nTanggal: 5 Januari 2026\n\nAir mati.", None),
        ("> hanya kutipan", None),
        ("Baik\n\nGet Outlook for Android", "Baik"),
        ("Baik\n\n-- \nIklan\n> kutipan lama", "Baik"),
    ],
)
def test_only_what_a_mail_program_added_is_folded(text, kept):
    assert fold(text).text == (text if kept is None else kept)


@pytest.mark.data
@pytest.mark.parametrize("name", ODD_MAILS.split())
def test_odd_mails_of_real_offices_are_read(name):
    raw = _foi(f"{name}.eml")
    found = one(raw)
    assert found.text or found.attachments
    assert "Original text" not in found.text
    assert CHANNEL.parse(raw) == CHANNEL.parse(raw)


@pytest.mark.data
@pytest.mark.parametrize("number", [1, 4])
def test_folding_agrees_with_the_oracle_of_the_information_offices(number):
    """Their oracle writes a mark where lines were folded and keeps some empty lines beside it.

    We put folded lines elsewhere and write no mark, so marks and empty lines are left out of the
    comparison; every other line is kept or folded exactly as theirs.
    """
    name = f"email-folding-example-{number}.txt"
    theirs = _foi(f"{name}.expected").decode().replace("FOLDED_QUOTED_SECTION", "").split("\n")
    ours = fold(_foi(name).decode()).text.split("\n")
    assert [line for line in ours if line.strip()] == [line for line in theirs if line.strip()]


def _foi(name: str) -> bytes:
    if not FOI.is_dir():
        pytest.skip("NO DATA FOLDER: set BALAI_TEST_DATA to run the tests on real odd mails")
    return (FOI / name).read_bytes()


def test_hypertext_keeps_preformatted_lines_and_the_words_of_pictures():
    assert words_of("<pre>a\n  b</pre><img alt='peta banjir'>c") == "a\n  b\npeta banjirc"
    assert words_of("2 < 3 <b>ya</b") == "2 < 3 ya</b"


def test_the_id_is_chosen_by_the_key_and_carries_the_domain_of_the_address():
    at = datetime(2026, 1, 5, tzinfo=UTC)
    chosen = CHANNEL.choose_id("jawab-7", at)
    assert chosen == CHANNEL.choose_id("jawab-7", datetime(2027, 1, 1, tzinfo=UTC))
    assert chosen != CHANNEL.choose_id("jawab-8", at)
    assert writing.is_ours(chosen, OUR_ADDRESS)
    assert not writing.is_ours(chosen, "a@lain.example")


def test_what_a_program_wrote_says_so_and_what_a_person_wrote_does_not():
    away = letter(Outgoing("k", "Kami buka besok pukul 8", to="s@w.example", is_automatic=True))
    assert away["Auto-Submitted"] == "auto-generated"
    assert away["X-Auto-Response-Suppress"] == "All"
    assert "Auto-Submitted" not in letter(Outgoing("k", "Halo", to="s@w.example"))


def letter(post: Outgoing, name: str = "Dinas PU") -> email.message.Message:
    raw = writing.letter(post, address=OUR_ADDRESS, name=name, message_id=OURS)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998  # RFC 5322, section 2.1.1
    return email.message_from_bytes(raw)


dirt = st.text(st.sampled_from("aé\r\n\t\0\x85\u2028:<>\"',;@=?_ \U0001f33e\\"), max_size=120)


@given(subject=dirt, name=dirt, text=dirt, identity=dirt, alt=dirt)
def test_no_words_of_anybody_begin_a_header_of_their_own(subject, name, text, identity, alt):
    handle = {"message_id": identity, "references": [identity, "x@y"], "to": "s@w.example"}
    picture = Picture(b"x", "image/png", alt)
    post = Outgoing("k", text, reply_to={**handle, "subject": subject}, pictures=(picture,))
    names = sorted(name.lower() for name in letter(post, name).keys())  # noqa: SIM118
    usual = ["content-type", "date", "from", "message-id", "mime-version", "references", "subject"]
    assert set(names) - {"in-reply-to"} == {*usual, "to"}
    assert len(names) == len(set(names))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=300))
def test_what_we_write_is_what_a_citizen_reads(text):
    body = letter(Outgoing("k", text, to="s@w.example")).get_payload(decode=True)
    assert body.decode().replace("\r\n", "\n") == text + "\n"


@pytest.mark.parametrize(
    "to", ["", "siti", "a@b.example, c@d.example", "a@b.example\r\nBcc: x@y.z", "é@w.example", "a@"]
)
def test_an_answer_goes_to_exactly_one_plain_address(to):
    with pytest.raises(Refused, match="is not a mail address"):
        letter(Outgoing("k", "Halo", to=to))
    assert letter(Outgoing("k", "Halo", to="a@désa.example"))["To"] == "a@xn--dsa-bma.example"


def test_the_subject_of_an_answer_has_one_mark():
    for subject in ("Air", "Re: Air", "RE: Air", "Bls: Air"):
        post = Outgoing("k", "x", to="s@w.example", reply_to={"subject": subject})
        assert writing.subject_of(post) == (subject if ":" in subject else f"Re: {subject}")
