"""A citizen writes to the office's bot, the desk answers, and the answer stands in the chat once.

The network is a strict small server; python-telegram-bot, unmodified, judges it first.
"""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import telegram
from django.test import Client, override_settings
from telegram import error

from balai.channels import services, sweeps
from balai.channels.contract import Outgoing, Picture, Refused
from balai.channels.models import Connection, Dispatch, Parcel
from balai.channels.providers.telegram.connector import Telegram
from balai.channels.services import sending
from balai.ground.clock import now
from balai.ground.services import deliver
from balai.inbox import sweeps as inbox
from balai.inbox.models import Attachment, Conversation, Message
from balai.inbox.tests.talking import say, send_all
from balai.people.tests.make import make_institution, make_member
from tests.peers.telegram_server import TOKEN, TelegramServer
from tests.peers.throttle import Fault, Throttle

pytestmark = [pytest.mark.django_db]
JPEG = b"\xff\xd8\xff\xe0 gambar "


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer() as running:
        yield running


@pytest.fixture
def proxy(server) -> Iterator[Throttle]:
    with Throttle(server.url) as between:
        yield between


def judge(server: TelegramServer, ask: Callable[[telegram.Bot], Any], token: str = TOKEN) -> Any:
    """What the unmodified client library makes of the server's answer."""

    async def asked() -> Any:
        bot = telegram.Bot(token, f"{server.url}/bot", f"{server.url}/file/bot")
        async with bot:
            return await ask(bot)

    return asyncio.run(asked())


# The judge and the server


def test_the_client_library_is_content_with_what_the_server_says_of_itself(server):
    me = judge(server, lambda bot: bot.get_me())
    assert (me.id, me.username, me.is_bot) == (7000001, "kotacontoh_bot", True)
    with pytest.raises(error.InvalidToken):
        judge(server, lambda bot: bot.get_me(), token="1:salah")


def test_the_client_library_reads_updates_and_files_and_confirms_them(server):
    said = server.say("siti", "Lampu mati")
    server.show("siti", [JPEG + b"1", JPEG + b"2"], "Ini fotonya")
    server.change(said, "Lampu jalan mati")
    updates = judge(server, lambda bot: bot.get_updates())
    assert [one.effective_message.text for one in updates[:1]] == ["Lampu mati"]
    assert updates[1].message.media_group_id == updates[2].message.media_group_id
    assert updates[3].edited_message.text == "Lampu jalan mati"

    async def download(bot: telegram.Bot) -> bytes:
        file = await bot.get_file(updates[2].message.photo[-1].file_id)
        return bytes(await file.download_as_bytearray())

    assert judge(server, download) == JPEG + b"2"
    last = updates[-1].update_id + 1
    assert judge(server, lambda bot: bot.get_updates(offset=last)) == ()


def test_the_client_library_writes_shows_changes_and_takes_back(server):
    asked = server.say("siti", "Halo")
    chat = asked["chat"]["id"]
    reply = telegram.ReplyParameters(asked["message_id"])
    sent = judge(server, lambda bot: bot.send_message(chat, "Ya?", reply_parameters=reply))
    assert sent.reply_to_message.text == "Halo"
    assert judge(server, lambda bot: bot.send_photo(chat, JPEG, "Peta")).caption == "Peta"
    media = [telegram.InputMediaPhoto(JPEG + n) for n in (b"1", b"2")]
    assert len(judge(server, lambda bot: bot.send_media_group(chat, media))) == 2
    edited = judge(server, lambda bot: bot.edit_message_text("Ya.", chat, sent.message_id))
    assert edited.text == "Ya."
    assert judge(server, lambda bot: bot.delete_message(chat, sent.message_id))
    assert "Ya." not in server.texts(chat)


def test_the_client_library_recognises_every_refusal(server, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    chat = server.say("siti", "Halo")["chat"]["id"]
    server.rests = [7]
    with pytest.raises(error.RetryAfter) as wait:
        judge(server, lambda bot: bot.send_message(chat, "x"))
    assert wait.value.retry_after == timedelta(seconds=7)
    server.blocked.add(chat)
    with pytest.raises(error.Forbidden):
        judge(server, lambda bot: bot.send_message(chat, "x"))
    server.moved[-5] = -1005
    with pytest.raises(error.ChatMigrated) as moved:
        judge(server, lambda bot: bot.send_message(-5, "x"))
    assert moved.value.new_chat_id == -1005
    other = server.say("budi", "Halo")["chat"]["id"]
    with pytest.raises(error.BadRequest, match="too long"):
        judge(server, lambda bot: bot.send_message(other, "a" * 4097))


def test_the_client_library_sets_a_webhook_and_then_may_not_ask(server):
    judge(server, lambda bot: bot.set_webhook("https://kota.example/h", secret_token="s"))
    assert judge(server, lambda bot: bot.get_webhook_info()).url == "https://kota.example/h"
    with pytest.raises(error.Conflict):
        judge(server, lambda bot: bot.get_updates())
    judge(server, lambda bot: bot.delete_webhook())
    assert judge(server, lambda bot: bot.get_updates()) == ()


# The office


@pytest.fixture
def institution():
    return make_institution()


@pytest.fixture
def officer(institution):
    return make_member(institution, "responder", name="Rina")


def connect(institution, url: str) -> Connection:
    return services.connect(
        institution=institution,
        channel="telegram",
        name="Bot kota",
        answers={"bot_token": TOKEN, "server": url, "way_in": "webhook", "broadcast_to": ""},
        by=make_member(institution, "channel_admin"),
    )


@pytest.fixture
def line(institution, proxy) -> Connection:
    return connect(institution, proxy.url)


def look(connection: Connection) -> None:
    """Let the clock strike: one look, and what it brought is landed."""
    Connection.objects.filter(pk=connection.pk).update(next_look_at=now() - timedelta(seconds=1))
    sweeps.poll()
    while inbox.take_in():
        pass
    deliver()


def age(server: TelegramServer) -> None:
    """What was said was said a while ago: an album has surely come whole."""
    for update in server.updates:
        update[next(kind for kind in update if kind != "update_id")]["date"] -= 60


def test_a_wrong_token_is_refused_with_the_networks_words(institution, server):
    admin = make_member(institution, "channel_admin")
    answers = {"bot_token": "7000001:AAHsalah-salah-salah-salah", "server": server.url}
    with pytest.raises(services.CannotConnect, match="Unauthorized") as no:
        services.connect(
            institution=institution, channel="telegram", name="x", answers=answers, by=admin
        )
    assert "AAHsalah" not in str(no.value)


def test_an_answer_stands_in_the_chat_once_and_hangs_on_the_question(server, line, officer):
    asked = server.say("siti", "Lampu jalan mati di RW 5")
    chat = asked["chat"]["id"]
    look(line)
    conversation = Conversation.objects.get()
    assert not conversation.is_public

    say(conversation, officer, "Petugas datang jam 10.\nTerima kasih 🙏")
    send_all()
    send_all()

    assert server.texts(chat) == ["Petugas datang jam 10.\nTerima kasih 🙏"]
    dispatch = Dispatch.objects.get()
    answer = server.messages[chat, int(dispatch.remote_id.partition("/")[2])]
    assert answer["reply_to_message"]["message_id"] == asked["message_id"]
    look(line)
    look(line)
    assert Message.objects.filter(direction="in").count() == 1


def test_start_is_kept_without_a_clock_and_the_question_that_follows_has_one(server, line):
    server.say("siti", "/start")
    look(line)
    opened = Conversation.objects.get()
    assert opened.due_at is None
    server.say("siti", "Kapan kantor buka?")
    look(line)
    assert Conversation.objects.get(messages__text="Kapan kantor buka?").due_at is not None


def test_an_album_is_one_message_with_its_pictures_and_a_change_is_heard(server, line):
    parts = server.show("siti", [JPEG + b"1", JPEG + b"2", JPEG + b"3"], "Jalan rusak")
    age(server)
    look(line)
    assert Message.objects.get().text == "Jalan rusak"
    assert Attachment.objects.exclude(sha256="").count() == 3
    caption = {k: v for k, v in parts[0].items() if k != "media_group_id"}
    server.change(caption, "Jalan rusak di Jalan Merdeka")
    look(line)
    assert Conversation.objects.get().messages.count() == 2
    assert not any(TOKEN in bytes(parcel.body).decode() for parcel in Parcel.objects.all())


@override_settings(BALAI_ADDRESS="https://kota.example", SECURE_SSL_REDIRECT=False)
def test_an_office_with_a_public_address_is_called_and_a_stranger_is_not_let_in(
    server, institution, proxy
):
    line = connect(institution, proxy.url)
    server.show("siti", [JPEG + b"1", JPEG + b"2"], "Pohon tumbang")
    for path, secret, body in server.calls():
        for known in ("tebakan", secret):
            status = (
                Client()
                .post(
                    path, body, content_type="application/json",
                    headers={"X-Telegram-Bot-Api-Secret-Token": known},
                )
                .status_code
            )  # fmt: skip
            assert status == (200 if known == secret else 403)
    Parcel.objects.update(arrived_at=now() - timedelta(seconds=5))
    look(line)
    assert Message.objects.get().text == "Pohon tumbang"
    assert Attachment.objects.exclude(sha256="").count() == 2
    look(line)
    assert Connection.objects.get().state == "healthy"
    assert proxy.count("getUpdates") == 0


def test_where_the_network_asks_to_wait_the_answer_goes_out_once_after_it(server, line, officer):
    chat = server.say("siti", "Ada beras?")["chat"]["id"]
    look(line)
    server.rests = [17]
    say(Conversation.objects.get(), officer, "Ada.")
    send_all()
    rests_until = Connection.objects.get().next_send_at
    assert timedelta(seconds=10) < rests_until - now() <= timedelta(seconds=17)
    assert server.texts(chat) == []

    Connection.objects.update(next_send_at=now())
    Dispatch.objects.update(due_at=now())
    send_all()
    assert server.texts(chat) == ["Ada."]


@pytest.mark.parametrize("fault", [Fault.drop(forward=True), Fault.garbage(forward=True)])
def test_an_answer_whose_proof_was_lost_goes_to_a_person_and_is_not_doubled(
    server, proxy, line, officer, fault
):
    chat = server.say("siti", "Kapan air mengalir?")["chat"]["id"]
    look(line)
    proxy.will(fault, on="sendMessage")
    say(Conversation.objects.get(), officer, "Nanti malam.")
    send_all()
    for _ in range(3):
        Dispatch.objects.update(due_at=now())
        sweeps.confirm()
        send_all()
    assert Dispatch.objects.get().state == "unknown"
    assert TOKEN not in Dispatch.objects.get().note
    assert server.texts(chat) == ["Nanti malam."]


def test_a_worker_that_dies_between_the_yes_and_the_commit_leaves_a_doubt_and_one_answer(
    server, line, officer, monkeypatch
):
    chat = server.say("siti", "Sudah diperbaiki?")["chat"]["id"]
    look(line)
    say(Conversation.objects.get(), officer, "Sudah.")

    def power_cut(*_: Any, **__: Any) -> None:
        raise SystemExit("power cut")

    with monkeypatch.context() as dying:
        dying.setattr(sending, "_accepted", power_cut)
        with pytest.raises(SystemExit):
            send_all()
    Dispatch.objects.update(leased_until=now() - timedelta(seconds=1), due_at=now())
    sweeps.confirm()
    send_all()
    assert Dispatch.objects.get().state == "unknown"
    assert server.texts(chat) == ["Sudah."]


def test_who_blocked_the_bot_is_told_to_the_desk_in_words(server, line, officer):
    server.blocked.add(server.say("siti", "Halo")["chat"]["id"])
    look(line)
    say(Conversation.objects.get(), officer, "Halo.")
    send_all()
    assert Dispatch.objects.get().state == "refused"
    assert "blocked the bot" in Dispatch.objects.get().note


# The connector alone


@pytest.fixture
def connector(server) -> Iterator[Telegram]:
    made = Telegram({"bot_token": TOKEN, "server": server.url, "broadcast_to": "@kanalkota"})
    yield made
    made.close()


def test_a_group_that_became_a_supergroup_gets_the_answer_in_its_new_place(server, connector):
    old, new = server.group(-77, "RW 5"), server.group(-1000000000077, "RW 5")
    asked = server.say("siti", "@kotacontoh_bot halo", chat=old)
    server.moved[-77] = new["id"]
    handle = {"chat": -77, "id": asked["message_id"], "is_group": True}
    receipt = connector.publish(Outgoing("k", "Halo.", reply_to=handle))
    assert server.texts(new["id"]) == ["Halo."]
    assert receipt.handle["chat"] == new["id"]


def test_a_channel_gets_an_album_that_is_changed_and_taken_back(server, connector):
    channel = server.channel("kanalkota")
    pictures = (Picture(JPEG + b"1", "image/jpeg", ""), Picture(JPEG + b"2", "image/jpeg", ""))
    receipt = connector.publish(Outgoing("k", "Peta banjir", pictures=pictures))
    assert receipt.url == f"https://t.me/kanalkota/{receipt.handle['id']}"
    connector.edit(receipt, Outgoing("k", "Peta banjir pukul 10"))
    assert server.texts(channel["id"])[0] == "Peta banjir pukul 10"
    connector.retract(receipt)
    connector.retract(receipt)
    assert server.texts(channel["id"]) == []


def test_after_two_days_a_message_cannot_be_taken_back(server, connector):
    chat = server.say("siti", "Halo")["chat"]["id"]
    receipt = connector.publish(Outgoing("k", "Halo.", to=str(chat)))
    server.messages[chat, receipt.handle["id"]]["date"] -= 49 * 3600
    with pytest.raises(Refused, match="48 hours"):
        connector.retract(receipt)
