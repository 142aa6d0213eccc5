"""What is peculiar to Mastodon: who sees an answer, one status for one message, whole pages.

Real servers' answers are replayed in tests/journeys/test_mastodon_recordings.py.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balai.channels.contract import (
    Gone,
    Http,
    Incoming,
    NotSent,
    OutcomeUnknown,
    Outgoing,
    Pending,
    Picture,
    Receipt,
    Refused,
)  # fmt: skip
from balai.channels.providers.mastodon import inward, words
from balai.channels.providers.mastodon.connector import Mastodon

FIXTURES = Path(__file__).parent / "fixtures"
AT = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
SETTINGS = {"server": "sosial.example", "access_token": "rahasia", "account_id": "109001"}
PICTURE = Picture(b"GIF89a", "image/gif", "Peta banjir")
STATUSES = "/api/v1/statuses"
OWN = "/api/v1/accounts/109001/statuses"


def recorded(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text())


def read(name: str) -> Incoming:
    (message,) = Mastodon(SETTINGS).parse((FIXTURES / f"{name}.json").read_bytes())
    assert isinstance(message, Incoming)
    return message


def yes(body: Any, status: int = 200) -> dict[str, Any]:
    return {"status": status, "body": body}


class Line:
    """Answers by path; a list is used up. What was not told is not found."""

    def __init__(self, **settings: str) -> None:
        self.settings = SETTINGS | settings
        self.answers: dict[str, Any] = {}
        self.asked: list[httpx.Request] = []

    def on(self, path: str, *answers: Any) -> "Line":
        self.answers[path] = list(answers)
        return self

    def connect(self) -> Mastodon:
        line = Http("https://sosial.example", transport=httpx.MockTransport(self._answer))
        return Mastodon(self.settings, http=line)

    def form(self, path: str = STATUSES) -> dict[str, list[str]]:
        """What the last question to this path carried."""
        asked = [r for r in self.asked if r.url.path == path]
        return parse_qs(asked[-1].content.decode())

    def paths(self) -> list[str]:
        return [f"{r.method} {r.url.path}" for r in self.asked]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        told = self.answers.get(request.url.path, [recorded("not_found")])
        answer = told.pop(0) if len(told) > 1 else told[0]
        if callable(answer):
            answer = answer(request)
        if isinstance(answer, Exception):
            raise answer
        headers = answer.get("headers")
        return httpx.Response(answer["status"], json=answer["body"], headers=headers)


@pytest.mark.parametrize("name", ["mention", "direct", "reply"])
def test_an_answer_is_seen_by_whom_the_question_was_seen_and_names_its_author(name):
    message, line = read(name), Line().on(STATUSES, recorded("answered"))

    line.connect().publish(Outgoing("k", "Kami catat.", reply_to=message.handle, at=AT))

    asked = line.form()
    assert asked["in_reply_to_id"] == [message.remote_id]
    assert asked["visibility"] == [message.handle["visibility"]]
    assert asked["status"] == [f"@{message.handle['acct']} Kami catat."]
    assert asked.get("spoiler_text", [""]) == [message.subject]


def test_a_person_who_is_named_already_is_not_named_twice():
    message, line = read("mention"), Line().on(STATUSES, recorded("answered"))
    text = "Terima kasih, @Warga@lain.example!"
    line.connect().publish(Outgoing("k", text, reply_to=message.handle, at=AT))
    assert line.form()["status"] == [text]


def test_a_kind_of_visibility_that_we_do_not_know_is_answered_to_its_author_alone():
    line = Line().on(STATUSES, recorded("answered"))
    handle = {**read("mention").handle, "visibility": "list"}
    line.connect().publish(Outgoing("k", "Ya.", reply_to=handle, at=AT))
    assert line.form()["visibility"] == ["direct"]


def test_a_long_warning_gives_way_to_the_answer():
    line = Line().on(STATUSES, recorded("answered"))
    handle = {**read("reply").handle, "spoiler": "p" * 100}
    text = "a" * 450
    line.connect().publish(Outgoing("k", text, reply_to=handle, at=AT))
    assert len(line.form()["spoiler_text"][0]) == 500 - len(f"@tetangga {text}")


def test_the_same_message_has_the_same_key_and_another_text_another():
    line = Line().on(STATUSES, recorded("published"))
    for text in ("Halo", "Halo", "Lain"):
        line.connect().publish(Outgoing("post-7", text, at=AT))
    first, second, third = (r.headers["idempotency-key"] for r in line.asked)
    assert first == second != third
    assert all(key.startswith("post-7.") for key in (first, third))


def test_the_networks_own_words_are_kept_and_an_answer_to_a_deleted_message_is_refused():
    with pytest.raises(Refused, match="character limit of 500") as no:
        Line().on(STATUSES, recorded("refused_too_long")).connect().publish(Outgoing("k", "a"))
    assert no.value.permanent
    with pytest.raises(Refused, match="Record not found"):
        Line().connect().publish(Outgoing("k", "a", reply_to=read("mention").handle))


@pytest.mark.parametrize("answer", [yes({}), yes({"id": ""}), yes([]), httpx.ReadTimeout("lama")])
def test_an_answer_that_proves_nothing_is_a_doubt(answer):
    with pytest.raises(OutcomeUnknown):
        Line().on(STATUSES, answer).connect().publish(Outgoing("k", "x", at=AT))


def test_a_picture_that_is_still_at_work_is_waited_for_and_the_status_goes_out_once():
    media = "/api/v1/media/117440900000000060"
    line = Line().on("/api/v2/media", recorded("processing")).on(OWN, yes([]))
    line.on(media, yes({"id": "1", "url": None}, 206), recorded("uploaded"))
    line.on(STATUSES, recorded("published"))
    post = Outgoing("k", "Halo, terima kasih.", pictures=(PICTURE,), at=AT)

    pending = line.connect().publish(post)
    assert isinstance(pending, Pending)
    assert isinstance(line.connect().follow_up(post, pending.handle), Pending)
    assert f"POST {STATUSES}" not in line.paths()
    receipt = line.connect().follow_up(post, pending.handle)

    assert line.form()["media_ids[]"] == ["117440900000000060"]
    assert receipt.remote_id == "117440900000000050"
    line.on(OWN, yes([recorded("published")["body"]]))  # a worker died after the network's yes
    assert line.connect().follow_up(post, pending.handle) == receipt
    assert line.paths().count(f"POST {STATUSES}") == 1


def test_a_picture_carries_its_description_and_one_without_is_not_sent():
    line = Line().on("/api/v2/media", recorded("uploaded")).on(STATUSES, recorded("published"))
    line.connect().publish(Outgoing("k", "x", pictures=(PICTURE,), at=AT))
    assert b'name="description"\r\n\r\nPeta banjir' in line.asked[0].content
    with pytest.raises(Refused, match="description"):
        line.connect().publish(Outgoing("k", "x", pictures=(Picture(b"", "image/png", " "),)))


def test_older_software_takes_pictures_at_the_older_address_and_a_failure_is_harmless():
    line = Line().on("/api/v1/media", recorded("uploaded")).on(STATUSES, recorded("published"))
    assert line.connect().publish(Outgoing("k", "x", pictures=(PICTURE,), at=AT))
    with pytest.raises(NotSent):
        Line().on("/api/v2/media", httpx.ReadTimeout("lama")).connect().publish(
            Outgoing("k", "x", pictures=(PICTURE,))
        )


def asked_before(minutes: float) -> Outgoing:
    tried = datetime.now(UTC) - timedelta(minutes=minutes)
    handle = read("mention").handle
    text = "Besok petugas datang. https://lapor.example/7"
    return Outgoing("k", text, reply_to=handle, at=AT, tried_at=tried)


def test_our_own_status_is_recognised_in_the_networks_html():
    line = Line().on(OWN, yes([recorded("published")["body"], recorded("answered")["body"]]))
    found = line.connect().probe(asked_before(2))
    assert found.remote_id == "117440900000000051"
    assert found.handle["acct"] == "warga@lain.example"


def test_absence_is_told_while_the_network_knows_our_key_and_neither_sooner_nor_later():
    line = Line().on(OWN, yes([]))
    assert line.connect().probe(asked_before(2)) is None
    for minutes in (0.1, 58, 600):
        with pytest.raises(OutcomeUnknown):
            line.connect().probe(asked_before(minutes))


def test_another_text_of_ours_under_the_same_message_is_for_a_person_to_judge():
    body = {**recorded("answered")["body"], "content": "<p><em>Besok</em></p>"}
    with pytest.raises(OutcomeUnknown, match="another text"):
        Line().on(OWN, yes([body])).connect().probe(asked_before(2))


@pytest.mark.parametrize("answer", [yes({}), yes("x", 500), httpx.ConnectError("putus")])
def test_a_look_that_fails_proves_nothing(answer):
    with pytest.raises(OutcomeUnknown):
        Line().on(OWN, answer).connect().probe(asked_before(2))


def test_an_edit_keeps_the_person_the_warning_and_the_id():
    line = Line().on(f"{STATUSES}/7", recorded("answered"))
    receipt = Receipt("7", handle={"acct": "warga", "visibility": "direct", "spoiler": "banjir"})
    line.connect().edit(receipt, Outgoing("k2", "Lusa."))
    assert line.paths() == [f"PUT {STATUSES}/7"]
    assert line.form(f"{STATUSES}/7") == {
        "status": ["@warga Lusa."], "spoiler_text": ["banjir"], "sensitive": ["true"],
    }  # fmt: skip


def test_what_is_gone_is_retracted_and_what_is_refused_is_not():
    Line().connect().retract(Receipt("7"))
    with pytest.raises(Refused):
        Line().on(f"{STATUSES}/7", recorded("refused_scope")).connect().retract(Receipt("7"))


# Care


def test_the_check_says_who_we_are_and_learns_what_the_server_accepts():
    line = Line().on("/api/v1/accounts/verify_credentials", recorded("credentials"))
    line.on("/api/v1/notifications", yes([])).on("/api/v2/instance", recorded("instance"))
    health = line.connect().check()
    here = Mastodon(SETTINGS | health.learnt)
    assert (health.platform_user_id, health.handle) == ("109001", "kota_contoh@sosial.example")
    assert here.limits_here().text == 1000 - 32
    assert here.length("@warga@lain.example https://a.example/" + "b" * 99) == len("@warga ") + 23


def test_other_software_counts_links_as_they_are_and_says_its_limits_elsewhere():
    told = {"uri": "https://akkoma.example", "version": "2.7.2 (compatible; Akkoma 3.13)"}
    line = Line().on("/api/v1/accounts/verify_credentials", recorded("credentials"))
    line.on("/api/v1/notifications", yes([]))
    line.on("/api/v1/instance", yes({**told, "max_toot_chars": 5000}))
    health = line.connect().check()
    here = Mastodon(SETTINGS | health.learnt)
    assert health.handle == "kota_contoh@akkoma.example"
    assert here.limits_here().text == 5000 - 32
    assert here.length("https://a.example/" + "b" * 99) == 117


@pytest.mark.parametrize("name", ["refused_token", "refused_scope"])
def test_a_token_of_no_use_is_a_refused_sign_in(name):
    line = Line().on("/api/v1/accounts/verify_credentials", recorded("credentials"))
    with pytest.raises(Refused) as no:
        line.on("/api/v1/notifications", recorded(name)).connect().check()
    assert not no.value.signs_in


def test_a_mention_is_read_with_whole_links_names_tags_lines_and_pictures():
    message = read("mention")
    assert message.text == (
        "@kota_contoh jalan di depan SD rusak parah.\n"
        "Lihat https://berita.example/kota/2026/11/jalan-rusak-di-depan-sd #JalanRusak\n\n"
        "Kapan diperbaiki?"
    )
    assert (message.kind, message.is_public, message.language) == ("mention", True, "id")
    assert message.thread_id == message.remote_id
    assert message.author_id == "109077@sosial.example"
    assert message.author_handle == "warga@lain.example"
    (picture,) = message.attachments
    assert (picture.mime, picture.alt) == ("image/jpeg", "Lubang besar di jalan")


def test_kinds_threads_and_what_was_said_before_are_told_apart():
    direct, reply, quote = read("direct"), read("reply"), read("quote")
    ours = read("answer_with_poll")
    assert (direct.kind, direct.is_public) == ("direct", False)
    assert (reply.kind, ours.kind, quote.kind) == ("mention", "reply", "quote")
    assert reply.thread_id == ours.thread_id == "117440900000000030"
    assert reply.answers == ("117440900000000031", "117440900000000030")
    assert [said["text"] for said in reply.facts["context"]][-1] == "Apakah ada dapur umum?"
    assert reply.subject == "banjir"
    assert quote.answers == ("117440900000000030",)
    assert ours.text.endswith("- Datang\n- Tidak")


def test_what_its_author_took_back_is_gone():
    assert Mastodon(SETTINGS).parse((FIXTURES / "gone.json").read_bytes()) == [
        Gone("117440900000000010")
    ]


class Notifications:
    """A list of mentions that grows and shrinks, paged as Mastodon pages, or as others do."""

    def __init__(self, *, cut: int = 40, newest_first: bool = False) -> None:
        self.numbers: list[int] = []
        self.cut, self.newest_first = cut, newest_first
        self.line = Line().on("/api/v1/notifications", self.answer)

    def answer(self, request: httpx.Request) -> dict[str, Any]:
        asked = {name: int(v) for name, v in request.url.params.items() if name.endswith("_id")}
        low = max(asked.get("min_id", 0), asked.get("since_id", 0))
        found = sorted(n for n in self.numbers if low < n < asked.get("max_id", 10**9))
        upwards = "min_id" in asked and not self.newest_first
        found = found[: self.cut] if upwards else found[-self.cut :]
        return yes([self.note(n) for n in reversed(found)])

    @staticmethod
    def note(number: int) -> dict[str, Any]:
        note = recorded("mention")["notification"]
        note["id"], note["status"]["id"] = str(number), f"9{number:06}"
        return note

    def read_on(self, cursor: str) -> tuple[list[Any], str]:
        came, more = [], True
        while more:
            fetched = self.line.connect().fetch(cursor)
            came += [m for body in fetched.parcels for m in Mastodon({}).parse(body)]
            cursor, more = fetched.cursor, fetched.more
        return came, cursor


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 90), min_size=1, max_size=6),
    st.booleans(),
    st.sampled_from([20, 30, 40]),
)
def test_nothing_is_lost_or_told_twice_however_a_server_pages(steps, newest_first, cut):
    network, cursor = Notifications(cut=cut, newest_first=newest_first), ""
    _, cursor = network.read_on(cursor)
    for step in steps:
        start = max(network.numbers, default=90)  # numbers grow from two digits to three
        fresh = list(range(start + 1, start + 1 + step))
        network.numbers += fresh
        came, cursor = network.read_on(cursor)
        assert sorted(m.remote_id for m in came) == [f"9{n:06}" for n in fresh]


def test_a_number_that_appears_late_is_found_and_one_that_vanishes_is_gone():
    network = Notifications()
    network.numbers = [101, 102, 104]
    _, cursor = network.read_on("")
    network.numbers = [102, 103, 104]
    came, cursor = network.read_on(cursor)
    assert {type(m) for m in came} == {Incoming, Gone}
    assert {m.remote_id for m in came} == {"9000101", "9000103"}
    assert network.read_on(cursor)[0] == []


def test_a_notification_that_was_only_cleared_is_not_gone():
    network = Notifications()
    network.numbers = [101]
    _, cursor = network.read_on("")
    network.numbers = []
    network.line.on(f"{STATUSES}/9000101", recorded("published"))
    assert network.read_on(cursor)[0] == []


def test_software_that_does_not_know_quotes_is_asked_for_mentions():
    def picky(request: httpx.Request) -> dict[str, Any]:
        if "quote" in request.url.params.get_list("types[]"):
            return yes({"error": "Invalid value for enum"}, 400)
        return yes([recorded("mention")["notification"]])

    line = Line().on("/api/v1/notifications", picky)
    assert len(line.connect().fetch("").parcels) == 1


def test_a_first_look_reads_two_weeks():
    old = recorded("mention")["notification"] | {"id": "1", "created_at": "2026-01-01T00:00:00Z"}
    new = recorded("direct")["notification"]
    line = Line().on("/api/v1/notifications", yes([new, old]), yes([]))
    assert len(line.connect().fetch("").parcels) == 1


@given(st.text() | st.none())
def test_any_cursor_can_be_read(cursor):
    mark = inward.read(cursor or "")
    assert inward.read(inward.write(mark)) == mark


@given(st.text(max_size=200))
def test_our_own_words_are_recognised_after_html_and_back(text):
    page = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = words.text_of({"content": f"<p>{page}</p>"})
    assert words.essence(shown) == words.essence(words.clean(text)) or "\x00" in text
