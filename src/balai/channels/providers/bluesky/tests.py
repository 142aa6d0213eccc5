"""What is peculiar to Bluesky: answers recorded from the reference network, and odd JSON."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from balai.channels.contract import (
    Http,
    Incoming,
    NotSent,
    OutcomeUnknown,
    Outgoing,
    Picture,
    Receipt,
    Refused,
    Unreadable,
)
from balai.channels.providers.bluesky import records
from balai.channels.providers.bluesky.connector import Bluesky

FIXTURES = Path(__file__).parent / "fixtures"
AT = datetime(2026, 11, 20, 3, 4, 5, 678_000, tzinfo=UTC)
SETTINGS = {"handle": "@kota.test ", "app_password": "abcd-efgh"}


def recorded(name: str) -> dict[str, Any]:
    return json.loads((FIXTURES / f"{name}.json").read_text())


def parcel(name: str, **changes: Any) -> bytes:
    """A recorded parcel; `changes` replace fields of its record."""
    said = recorded(name)
    said["notification"]["record"] |= changes
    return json.dumps(said).encode()


class Line:
    """Answers in the order told, by method name; what was not told gets the recorded answer."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {"createSession": recorded("session"), **answers}
        self.asked: list[tuple[str, httpx.Request]] = []

    def connect(self) -> Bluesky:
        transport = httpx.MockTransport(self._answer)
        return Bluesky(SETTINGS, http=Http("https://bsky.example", transport=transport))

    def names(self) -> list[str]:
        return [name for name, _ in self.asked]

    def sent(self, name: str) -> Any:
        return next(json.loads(r.content) for asked, r in self.asked if asked == name)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition(".")[2]
        self.asked.append((name, request))
        answer = self.answers[name]
        if isinstance(answer, list):
            answer = answer.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer["status"], answer["body"]
        return httpx.Response(status, json=body, headers=answer.get("headers"))


def no(status: int, code: str, **headers: str) -> dict[str, Any]:
    return {"status": status, "body": {"error": code, "message": code}, "headers": headers}


def yes(**body: Any) -> dict[str, Any]:
    return {"status": 200, "body": body}


# Outward


def test_publishing_writes_only_where_nothing_is_and_brings_the_proof():
    line = Line(putRecord=recorded("published"))

    receipt = line.connect().publish(Outgoing(key="k", text="Halo", at=AT, language="id"))

    sent = line.sent("putRecord")
    assert sent["swapRecord"] is None
    assert sent["rkey"] == records.record_key("k", AT)
    assert sent["record"] == {
        "$type": "app.bsky.feed.post",
        "text": "Halo",
        "createdAt": "2026-11-20T03:04:05.678Z",
        "langs": ["id"],
    }
    body = recorded("published")["body"]
    assert receipt.remote_id == body["uri"]
    assert receipt.handle["root"] == {"uri": body["uri"], "cid": body["cid"]}
    assert receipt.url.startswith("https://bsky.app/profile/did:plc:")
    assert line.sent("createSession") == {"identifier": "kota.test", "password": "abcd-efgh"}


def test_a_place_that_is_taken_by_the_same_text_is_success_and_by_another_a_refusal():
    found = recorded("found")
    at = datetime.fromisoformat(found["body"]["value"]["createdAt"])
    text = found["body"]["value"]["text"]
    taken = recorded("refused_other_text")

    same = Line(putRecord=taken, getRecord=found).connect()
    assert (
        same.publish(Outgoing(key="recorded", text=text, at=at)).remote_id == found["body"]["uri"]
    )

    with pytest.raises(Refused) as refusal:
        Line(putRecord=taken, getRecord=found).connect().publish(Outgoing("k", "lain", at=at))
    assert refusal.value.permanent


def test_the_networks_own_words_are_kept():
    with pytest.raises(Refused, match="maximum 300, got 301") as refusal:
        Line(putRecord=recorded("refused_too_long")).connect().publish(Outgoing("k", "a", at=AT))
    assert refusal.value.permanent


def test_an_answer_carries_parent_and_root():
    line = Line(putRecord=recorded("published"))
    root = {"uri": "at://did:plc:a/app.bsky.feed.post/1", "cid": "c1"}
    parent = {"uri": "at://did:plc:b/app.bsky.feed.post/2", "cid": "c2"}

    receipt = line.connect().publish(Outgoing("k", "Baik", reply_to=parent | {"root": root}, at=AT))

    assert line.sent("putRecord")["record"]["reply"] == {"root": root, "parent": parent}
    assert receipt.handle["root"] == root


def test_an_answer_to_nothing_never_leaves():
    line = Line()
    with pytest.raises(Refused, match="address"):
        line.connect().publish(Outgoing("k", "Baik", reply_to={"uri": "at://x"}, at=AT))
    assert "putRecord" not in line.names()


def test_a_failing_upload_is_not_sent_because_nothing_can_be_seen_of_it():
    line = Line(uploadBlob=no(500, "InternalServerError"))
    picture = Picture(b"GIF89a\x02\x00\x01\x00", "image/gif", "titik")
    with pytest.raises(NotSent):
        line.connect().publish(Outgoing("k", "x", pictures=(picture,), at=AT))
    assert "putRecord" not in line.names()


@pytest.mark.parametrize(
    "answer",
    [no(500, "InternalServerError"), httpx.ReadTimeout("slow"), yes(), yes(uri="", cid="")],
)
def test_an_answer_that_proves_nothing_is_a_doubt(answer: Any):
    with pytest.raises(OutcomeUnknown):
        Line(putRecord=answer).connect().publish(Outgoing("k", "x", at=AT))


def test_a_limit_by_window_says_how_long_to_wait():
    opens = int((datetime.now(UTC) + timedelta(minutes=5)).timestamp())
    limit = no(429, "RateLimitExceeded", **{"RateLimit-Reset": str(opens)})
    with pytest.raises(Refused) as refusal:
        Line(putRecord=limit).connect().publish(Outgoing("k", "x", at=AT))
    assert not refusal.value.permanent
    assert timedelta(minutes=4) < refusal.value.wait <= timedelta(minutes=5)


def test_probing_finds_nothing_or_the_post_or_says_that_it_cannot_tell():
    found = recorded("found")
    value = found["body"]["value"]
    post = Outgoing("k", value["text"], at=datetime.fromisoformat(value["createdAt"]))

    assert Line(getRecord=recorded("not_found")).connect().probe(post) is None
    assert Line(getRecord=found).connect().probe(post).remote_id == found["body"]["uri"]
    for doubt in (no(500, "x"), no(400, "Other"), httpx.ConnectError("cut"), yes(value={})):
        with pytest.raises(OutcomeUnknown):
            Line(getRecord=doubt).connect().probe(post)


def test_only_our_own_posts_can_be_retracted():
    with pytest.raises(Refused):
        Line().connect().retract(Receipt("at://did:plc:other/app.bsky.feed.post/3k"))


# Signing in


def test_a_stale_token_is_renewed_and_a_dead_one_signs_in_anew():
    line = Line(
        putRecord=[no(400, "ExpiredToken"), recorded("published")],
        refreshSession=no(400, "ExpiredToken"),
    )
    assert line.connect().publish(Outgoing("k", "x", at=AT)).remote_id
    names = ["createSession", "putRecord", "refreshSession", "createSession", "putRecord"]
    assert line.names() == names


def test_a_token_is_renewed_only_once_for_one_question():
    line = Line(putRecord=no(400, "ExpiredToken"), refreshSession=recorded("session"))
    with pytest.raises(Refused):
        line.connect().publish(Outgoing("k", "x", at=AT))
    assert line.names().count("putRecord") == 2


@pytest.mark.parametrize("code", ["AuthenticationRequired", "AuthFactorTokenRequired"])
def test_a_refused_sign_in_names_the_credentials(code: str):
    with pytest.raises(Refused, match=code) as refusal:
        Line(createSession=no(401, code)).connect().check()
    assert not refusal.value.signs_in


def test_signing_in_that_fails_halfway_is_not_sent():
    for answer in (no(500, "x"), httpx.ReadTimeout("slow"), yes(did="did:plc:a")):
        with pytest.raises(NotSent):
            Line(createSession=answer).connect().publish(Outgoing("k", "x", at=AT))


def test_a_suspended_account_is_refused():
    session = recorded("session")
    session["body"] |= {"active": False, "status": "suspended"}
    with pytest.raises(Refused, match="suspended"):
        Line(createSession=session).connect().check()


# Inward


def read(body: bytes) -> Incoming:
    (message,) = Bluesky(SETTINGS).parse(body)
    return message


def test_a_mention_is_read_with_its_whole_link():
    message = read(parcel("mention"))
    notification = recorded("mention")["notification"]
    assert message.text == "@kota.test benar? https://berita.test/banjir/2026"
    assert message.remote_id == message.thread_id == notification["uri"]
    assert message.author_id == notification["author"]["did"]
    assert (message.kind, message.language) == ("mention", "id")
    assert message.handle["root"] == {"uri": notification["uri"], "cid": notification["cid"]}
    assert message.answers == ()


def test_a_reply_belongs_to_the_thread_of_its_root_and_brings_what_was_said():
    message, published = read(parcel("reply")), recorded("published")["body"]
    assert message.kind == "reply"
    assert message.thread_id == published["uri"]
    assert message.answers == (published["uri"],)
    assert message.handle["root"] == {"uri": published["uri"], "cid": published["cid"]}
    assert message.facts["context"][0]["text"] == "Posko banjir buka di lapor.go.id/posko"


def test_a_quote_is_a_thread_of_its_own_that_names_what_it_quotes():
    message = read(parcel("quote"))
    assert message.kind == "quote"
    assert message.thread_id == message.remote_id
    assert message.answers == (recorded("published")["body"]["uri"],)


def test_a_clock_that_runs_ahead_is_not_believed():
    ahead = read(parcel("mention", createdAt="2999-01-01T00:00:00Z"))
    nonsense = read(parcel("mention", createdAt="kemarin"))
    indexed = datetime.fromisoformat(recorded("mention")["notification"]["indexedAt"])
    assert ahead.sent_at == nonsense.sent_at == indexed


def test_what_we_wrote_ourselves_and_what_is_no_message_is_left_out():
    said = recorded("mention")
    ours = said | {"account": said["notification"]["author"]["did"]}
    like = said | {"notification": said["notification"] | {"reason": "like"}}
    assert Bluesky(SETTINGS).parse(json.dumps(ours).encode()) == []
    assert Bluesky(SETTINGS).parse(json.dumps(like).encode()) == []


def test_a_link_card_a_video_and_a_picture_beside_a_quote_come_as_attachments():
    card = {"external": {"uri": "https://a.test/x", "title": "Berita"}}
    video = {"video": {"mimeType": "video/mp4", "ref": {"$link": "bafy"}}, "alt": "hujan"}
    image = {"alt": "peta", "image": {"mimeType": "image/png", "ref": {"$link": "bafz"}}}
    both = {"record": {"record": {"uri": "at://did:plc:a/app.bsky.feed.post/1"}}}
    both["media"] = {"images": [image]}
    read_one = [read(parcel("mention", embed=embed)) for embed in (card, video, both)]
    (link,), (film,), (picture,) = (message.attachments for message in read_one)
    assert (link.url, link.name) == ("https://a.test/x", "Berita")
    assert (film.mime, film.alt) == ("video/mp4", "hujan")
    assert (picture.mime, picture.alt, picture.name) == ("image/png", "peta", "bafz")
    assert read_one[2].answers == ("at://did:plc:a/app.bsky.feed.post/1",)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\ud800\x00"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["text", "createdAt", "facets", "embed", "langs", "reply", "indexedAt", "author", "uri"]


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
@example(b"[" * 100_000)
@example(b"9" * 5000)
def test_no_parcel_crashes_the_reader(body: bytes):
    with suppress(Unreadable):
        Bluesky(SETTINGS).parse(body)


@given(st.sampled_from(["mention", "reply", "quote"]), st.sampled_from(FIELDS), JSON)
def test_a_message_with_one_odd_field_is_read_or_unreadable_and_always_alike(
    name: str, field: str, value: Any
):
    said = recorded(name)
    place = said["notification"]
    (place["record"] if field in place["record"] else place)[field] = value
    body = json.dumps(said).encode()
    try:
        message = read(body)
    except Unreadable:
        return
    json.dumps([message.text, message.facts], ensure_ascii=False).encode()
    again = read(body)
    assert (message.remote_id, message.thread_id) == (again.remote_id, again.thread_id)
