"""What comes in from Telegram: one album one message, groups only where they address the office.

What goes out, and the token, are in tests.py.
"""

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.channels.contract import Incoming, NotSent, Refused, Unreadable
from balai.channels.providers.telegram.connector import Telegram
from balai.channels.providers.telegram.tests import (
    SETTINGS,
    TOKEN,
    Line,
    ago,
    album_part,
    no,
    read,
    recorded,
    yes,
)


def opened(connector: Telegram, parcel: bytes) -> Incoming:
    (message,) = connector.parse(parcel)
    assert isinstance(message, Incoming)
    return message


# What comes in


def test_an_album_is_one_message_with_its_pictures() -> None:
    album = read("album")
    assert album.text == "Jalan berlubang"
    assert [file.body[-4:] for file in album.attachments] == [b"satu", b" dua"]
    assert album.remote_id == "410001/110"


def test_opening_the_chat_is_kept_and_owed_no_answer() -> None:
    start = read("start")
    assert start.is_automatic
    assert start.facts["start"] == "poster"
    assert not read("webhook_text").is_automatic


def test_words_that_begin_with_start_are_words() -> None:
    told = recorded("start")
    told["message"]["text"] = "/start jalan di depan rumah rusak"
    message = opened(Telegram(SETTINGS), json.dumps(told).encode())
    assert not message.is_automatic


def test_a_changed_message_is_a_word_of_its_own_that_answers_the_first() -> None:
    first, changed = read("webhook_text"), read("edited")
    assert changed.remote_id != first.remote_id
    assert changed.answers == (first.remote_id,)
    assert changed.thread_id == first.thread_id
    assert changed.sent_at > first.sent_at
    assert changed.text == "Kapan air mengalir di RW 5?"


def test_a_place_is_kept_as_a_place_and_can_be_read() -> None:
    place = read("place")
    assert place.facts["place"] == "Balai RW 5, Jalan Contoh 9 (-7.250445, 112.768845)"
    assert place.facts["place"] in place.text


def test_a_live_place_that_moves_on_is_no_new_word() -> None:
    told = {"update_id": 1, "edited_message": recorded("place")["message"]}
    assert Telegram(SETTINGS).parse(json.dumps(told).encode()) == []


def test_a_card_of_a_person_can_be_read() -> None:
    assert read("contact").text == "👤 Pak RT +6281200000000"


def test_a_voice_note_comes_with_its_sound_and_a_file_that_is_too_large_with_its_name() -> None:
    assert read("voice").attachments[0].body == b"OggS suara"
    large = read("large_document")
    assert (large.attachments[0].name, large.attachments[0].body) == ("rekaman.mkv", b"")
    assert "20 MB" in large.facts["missing_files"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("group_mention", "mention"), ("group_reply", "reply"), ("comment_on_channel_post", "reply")],
)
def test_in_a_group_what_addresses_the_office_is_heard_in_public(name: str, kind: str) -> None:
    message = read(name)
    assert message.kind == kind
    assert message.is_public
    assert message.url.startswith("https://t.me/wargarw5/")


def test_what_a_reply_quotes_is_kept() -> None:
    assert read("group_reply").facts["quoted"] == "besok"
    assert read("comment_on_channel_post").facts["quoted"] == "Pemadaman air hari Senin"


@pytest.mark.parametrize(
    "change",
    [
        {"text": "@orang_lain halo", "entities": [{"type": "mention", "offset": 0, "length": 11}]},
        {"text": "obrolan biasa", "entities": []},
        {
            "text": "/aturan@bot_lain",
            "entities": [{"type": "bot_command", "offset": 0, "length": 16}],
        },
    ],
)
def test_what_people_say_to_each_other_in_a_group_is_neither_read_nor_kept(
    change: dict[str, Any],
) -> None:
    told = recorded("group_mention")
    told["message"] |= change
    body = json.dumps(told).encode()
    line = Line()
    assert line.connect().parse(body) == []
    assert line.connect().gather([body]) == ()


def test_the_networks_own_doings_and_what_a_channel_says_are_no_messages() -> None:
    for message in (
        {"new_chat_members": [{"id": 1, "is_bot": False, "first_name": "A"}]},
        {"migrate_to_chat_id": -100},
    ):
        base = {k: v for k, v in recorded("webhook_text")["message"].items() if k != "text"}
        body = json.dumps({"update_id": 1, "message": {**base, **message}}).encode()
        assert Telegram(SETTINGS).parse(body) == []
    post = {"update_id": 2, "channel_post": {"message_id": 1, "date": 1, "text": "Halo"}}
    assert Telegram(SETTINGS).parse(json.dumps(post).encode()) == []


def test_another_bot_is_owed_no_answer() -> None:
    told = recorded("webhook_text")
    told["message"]["from"]["is_bot"] = True
    message = opened(Telegram(SETTINGS), json.dumps(told).encode())
    assert message.is_automatic


def test_a_time_that_does_not_exist_is_unreadable() -> None:
    told = recorded("webhook_text")
    told["message"]["date"] = 10**20
    with pytest.raises(Unreadable):
        Telegram(SETTINGS).parse(json.dumps(told).encode())


# Looking


def test_a_look_confirms_what_was_kept_and_begins_anew_when_nothing_is_left() -> None:
    line = Line().on("getUpdates", recorded("updates"), yes([]))
    first = line.connect().fetch("")
    assert (len(first.parcels), first.cursor) == (2, "880003")
    second = line.connect().fetch(first.cursor)
    assert line.asked[-1].url.params["offset"] == "880003"
    assert second.cursor == ""  # after a quiet week the numbers begin anywhere


def test_an_album_that_may_still_grow_waits_for_the_next_look() -> None:
    words = recorded("updates")["body"]["result"][0] | {"update_id": 5}
    line = Line().on("getUpdates", yes([words, album_part(6, ago(seconds=0.5))]))
    fetched = line.connect().fetch("5")
    assert (len(fetched.parcels), fetched.cursor) == (1, "6")


def test_the_parts_of_an_album_come_as_one_parcel_with_their_bytes() -> None:
    line = Line().on("getUpdates", yes([album_part(n, ago(minutes=1)) for n in (6, 7)]))
    line.on("getFile", *[yes({"file_id": "x", "file_path": f"photos/{n}.jpg"}) for n in (6, 7)])
    line.on("6.jpg", {"status": 200, "body": b"enam"}).on(
        "7.jpg", {"status": 200, "body": b"tujuh"}
    )
    (parcel,) = line.connect().fetch("6").parcels
    message = opened(line.connect(), parcel)
    assert [file.body for file in message.attachments] == [b"enam", b"tujuh"]
    assert TOKEN not in parcel.decode()


def test_what_the_webhook_brought_is_completed_in_order_and_once() -> None:
    line = Line().on("getFile", yes({"file_id": "x", "file_path": "p/a.jpg"}))
    line.on("a.jpg", {"status": 200, "body": b"isi"})
    brought = [json.dumps(album_part(n, ago(minutes=1))).encode() for n in (9, 8, 9)]
    (parcel,) = line.connect().gather(brought)
    message = opened(line.connect(), parcel)
    assert (message.remote_id, len(message.attachments)) == ("1/8", 2)
    assert line.connect().gather([b"bukan json", b"{}"]) == (b"bukan json", b"{}")


def test_a_file_that_does_not_come_holds_its_words_for_ten_minutes_and_no_longer() -> None:
    line = Line().on("getFile", httpx.ReadTimeout("lama"))
    with pytest.raises(NotSent):
        line.connect().gather([json.dumps(album_part(1, ago(minutes=2))).encode()])
    (parcel,) = line.connect().gather([json.dumps(album_part(1, ago(minutes=11))).encode()])
    assert opened(line.connect(), parcel).facts["missing_files"]


def test_a_file_that_is_refused_is_named_as_missing() -> None:
    line = Line().on("getFile", no(400, "Bad Request: file is too big"))
    (parcel,) = line.connect().gather([json.dumps(album_part(1, ago(seconds=9))).encode()])
    assert "too big" in opened(line.connect(), parcel).facts["missing_files"]


def test_calls_that_fail_and_a_token_that_another_program_uses_are_seen() -> None:
    told = {"url": "https://kota.example/h/", "has_custom_certificate": False}
    line = Line(called_at="https://kota.example/h/").on(
        "getWebhookInfo",
        yes({**told, "pending_update_count": 0}),
        yes({
            **told, "pending_update_count": 3, "last_error_date": ago(minutes=1),
            "last_error_message": "Wrong response from the webhook: 502 Bad Gateway",
        }),
        yes({**told, "url": "https://lain.example/", "pending_update_count": 0}),
    )  # fmt: skip
    assert line.connect().fetch("7").parcels == ()
    with pytest.raises(Refused, match="502 Bad Gateway"):
        line.connect().fetch("7")
    with pytest.raises(Refused, match="another program"):
        line.connect().fetch("7")
    assert "getUpdates" not in line.methods()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@given(st.data())
def test_nothing_that_the_network_brings_stops_the_line(data: st.DataObject) -> None:
    told = recorded(data.draw(st.sampled_from(["webhook_text", "group_mention", "edited"])))
    message = next(value for name, value in told.items() if name != "update_id")
    message[data.draw(st.sampled_from([*sorted(message), "photo", "voice"]))] = data.draw(anything)
    line = Line().on("getFile", no(400, "Bad Request: wrong file_id")).on("getUpdates", yes([told]))
    assert line.connect().fetch("").cursor == str(told["update_id"] + 1)
    line.connect().gather([json.dumps(told).encode()])


# The webhook


def test_only_who_knows_the_secret_is_let_in() -> None:
    line = Line().on("setWebhook", yes(True))
    connector = line.connect()
    assert connector.call_at("https://kota.example/h/") == {"called_at": "https://kota.example/h/"}
    secret = line.said()["secret_token"]
    header = "x-telegram-bot-api-secret-token"
    assert connector.is_genuine({header: secret}, b"{}")
    assert not connector.is_genuine({header: secret[:-1]}, b"{}")
    assert not connector.is_genuine({header: "é"}, b"{}")
    assert not connector.is_genuine({}, b"{}")
    assert not Telegram({}).is_genuine({header: secret}, b"{}")
    assert TOKEN not in secret


@pytest.mark.parametrize(
    ("address", "way_in"), [("", "webhook"), ("https://k.example/", "polling")]
)
def test_where_nobody_can_call_us_we_ask(address: str, way_in: str) -> None:
    line = Line(way_in=way_in).on("deleteWebhook", yes(True))
    assert line.connect().call_at(address) == {"called_at": ""}
    assert line.methods() == ["deleteWebhook"]


def test_an_address_that_telegram_cannot_call_is_refused_with_the_way_out() -> None:
    line = Line().on("setWebhook", no(400, "Bad Request: bad webhook: Failed to resolve host"))
    with pytest.raises(Refused, match="polling"):
        line.connect().call_at("https://dalam.example/h/")


def test_a_damaged_file_in_a_parcel_is_unreadable() -> None:
    told = recorded("voice")
    told["files"]["suara1"]["body"] = "eA="
    with pytest.raises(Unreadable):
        Telegram(SETTINGS).parse(json.dumps(told).encode())
