"""How a message of ours is asked for: https://core.telegram.org/bots/api#sendmessage"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from balai.channels.contract import OutcomeUnknown, Outgoing, Receipt, Refused

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
MOST_PICTURES = 10  # sendMediaGroup: 2-10 items
LARGEST_PICTURE = 10_000_000


def units(text: str) -> int:
    """The length of a text as Telegram counts places in it: in UTF-16 code units, so that most
    emoji are two (https://core.telegram.org/api/entities#entity-length)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True)
class Request:
    """One call that makes one message, or one album."""

    method: str
    fields: Mapping[str, Any]
    files: Mapping[str, tuple[str, bytes, str]] = field(default_factory=dict)

    def in_chat(self, number: int) -> "Request":
        """The same in a chat that got a new number; there, old messages cannot be answered."""
        kept = {name: value for name, value in self.fields.items() if name not in OF_THE_OLD_CHAT}
        return Request(self.method, {**kept, "chat_id": number}, self.files)


OF_THE_OLD_CHAT = ("reply_parameters", "message_thread_id")


def request(post: Outgoing, channel: str = "") -> Request:
    """An answer goes into the citizen's chat and hangs on the message; else it goes to `channel`.

    Raises Refused for what no call can say.
    """
    text = sendable(post.text)
    fields = _place(post, channel)
    if not post.pictures:
        _refuse_longer(text, LONGEST_TEXT, "a message")
        return Request("sendMessage", {**fields, "text": text})
    _refuse_longer(text, LONGEST_CAPTION, "the text under a picture")
    if len(post.pictures) > MOST_PICTURES:
        raise Refused(f"an album has at most {MOST_PICTURES} pictures", permanent=True)
    files = {
        f"file{number}": (f"gambar{number}.{one.mime.rpartition('/')[2]}", one.body, one.mime)
        for number, one in enumerate(post.pictures)
    }
    form = {name: _as_form(value) for name, value in fields.items()}
    if len(files) == 1:
        return Request("sendPhoto", {**form, "caption": text}, {"photo": files["file0"]})
    media = [{"type": "photo", "media": f"attach://{name}"} for name in files]
    media[0]["caption"] = text
    return Request("sendMediaGroup", {**form, "media": json.dumps(media)}, files)


def proof(result: Any) -> Receipt:
    """What the answer proves; of an album, all its parts. Raises OutcomeUnknown without an id."""
    parts = result if isinstance(result, list) else [result]
    told = [one.get("message_id") for one in parts if isinstance(one, dict)]
    numbers = [one for one in told if isinstance(one, int) and not isinstance(one, bool)]
    first = parts[0] if parts and isinstance(parts[0], dict) else {}
    chat = first.get("chat")
    chat = chat if isinstance(chat, dict) else {}
    number = chat.get("id")
    if not numbers or len(numbers) < len(parts) or not isinstance(number, int):
        raise OutcomeUnknown("Telegram said yes and gave no number of the message")
    handle = {"chat": number, "id": numbers[0], "ids": numbers, "caption": "text" not in first}
    return Receipt(name(number, numbers[0]), url=address(chat, numbers[0]), handle=handle)


def name(chat: int, message: int) -> str:
    """A message's name on this line: its number is unique only in its chat."""
    return f"{chat}/{message}"


def address(chat: Mapping[str, Any], message: int) -> str:
    """Where people see it; empty where only the two of us do."""
    username = chat.get("username")
    if chat.get("type") in ("channel", "supergroup") and isinstance(username, str) and username:
        return f"https://t.me/{username}/{message}"
    return ""


def sendable(text: str) -> str:
    """The text without halves of characters, which no network can carry."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _place(post: Outgoing, channel: str) -> dict[str, Any]:
    handle = post.reply_to
    if handle is None:
        to = post.to.strip() or channel.strip()
        if not to:
            raise Refused("neither a chat nor a channel is named for this message", permanent=True)
        return {"chat_id": int(to) if to.lstrip("-").isdecimal() else to}
    chat, message = handle.get("chat"), handle.get("id")
    if not isinstance(chat, int) or not isinstance(message, int):
        raise Refused("the message that is answered has no address", permanent=True)
    # Alone with a person the answer is understood also when they took the question back; in a
    # group it would speak to nobody.
    alone = handle.get("is_group") is not True
    reply = {"message_id": message, "allow_sending_without_reply": alone}
    place: dict[str, Any] = {"chat_id": chat, "reply_parameters": reply}
    if isinstance(handle.get("topic"), int):
        place["message_thread_id"] = handle["topic"]
    return place


def _refuse_longer(text: str, most: int, what: str) -> None:
    if units(text) > most:
        raise Refused(f"{what} has at most {most} characters", permanent=True, code="TooLong")


def _as_form(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
