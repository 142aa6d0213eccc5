"""The Mastodon connector against 1,288 recorded exchanges with real servers."""

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from balai.channels.contract import (
    Gone,
    Http,
    Incoming,
    OutcomeUnknown,
    Outgoing,
    Pending,
    Picture,
    Receipt,
    Refused,
)
from balai.channels.providers.mastodon import outward, words
from balai.channels.providers.mastodon.connector import Mastodon
from tests.peers.mastodon_recordings import Exchange, exchanges

pytestmark = pytest.mark.peer
NUMBER = re.compile(r"/\d+")


@pytest.fixture(scope="module")
def recorded() -> list[Exchange]:
    return exchanges()


def again(one: Exchange) -> httpx.Response:
    """The real server's answer, word for word."""
    kept = {n: v for n, v in one.headers.items() if n in ("content-type", "link", "retry-after")}
    limits = {n: v for n, v in one.headers.items() if n.startswith("x-ratelimit")}
    return httpx.Response(one.status, headers=kept | limits, content=one.answer)


class Replay:
    """A connector that hears these answers, by method and path; `asked` is what it said."""

    def __init__(self, *known: Exchange, **settings: str) -> None:
        self.known = {(one.method, one.path): one for one in known}
        self.asked: list[httpx.Request] = []
        line = Http("http://nyata.example", transport=httpx.MockTransport(self._answer))
        told = {"server": "nyata.example", "account_id": "0", **settings}
        self.connector = Mastodon(told, http=line)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        one = self.known.get((request.method, request.url.path))
        return again(one) if one else httpx.Response(404, json={"error": "Record not found"})


def of(recorded: list[Exchange], method: str, path: str, *statuses: int) -> list[Exchange]:
    """Exchanges of this method whose path looks like this; numbers are written as N."""
    wanted = statuses or (200,)
    return [
        one for one in recorded
        if one.method == method and NUMBER.sub("/N", one.path) == path and one.status in wanted
    ]  # fmt: skip


def statuses_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every status anywhere in an answer."""
    if isinstance(value, dict):
        if {"content", "visibility", "account", "created_at", "id"} <= value.keys():
            yield value
        for inner in value.values():
            yield from statuses_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from statuses_in(inner)


def answers(recorded: list[Exchange]) -> Iterator[Any]:
    for one in recorded:
        try:
            yield json.loads(one.answer)
        except ValueError:
            continue


def parcel(status: dict[str, Any], kind: str = "mention") -> bytes:
    note = {"id": "1", "type": kind, "created_at": status["created_at"], "status": status}
    said = {"notification": note, "above": [], "server": "nyata.example", "account": "0"}
    return json.dumps(said).encode()


class Judge(HTMLParser):
    """The words and the links of some HTML, read by Python's own parser."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.said, self.links = "", []
        self.feed(content)
        self.close()

    def handle_data(self, data: str) -> None:
        self.said += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "a" and "mention" not in (named.get("class") or ""):
            self.links.append(named.get("href"))


def test_all_of_them_are_there(recorded):
    assert len(recorded) == 1288
    assert Counter(one.status // 100 for one in recorded) == {2: 1259, 4: 29}


def test_each_ends_in_a_yes_or_an_honest_no(recorded):
    for one in recorded:
        line = Http(
            "http://nyata.example", transport=httpx.MockTransport(lambda _, o=one: again(o))
        )
        is_json = "json" in one.headers.get("content-type", "")
        if one.status >= 400:
            with pytest.raises(Refused) as no:
                line.do(one.path, method=one.method)
            assert (no.value.status, no.value.permanent) == (one.status, True)
            assert no.value.signs_in == (one.status != 401)
            assert not is_json or json.loads(one.answer)["error"] in str(no.value)
        elif is_json or not one.answer:
            said = line.do(one.path, method=one.method)
            assert said == (json.loads(one.answer) if one.answer else {})
        else:  # streams, pages for people: a yes that is no JSON
            with pytest.raises(OutcomeUnknown):
                line.do(one.path, method=one.method)


def test_every_status_that_a_real_server_told_can_be_read_in_full(recorded):
    seen = 0
    for status in (s for answer in answers(recorded) for s in statuses_in(answer)):
        (message,) = Mastodon({}).parse(parcel(status))
        judge = Judge(status["content"])
        seen += 1
        assert isinstance(message, Incoming)
        assert (message.remote_id, message.url) == (status["id"], status["url"] or status["uri"])
        assert message.author_id == f"{status['account']['id']}@nyata.example"
        assert message.is_public == (status["visibility"] in ("public", "unlisted"))
        assert all(link in message.text for link in judge.links)
        assert not re.search(r"</?(p|br|a|span)\b", message.text)
        if not (judge.links or status["mentions"] or status.get("poll")):
            assert "".join(message.text.split()) == "".join(judge.said.split())
        assert len(message.attachments) >= len(status["media_attachments"])
        for file, told in zip(message.attachments, status["media_attachments"], strict=False):
            assert file.alt == (told["description"] or "")
    assert seen > 500


def test_every_list_of_notifications_is_fetched_whole(recorded):
    pages = of(recorded, "GET", "/api/v1/notifications")
    brought = 0
    for one in pages:
        told = json.loads(one.answer)
        fetched = Replay(one).connector.fetch("")
        # A real server also told of mentions without the status.
        kinds = ("mention", "quote")
        wanted = {n["status"]["id"] for n in told if n["type"] in kinds and n.get("status")}
        found = [m for body in fetched.parcels for m in Mastodon({}).parse(body)]
        assert {m.remote_id for m in found} == wanted
        assert len(found) == len(wanted)
        again_asked = Replay(one).connector.fetch(fetched.cursor)
        assert not [m for b in again_asked.parcels for m in Mastodon({}).parse(b)]
        brought += len(found)
    assert len(pages) == 14
    assert brought > 4


def test_a_message_that_vanished_from_a_real_list_is_looked_for_and_gone(recorded):
    one = next(
        o for o in of(recorded, "GET", "/api/v1/notifications")
        if any(n["type"] == "mention" for n in json.loads(o.answer))
    )  # fmt: skip
    cursor = Replay(one).connector.fetch("").cursor
    emptied = Exchange(**{**vars(one), "answer": b"[]"})

    fetched = Replay(emptied).connector.fetch(cursor)

    gone = [m for body in fetched.parcels for m in Mastodon({}).parse(body)]
    assert [type(m) for m in gone] == [Gone]
    assert Replay(emptied).connector.fetch(fetched.cursor).parcels == ()


def posted(recorded: list[Exchange]) -> list[Exchange]:
    """Statuses asked for by a form, and now."""
    return [
        one for one in of(recorded, "POST", "/api/v1/statuses")
        if "urlencoded" in one.kind and "scheduled_at" not in one.form()
    ]  # fmt: skip


def asked_alike(one: Exchange) -> Outgoing:
    """Our message for the library's question, as far as ours can say it."""
    form = one.form()
    handle = None
    if "in_reply_to_id" in form:
        handle = {
            "id": form["in_reply_to_id"],
            "visibility": form.get("visibility", "public"),
            "spoiler": form.get("spoiler_text", ""),
        }
    text, language = str(form.get("status", "")), str(form.get("language", ""))
    return Outgoing("kunci", text, reply_to=handle, language=language)


def test_what_we_ask_for_is_what_real_servers_granted(recorded):
    granted = {name for one in posted(recorded) for name in one.form()}
    whole = outward.Draft("a", "direct", "b", "id", "7").form(("8",))
    assert whole.keys() - granted == {"language"}  # in the documents, never recorded
    compared = 0
    for one in posted(recorded):
        replay = Replay(one)
        receipt = replay.connector.publish(asked_alike(one))
        (asked,) = replay.asked
        ours = httpx.QueryParams(asked.content.decode())
        theirs = one.form()
        for name in ours.keys() & theirs.keys() - {"visibility", "sensitive"}:
            assert ours.get_list(name) == httpx.QueryParams({name: theirs[name]}).get_list(name)
        assert asked.headers["content-type"] == one.kind
        assert asked.headers["idempotency-key"].startswith("kunci.")
        assert isinstance(receipt, Receipt)
        assert receipt.remote_id == json.loads(one.answer)["id"]
        compared += 1
    assert compared > 200


def test_our_own_words_are_recognised_in_what_a_real_server_made_of_them(recorded):
    known = 0
    for one in posted(recorded):
        form, status = one.form(), json.loads(one.answer)
        if not form.get("status") or "quoted_status_id" in form:
            continue
        answers = str(form.get("in_reply_to_id", ""))
        draft = outward.Draft(str(form["status"]), "public", answers=answers)
        assert draft.is_in(status), (form, status["content"])
        other = outward.Draft(f"{form['status']} lain", "public", answers=answers)
        assert not other.is_in(status)
        known += 1
    assert known > 200


def test_a_real_deletion_a_real_edit_and_a_real_upload_are_understood(recorded):
    for one in of(recorded, "DELETE", "/api/v1/statuses/N"):
        replay = Replay(one)
        replay.connector.retract(Receipt(one.path.rpartition("/")[2]))
        assert [r.method for r in replay.asked] == ["DELETE"]
    for one in of(recorded, "PUT", "/api/v1/statuses/N"):
        number = one.path.rpartition("/")[2]
        receipt = Receipt(number, handle={"visibility": "public"})
        changed = Replay(one).connector.edit(receipt, Outgoing("k", "baru"))
        assert changed.remote_id == number
    picture = Picture(b"\xff\xd8", "image/jpeg", "peta")
    status = of(recorded, "POST", "/api/v1/statuses")[0]
    ready = Counter()
    for one in of(recorded, "POST", "/api/v2/media", 200, 202):
        replay = Replay(one, status)
        answer = replay.connector.publish(Outgoing("k", "x", pictures=(picture,)))
        ready[type(answer)] += 1
        assert (isinstance(answer, Pending)) == (one.status == 202)
        upload = replay.asked[0].content
        assert b'name="file"; filename="gambar.jpeg"' in upload
        assert b'name="description"' in upload
        assert not one.asked or b'name="file"' in one.asked
    assert ready[Pending] > 0
    assert ready[Receipt] > 5


def test_real_servers_say_who_we_are_and_what_they_accept(recorded):
    account = of(recorded, "GET", "/api/v1/accounts/verify_credentials")[0]
    notes = of(recorded, "GET", "/api/v1/notifications")[0]
    instances = [
        Exchange(**{**vars(one), "path": "/api/v2/instance"})
        for one in of(recorded, "GET", "/api/v2/instance/")
    ]
    assert len(instances) > 60
    for instance in instances:
        health = Replay(account, notes, instance).connector.check()
        here = Mastodon({"server": "x", **health.learnt})
        assert health.platform_user_id == json.loads(account.answer)["id"]
        assert here.limits_here().text == 468
        assert here.limits_here().alt_text == 10_000
        assert here.length("https://" + "a" * 90) == 23


def test_html_of_real_servers_is_never_longer_as_words(recorded):
    for status in (s for answer in answers(recorded) for s in statuses_in(answer)):
        said = words.text_of({"content": status["content"]})
        assert len(said) <= len(html.unescape(status["content"])) + 1
