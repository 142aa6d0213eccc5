"""Telegram, by a bot: https://core.telegram.org/bots/api (read as of Bot API 10.1, June 2026)."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta

from balai.channels.contract import (
    Answered,
    Ask,
    Can,
    Connector,
    Fetched,
    Health,
    Http,
    Limits,
    Outgoing,
    Receipt,
    Refused,
)
from balai.channels.providers.telegram import inward, line, outward, reading

SERVER = "https://api.telegram.org"


class Telegram(Connector):
    """One bot. Telegram knows no key of ours and lets no bot read back what it wrote: where an
    answer to our request is lost, a person must look."""

    slug = "telegram"
    label = "Telegram"
    can = (
        Can.PUBLISH | Can.REPLY | Can.RETRACT | Can.EDIT | Can.FETCH | Can.HEAR | Can.GATHER
        | Can.CALLED | Can.PICTURES | Can.CHECK
    )  # fmt: skip
    limits = Limits(
        text=outward.LONGEST_TEXT,
        pictures=outward.MOST_PICTURES,
        picture_bytes=outward.LARGEST_PICTURE,
    )
    asks = (
        Ask("bot_token", "Token of the bot", secret=True, help="From @BotFather"),
        Ask("broadcast_to", "Channel of the office", optional=True, help="For example @kota"),
        Ask(
            "way_in",
            "Way in",
            default="webhook",
            help="webhook, or polling where Telegram cannot call this server",
        ),
        Ask("server", "Bot API server", default=SERVER, help="Another one only if you run it"),
    )
    poll_every = timedelta(seconds=4)
    redact = ("bot_token", "secret_token")

    def open_line(self) -> Http:
        """A line to the Bot API server."""
        return line.open_line(self.settings.get("server", "").strip() or SERVER, self._token)

    # Outward

    def length(self, text: str) -> int:
        """In UTF-16 code units, as Telegram counts."""
        return outward.units(text)

    def publish(self, post: Outgoing) -> Receipt:
        """Send it, once. A chat that moved is a no that names the new chat; it goes there."""
        asked = outward.request(post, self.settings.get("broadcast_to", ""))
        try:
            return self._send(asked)
        except Refused as no:
            moved_to = line.migrated_to(no)
            if moved_to is None:
                raise
            return self._send(asked.in_chat(moved_to))

    def edit(self, receipt: Receipt, post: Outgoing) -> Receipt:
        """Change the words; Telegram marks the message as edited and keeps no history."""
        text = outward.sendable(post.text)
        has_caption = receipt.handle.get("caption") is True
        most = outward.LONGEST_CAPTION if has_caption else outward.LONGEST_TEXT
        if outward.units(text) > most:
            raise Refused(f"it has at most {most} characters", permanent=True, code="TooLong")
        place = {"chat_id": receipt.handle.get("chat"), "message_id": receipt.handle.get("id")}
        method, name = (
            ("editMessageCaption", "caption") if has_caption else ("editMessageText", "text")
        )
        try:
            self._bot.do(method, {**place, name: text})
        except Refused as no:
            if "message is not modified" not in str(no):
                raise
        return receipt

    def retract(self, receipt: Receipt) -> None:
        """Delete it for everybody, which Telegram lets a bot do for 48 hours."""
        chat, ids = receipt.handle.get("chat"), receipt.handle.get("ids")
        try:
            if isinstance(ids, list) and len(ids) > 1:
                self._bot.do("deleteMessages", {"chat_id": chat, "message_ids": ids})
            else:
                place = {"chat_id": chat, "message_id": receipt.handle.get("id")}
                self._bot.do("deleteMessage", place)
        except Refused as no:
            if "message to delete not found" in str(no):
                return
            if "can't be deleted" in str(no):
                words = f"Telegram lets a bot delete its message for 48 hours only ({no})"
                raise Refused(words, permanent=True, code=no.code, status=no.status) from None
            raise

    # Inward

    def fetch(self, cursor: str) -> Fetched:
        """What came in; where Telegram calls us instead, whether its calls arrive."""
        if address := self.settings.get("called_at", ""):
            return inward.watch(self._bot, address, cursor)
        return inward.fetch(self._bot, cursor, self._me)

    def gather(self, brought: Sequence[bytes]) -> tuple[bytes, ...]:
        """Albums as one parcel, and files with their bytes."""
        return inward.gather(self._bot, brought, self._me)

    def parse(self, parcel: bytes) -> list[Answered]:
        """Read one parcel of `fetch` or `gather`, or an update as the webhook brought it."""
        return reading.read(parcel, self._me)

    def is_genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the caller knows the secret that we gave to Telegram for this address."""
        said = headers.get("x-telegram-bot-api-secret-token", "")
        return bool(self._token) and hmac.compare_digest(said.encode(), self._secret.encode())

    # Care

    def check(self) -> Health:
        """Say which bot the token is for."""
        told = self._bot.look("getMe")
        number = told.get("id") if isinstance(told, dict) else None
        username = told.get("username") if isinstance(told, dict) else None
        if not isinstance(number, int) or not isinstance(username, str):
            raise Refused("this address does not answer as Telegram does", permanent=True)
        return Health(
            platform_user_id=str(number),
            handle=username,
            url=f"https://t.me/{username}",
            words=str(told.get("first_name") or ""),
            learnt={"bot_id": str(number), "bot_username": username},
        )

    def call_at(self, address: str) -> Mapping[str, str]:
        """Give Telegram the address with a secret, or take it back: then we ask for updates."""
        if not address or self.settings.get("way_in", "").strip().lower() == "polling":
            self._bot.do("deleteWebhook", {})
            return {"called_at": ""}
        asked = {
            "url": address,
            "secret_token": self._secret,
            "allowed_updates": list(inward.KINDS),
            "max_connections": inward.CALLS_AT_ONCE,
        }
        try:
            self._bot.do("setWebhook", asked)
        except Refused as no:
            if no.status != 400:
                raise
            words = f"Telegram cannot call this server; choose “polling” as the way in ({no})"
            raise Refused(words, permanent=True, code=no.code, status=no.status) from None
        return {"called_at": address}

    @property
    def _token(self) -> str:
        return self.settings.get("bot_token", "").strip()

    @property
    def _secret(self) -> str:
        """Derived, so that nothing else must be kept: only who has the token can compute it."""
        return hmac.new(self._token.encode(), b"balai webhook", hashlib.sha256).hexdigest()

    @property
    def _bot(self) -> line.Bot:
        return line.Bot(self.http, self._token)

    @property
    def _me(self) -> reading.Me:
        number = self.settings.get("bot_id", "")
        return reading.Me(
            int(number) if number.isdecimal() else 0, self.settings.get("bot_username", "")
        )

    def _send(self, asked: outward.Request) -> Receipt:
        return outward.proof(self._bot.do(asked.method, asked.fields, asked.files))
