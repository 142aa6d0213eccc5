"""What is peculiar to Telegram: the token unseen, no second attempt.

What comes in is in test_inward.py.
"""

import contextlib
import dataclasses
import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.channels.contract import (
    Http,
    Incoming,
    OutcomeUnknown,
    Outgoing,
    Picture,
    Receipt,
    Refused,
    RemoteError,
)
from balai.channels.providers.telegram import outward
from balai.channels.providers.telegram.connector import Telegram

FIXTURES = Path(__file__).parent / "fixtures"
TOKEN = "7000001:AAHrahasia-sekali_jangan-bocor-12345"
SETTINGS = {"bot_token": TOKEN, "bot_id": "7000001", "bot_username": "kotacontoh_bot"}
PICTURE = Picture(b"\xff\xd8\xff\xe0", "image/jpeg", "Peta banjir")


def recorded(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text())


def read(name: str) -> Incoming:
    (message,) = Telegram(SETTINGS).parse((FIXTURES / f"{name}.json").read_bytes())
    assert isinstance(message, Incoming)
    return message


def yes(result: Any) -> dict[str, Any]:
    return {"status": 200, "body": {"ok": True, "result": result}}


def no(status: int, words: str, **parameters: Any) -> dict[str, Any]:
    body = {"ok": False, "error_code": status, "description": words}
    return {"status": status, "body": body | ({"parameters": parameters} if parameters else {})}


def ago(**time: float) -> int:
    return int((datetime.now(UTC) - timedelta(**time)).timestamp())


def album_part(number: int, date: int) -> dict[str, Any]:
    chat = {"id": 1, "type": "private", "first_name": "A"}
    return {
        "update_id": number,
        "message": {
            "message_id": number, "chat": chat, "from": {**chat, "is_bot": False}, "date": date,
            "media_group_id": "g", "photo": [{"file_id": f"f{number}", "file_unique_id": "u"}],
        },
    }  # fmt: skip


class Line:
    """Answers by method; a list is used up. What was not told is not found."""

    def __init__(self, **settings: str) -> None:
        self.settings = SETTINGS | settings
        self.answers: dict[str, list[Any]] = {}
        self.asked: list[httpx.Request] = []

    def on(self, method: str, *answers: Any) -> "Line":
        self.answers[method] = list(answers)
        return self

    def connect(self) -> Telegram:
        line = Http("https://bot.example", transport=httpx.MockTransport(self._answer))
        return Telegram(self.settings, http=line)

    def methods(self) -> list[str]:
        return [request.url.path.rpartition("/")[2] for request in self.asked]

    def said(self, place: int = -1) -> dict[str, Any]:
        return json.loads(self.asked[place].content)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        assert f"bot{TOKEN}/" in request.url.path
        told = self.answers.get(request.url.path.rpartition("/")[2], [no(404, "Not Found")])
        answer = told.pop(0) if len(told) > 1 else told[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer["body"], bytes):
            return httpx.Response(answer["status"], content=answer["body"])
        return httpx.Response(answer["status"], json=answer["body"])


# What goes out


def test_an_answer_hangs_on_the_message_in_its_chat_and_topic():
    line = Line().on("sendMessage", recorded("published"))
    receipt = line.connect().publish(Outgoing("k", "Besok.", reply_to=read("group_mention").handle))
    assert line.said() == {
        "chat_id": -1001500000001,
        "message_thread_id": 44,
        "reply_parameters": {"message_id": 501, "allow_sending_without_reply": False},
        "text": "Besok.",
    }
    assert receipt.remote_id == "410001/31"


def test_alone_with_a_person_the_answer_goes_out_also_when_the_question_was_taken_back():
    line = Line().on("sendMessage", recorded("published"))
    line.connect().publish(Outgoing("k", "Ya.", reply_to=read("webhook_text").handle))
    assert line.said()["reply_parameters"]["allow_sending_without_reply"] is True


def test_pictures_go_out_as_one_album_that_is_taken_back_whole():
    line = Line().on("sendMediaGroup", recorded("album_sent")).on("deleteMessages", yes(True))
    post = Outgoing("k", "Peta", reply_to=read("webhook_text").handle, pictures=(PICTURE, PICTURE))
    receipt = line.connect().publish(post)
    sent = line.asked[-1].content
    assert b"attach://file0" in sent
    assert sent.count(b"Peta") == 1
    line.connect().retract(receipt)
    assert line.said()["message_ids"] == [32, 33]


def test_a_post_needs_a_channel_and_a_caption_is_shorter_than_a_message():
    with pytest.raises(Refused, match="neither"):
        Line().connect().publish(Outgoing("k", "Halo"))
    long = Outgoing("k", "a" * 1025, to="@kanal", pictures=(PICTURE,))
    with pytest.raises(Refused, match="1024"):
        Line().connect().publish(long)
    line = Line(broadcast_to="@kanalkota").on("sendMessage", recorded("published"))
    line.connect().publish(Outgoing("k", "Halo"))
    assert line.said() == {"chat_id": "@kanalkota", "text": "Halo"}


@given(st.text())
def test_length_is_in_utf16_code_units(text):
    assert outward.units(text) == sum(2 if ord(c) > 0xFFFF else 1 for c in text)


def test_an_emoji_counts_twice_and_the_limit_is_kept():
    line = Line().on("sendMessage", recorded("published"))
    line.connect().publish(Outgoing("k", "😀" * 2048, to="1"))
    with pytest.raises(Refused, match="4096"):
        line.connect().publish(Outgoing("k", "😀" * 2048 + "a", to="1"))


@pytest.mark.parametrize("answer", [yes({}), yes(True), yes([]), httpx.ReadTimeout("lama")])
def test_an_answer_that_proves_nothing_is_a_doubt_and_is_asked_once(answer):
    line = Line().on("sendMessage", answer)
    with pytest.raises(OutcomeUnknown):
        line.connect().publish(Outgoing("k", "x", to="1"))
    assert len(line.asked) == 1


def test_a_wait_that_the_network_asks_for_is_kept():
    line = Line().on("sendMessage", recorded("refused_too_many"))
    with pytest.raises(Refused) as wait:
        line.connect().publish(Outgoing("k", "x", to="1"))
    assert (wait.value.permanent, wait.value.wait) == (False, timedelta(seconds=17))


def test_a_person_who_blocked_the_bot_is_a_no_in_words():
    line = Line().on("sendMessage", recorded("refused_blocked"))
    with pytest.raises(Refused, match="this person has blocked the bot") as blocked:
        line.connect().publish(Outgoing("k", "x", to="1"))
    assert blocked.value.permanent
    assert blocked.value.signs_in


def test_a_group_that_moved_gets_the_answer_in_its_new_place_once():
    line = Line().on("sendMessage", recorded("refused_migrated"), recorded("published"))
    handle = {"chat": -500, "id": 3, "is_group": True}
    line.connect().publish(Outgoing("k", "x", reply_to=handle))
    assert line.said() == {"chat_id": -1001500000001, "text": "x"}
    assert len(line.asked) == 2


def test_a_change_of_the_words_goes_where_the_words_are():
    line = Line().on("editMessageText", yes(True)).on("editMessageCaption", yes(True))
    plain = Receipt("1/2", handle={"chat": 1, "id": 2, "ids": [2], "caption": False})
    line.connect().edit(plain, Outgoing("k", "baru"))
    pictured = dataclasses.replace(plain, handle={**plain.handle, "caption": True})
    line.connect().edit(pictured, Outgoing("k", "baru"))
    assert line.methods() == ["editMessageText", "editMessageCaption"]
    same = no(400, "Bad Request: message is not modified")
    line.on("editMessageText", same).connect().edit(plain, Outgoing("k", "baru"))


def test_taking_back_what_is_gone_is_no_error_and_what_is_too_old_is_refused_in_words():
    receipt = Receipt("1/2", handle={"chat": 1, "id": 2, "ids": [2]})
    gone = no(400, "Bad Request: message to delete not found")
    old = no(400, "Bad Request: message can't be deleted for everyone")
    line = Line().on("deleteMessage", gone, old)
    line.connect().retract(receipt)
    with pytest.raises(Refused, match="48 hours"):
        line.connect().retract(receipt)


# The token


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ReadTimeout(f"https://bot.example/bot{TOKEN}/getMe"),
        httpx.ConnectError(f"https://bot.example/bot{TOKEN}/getMe"),
        httpx.InvalidURL(f"https://bot.example/bot{TOKEN}/getMe"),
        {"status": 500, "body": f"no route for /bot{TOKEN}/getMe".encode()},
        {"status": 404, "body": f"/bot{TOKEN}/getMe".encode()},
        recorded("refused_token"),
    ],
)
def test_the_token_stands_in_no_error_and_in_no_log(answer, caplog):
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # as our settings have it
    for method in ("getMe", "sendMessage", "getUpdates"):
        line = Line().on(method, answer)
        connector = line.connect()
        for ask in (
            connector.check,
            lambda c=connector: c.publish(Outgoing("k", "x", to="1")),
            lambda c=connector: c.fetch(""),
        ):
            with pytest.raises(RemoteError) as failure:
                ask()
            assert TOKEN not in str(failure.value)
            assert failure.value.__cause__ is None
            assert failure.value.__suppress_context__
    body = json.dumps(album_part(1, ago(minutes=1))).encode()
    with contextlib.suppress(RemoteError):
        (parcel,) = Line().on("getFile", answer).connect().gather([body])
        assert TOKEN.encode() not in parcel
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("answer", [recorded("refused_token"), no(404, "Not Found")])
def test_a_token_that_is_not_accepted_is_told_apart_from_other_refusals(answer):
    with pytest.raises(Refused) as refused:
        Line().on("getMe", answer).connect().check()
    assert not refused.value.signs_in


def test_what_cannot_be_a_token_is_refused_before_anything_leaves():
    with pytest.raises(Refused, match="BotFather"):
        Telegram({"bot_token": "kata/../sandi"}).check()


def test_the_bot_behind_the_token_is_named():
    health = Line().on("getMe", recorded("me")).connect().check()
    assert (health.platform_user_id, health.handle) == ("7000001", "kotacontoh_bot")
    assert health.learnt["bot_username"] == "kotacontoh_bot"
