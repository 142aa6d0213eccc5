"""Mails that somebody made to break the reader: it never breaks, loses nothing and stays fast."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balai.channels.contract import Incoming, Unreadable
from balai.channels.providers.email.connector import Email
from balai.channels.providers.email.quoting import fold

FIXTURES = Path(__file__).parents[2] / "src/balai/channels/providers/email/fixtures"
CHANNEL = Email({"address": "pengaduan@dinas.example"})


def mail(body: str = "Halo", **headers: str) -> bytes:
    fields = {"From": "siti@warga.example", "Message-ID": "<m@warga.example>", **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return (head + "\r\n" + body).encode()


lines = st.sampled_from(
    ["> q", "Halo", "", "-- ", "Pada 5 Jan 2026 09.00, D menulis:", "Dari: D", "To", "cc",
     "Subject", "Dikirim: 5 Jan 2026 09.00", "Kepada: S", "*" * 12, "rahasia", "a@b.example",
     "---------- Forwarded message ---------", "Sent from my iPhone", "-----Pesan Asli-----"]
)  # fmt: skip


@given(st.lists(lines | st.text(st.characters(exclude_characters="\n"), max_size=30), max_size=25))
def test_folding_never_loses_a_line(written):
    folded = fold("\n".join(written))
    kept = folded.text.split("\n") + folded.quoted.split("\n")
    assert sorted(filter(str.strip, kept)) == sorted(filter(str.strip, written))


@given(st.binary(max_size=2000) | st.text(max_size=500).map(lambda text: mail(text)))
def test_reading_any_bytes_gives_messages_or_says_that_they_are_no_mail(raw):
    _read_twice(raw)


wounds = st.lists(
    st.tuples(
        st.integers(0, 3000), st.integers(0, 40), st.binary(max_size=20) | st.just(b"\r\n\r\n")
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(p.stem for p in FIXTURES.glob("*.eml"))), wounds)
def test_reading_a_wounded_mail_never_breaks_and_its_ids_stay_the_same(name, cuts):
    raw = (FIXTURES / f"{name}.eml").read_bytes()
    for at, length, instead in cuts:
        raw = raw[:at] + instead + raw[at + length :]
    _read_twice(raw)


def _read_twice(raw: bytes) -> None:
    try:
        found = CHANNEL.parse(raw)
    except Unreadable:
        return
    assert found == CHANNEL.parse(raw)
    for each in found:
        repr(each).encode()  # no half characters that no database could hold


LONG = 1_000_000
NASTY = {
    "long body": mail("kata " * (2 * LONG)),
    "deep": mail("".join(f"--b{n}\r\nContent-Type: multipart/mixed; boundary=b{n + 1}\r\n\r\n"
            for n in range(5000)), **{"Content-Type": "multipart/mixed; boundary=b0"}),
    "many parts": mail("--b\r\n\r\nx\r\n" * 100_000,
            **{"Content-Type": "multipart/mixed; boundary=b"}),
    "opened tags": mail("<div>" * 200_000, **{"Content-Type": "text/html"}),
    "nested quotes": mail("<blockquote>x" * 80_000, **{"Content-Type": "text/html"}),
    "angles": mail("<" * LONG, **{"Content-Type": "text/html"}),
    "comments": mail("<!--" * (LONG // 4), **{"Content-Type": "text/html"}),
    "styles": mail("<style>" * (LONG // 8), **{"Content-Type": "text/html"}),
    "attributions": mail("Pada 1 menulis:\n\n" * (LONG // 17)),
    "headers": mail("Dari: a\nDikirim: 9\n" * (LONG // 19)),
    "borders": mail("**********\nx\n" * (LONG // 13)),
    "one line": mail("> " * LONG),
    "lotus": mail("To\ncc\n" * (LONG // 6)),
    "subject": mail(Subject="=?utf-8?q?" * (LONG // 10)),
    "from": mail(From="(" * 50_000 + '"' * 50_000 + "<" * 50_000),
    "parameters": mail(**{"Content-Type": "text/plain" + '; x="a' * 50_000}),
    "references": mail(References="<a@b> " * (LONG // 6)),
}  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
def test_a_hostile_mail_costs_seconds_at_most(name):
    began = time.process_time()
    assert len(CHANNEL.parse(NASTY[name])) == 1
    assert time.process_time() - began < 5  # the linear way takes under one second here


def test_the_parts_beyond_the_bounds_stay_as_a_file():
    files = _one("many parts").attachments
    assert len(files[-1].body) > 100_000
    assert len(_one("deep").attachments) == 1


def _one(name: str) -> Incoming:
    [found] = CHANNEL.parse(NASTY[name])
    assert isinstance(found, Incoming)
    return found
