"""What is peculiar to SMS: parts, numbers, reports, and a gateway that gives no id."""

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.channels.contract import (
    Http,
    Incoming,
    NotSent,
    OutcomeUnknown,
    Outgoing,
    Refused,
    Returned,
    Unreadable,
)
from balai.channels.providers.sms import counting
from balai.channels.providers.sms.connector import Sms
from balai.channels.providers.sms.numbers import e164

AT = datetime(2026, 11, 22, tzinfo=UTC)
FIXTURES = Path(__file__).parent / "fixtures"
HOOK = "http://balai.test/kanal/hook/rahasia"
SETTINGS = {
    "sendsms_address": "http://gateway.test/cgi-bin/sendsms",
    "username": "kota",
    "password": "kunci-sms",
    "sender": "1708",
    "called_at": HOOK,
}
SIBLINGS = "0811000001", "62811000001", "+62 811-000-001", "0062811000001", "(0811) 000.001"


def recorded(name: str) -> httpx.Response:
    told = json.loads((FIXTURES / f"{name}.json").read_text())
    return httpx.Response(told["status"], text=told["body"])


def read(name: str) -> Any:
    (one,) = Sms(SETTINGS).parse((FIXTURES / f"{name}.query").read_bytes())
    return one


class Gateway:
    """Answers with one thing, and keeps what it was asked."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.answer = answer
        self.asked: list[httpx.Request] = []

    def connect(self, **settings: str) -> Sms:
        line = Http("http://gateway.test", transport=httpx.MockTransport(self._answer))
        return Sms(SETTINGS | settings, http=line)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def to_phone(text: str = "Besok jam 10.") -> Outgoing:
    return Outgoing("k", text, to="0811000001")


# What goes out


def test_an_answer_goes_to_the_phone_under_an_id_of_ours_that_the_report_brings_back():
    gateway = Gateway(recorded("published"))
    connector = gateway.connect()
    receipt = connector.publish(Outgoing("k", "Besok.", reply_to=read("sms").handle))
    (request,) = gateway.asked
    assert request.headers["x-kannel-to"] == "+628110000001"
    assert request.headers["x-kannel-from"] == "1708"
    assert request.content == b"Besok."
    report = request.headers["x-kannel-dlr-url"].replace("%d", "1").replace("%A", "")
    assert report.startswith(f"{HOOK}?")
    (news,) = connector.parse(report.partition("?")[2].encode())
    assert isinstance(news, Returned)
    assert news.remote_id == receipt.remote_id == connector.choose_id("k", AT)


def test_the_password_stands_in_no_address():
    gateway = Gateway(recorded("published"))
    gateway.connect().publish(to_phone())
    assert "kunci-sms" not in str(gateway.asked[0].url)
    assert gateway.asked[0].headers["x-kannel-password"] == "kunci-sms"


@pytest.mark.parametrize(
    ("text", "coding"), [("Jam 10 {pagi} €", "0"), ("Baik 🙏", "2"), ("“Baik”", "2")]
)
def test_one_sign_outside_the_7_bit_alphabet_makes_the_whole_text_ucs_2(text, coding):
    gateway = Gateway(recorded("published"))
    gateway.connect().publish(to_phone(text))
    assert gateway.asked[0].headers["x-kannel-coding"] == coding
    assert gateway.asked[0].content.decode() == text


def test_what_the_gateway_keeps_for_an_operator_that_is_away_has_left_us():
    assert Gateway(recorded("queued")).connect().publish(to_phone()).remote_id


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ReadTimeout("lama"),
        httpx.Response(202, text="Sent."),
        httpx.Response(200, text="<html>"),
        httpx.Response(500, text="?"),
    ],
)
def test_an_answer_that_proves_nothing_is_a_doubt_and_is_asked_once(answer):
    gateway = Gateway(answer)
    with pytest.raises(OutcomeUnknown):
        gateway.connect().publish(to_phone())
    assert len(gateway.asked) == 1


def test_a_gateway_that_is_not_there_was_told_nothing():
    with pytest.raises(NotSent):
        Gateway(httpx.ConnectError("no")).connect().publish(to_phone())


def test_a_number_that_the_gateway_denies_is_refused_for_good_in_its_words():
    with pytest.raises(Refused, match="denied by white") as no:
        Gateway(recorded("refused_number")).connect().publish(to_phone())
    assert no.value.permanent
    assert no.value.signs_in


def test_a_gateway_that_asks_for_patience_gets_it():
    busy = httpx.Response(503, text="Temporal failure, try again later.")
    with pytest.raises(Refused) as no:
        Gateway(busy).connect().publish(to_phone())
    assert not no.value.permanent


def test_what_came_from_a_name_cannot_be_answered_and_nothing_leaves():
    gateway = Gateway(recorded("published"))
    with pytest.raises(Refused, match="no answer can reach it"):
        gateway.connect().publish(Outgoing("k", "Halo", reply_to=read("sms_of_a_name").handle))
    with pytest.raises(Refused, match="no telephone number"):
        gateway.connect().publish(Outgoing("k", "Halo", to="warga@contoh.example"))
    assert gateway.asked == []


@pytest.mark.parametrize("text", ["a" * 919, "🙏" * 202, "", "  \n"])
def test_what_the_gateway_would_cut_or_send_empty_is_refused_before(text):
    gateway = Gateway(recorded("published"))
    with pytest.raises(Refused):
        gateway.connect().publish(to_phone(text))
    assert gateway.asked == []


# What it costs


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("a" * 918, 6),
        ("{" * 80, 1), ("{" * 81, 2), ("{" * 152, 2), ("{" * 153, 3),
        ("🙏" * 35, 1), ("🙏" * 36, 2), ("🙏" * 67, 2), ("🙏" * 68, 3), ("🙏" * 201, 6),
    ],
)  # fmt: skip
def test_parts_are_counted_as_the_operator_counts_them(text, parts):
    assert counting.parts(text) == parts


@given(st.text(st.sampled_from("aé{€🙏“\n"), max_size=1000))
def test_what_has_the_length_of_six_parts_is_six_parts_at_most(text):
    fits = counting.length(text) <= counting.LONGEST
    assert fits == (counting.parts(text) <= counting.MOST_PARTS)


@given(st.text(st.sampled_from("aé{€"), max_size=500))
def test_no_sign_of_two_places_is_cut_in_half(text):
    places = sum(2 if sign in "{€" else 1 for sign in text)
    assert places <= counting.length(text) <= places + math.ceil(len(text) / 76)


# What comes in


def test_an_sms_is_a_direct_message_of_one_number():
    message = read("sms")
    assert isinstance(message, Incoming)
    assert message.text == "Lampu & jalan=mati é 🙏 100%"
    assert message.author_id == message.thread_id == message.address == "+628110000001"
    assert (message.kind, message.is_public, message.is_automatic) == ("direct", False, False)
    assert message.remote_id == "63428b65-94fe-4e5f-9e55-2d9e2e3c7e11"


def test_words_in_ucs_2_are_read():
    assert read("sms_wide").text == "Air 🙏"


def test_a_name_is_a_machine_and_is_owed_nothing():
    message = read("sms_of_a_name")
    assert (message.author_id, message.is_automatic, message.address) == ("BANK", True, "")


@pytest.mark.parametrize("written", SIBLINGS)
def test_one_telephone_has_one_spelling(written):
    assert e164(written) == "+62811000001"


@pytest.mark.parametrize(
    "written", ["1708", "BANK", "", "+", "0", "62811x00001", "1" * 16, "+0811"]
)
def test_what_is_no_telephone_has_no_number(written):
    assert e164(written) == ""


@given(st.from_regex(r"\+[1-9][0-9]{7,14}", fullmatch=True))
def test_a_number_in_its_one_spelling_stays_as_it_is(number):
    assert e164(number) == number


def test_reports_say_what_became_of_it():
    arrived, refused = read("report_arrived"), read("report_rejected")
    assert arrived.arrived
    assert (refused.arrived, refused.permanent) == (False, True)
    assert "Invalid Destination Address" in refused.words
    for on_its_way in (4, 8):
        assert Sms(SETTINGS).parse(f"report=a&state={on_its_way}&words=".encode()) == []


@pytest.mark.parametrize(
    "parcel",
    [
        b"report=a&state=3", b"report=a", b"report=&state=1", b"text=x", b"from=1&text=x",
        b"from=1&text=x&id=1&at=9999999999999999", b"from=1&text=x&id=1&at=x",
        b"from=1&text=x&id=1&at=999999999999999", b"from=1&text=%00&coding=1&id=1&at=1",
        b"from=1&text=x&charset=EBCDIC&id=1&at=1",
    ],
)  # fmt: skip
def test_what_kannel_does_not_say_is_unreadable(parcel):
    with pytest.raises(Unreadable):
        Sms(SETTINGS).parse(parcel)


def test_an_sms_without_words_is_nothing():
    assert Sms(SETTINGS).parse(b"from=628110000001&to=1708&at=1&id=a&text=+") == []


# Care


def test_the_check_asks_for_an_sms_to_nobody():
    gateway = Gateway(recorded("no_receiver"))
    health = gateway.connect().check()
    assert health.handle == "1708"
    assert "x-kannel-to" not in gateway.asked[0].headers


def test_a_wrong_password_is_told_apart_from_other_refusals():
    connector = Gateway(recorded("refused_password")).connect()
    with pytest.raises(Refused, match="does not accept user and password") as no:
        connector.check()
    assert not no.value.signs_in
    with pytest.raises(Refused) as no:
        connector.publish(to_phone())
    assert not no.value.signs_in
    assert "kunci-sms" not in str(no.value)


@pytest.mark.parametrize(
    "answer", [httpx.Response(200, text="Selamat datang"), httpx.Response(404, text="no")]
)
def test_another_server_at_this_address_is_refused(answer):
    with pytest.raises(Refused):
        Gateway(answer).connect().check()


@pytest.mark.parametrize("password", ["kunci\r\nX-Kannel-To: 1", "kuncí"])
def test_a_password_that_no_header_carries_is_refused_before_anything_leaves(password):
    gateway = Gateway(recorded("no_receiver"))
    with pytest.raises(Refused, match="ASCII"):
        gateway.connect(password=password).check()
    assert gateway.asked == []


def test_the_office_is_told_what_to_enter_there():
    assert Sms(SETTINGS).to_enter_there() == (
        f"{HOOK}?from=%p&to=%P&at=%T&coding=%c&charset=%C&id=%I&text=%b"
    )
    assert Sms({}).to_enter_there() == ""


def test_an_answer_costs_what_the_operator_takes_for_each_part():
    line = Sms({"price_per_part": "350 IDR"})
    at = datetime(2026, 11, 22, tzinfo=UTC)
    rights = line.reply_rights({"number": "+6281234567890"}, is_public=False, sent_at=at)
    assert (rights.may, rights.how, rights.until, rights.price) == (True, "sms", None, "350 IDR")
    assert [line.pieces(text) for text in ("a" * 160, "a" * 161, "😀" + "a" * 69)] == [1, 2, 2]


def test_a_short_code_cannot_be_answered_and_the_words_say_why():
    at = datetime(2026, 11, 22, tzinfo=UTC)
    rights = Sms({}).reply_rights({"number": "BANK"}, is_public=False, sent_at=at)
    assert not rights.may
    assert "short code" in rights.why_not
