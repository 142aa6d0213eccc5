"""What an update says: https://core.telegram.org/bots/api#update

Pure. A parcel is an update as the webhook brought it, or {"bot", "updates", "files"} as `inward`
completes it: several updates are the parts of one album.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from balai.channels.contract import Answered, Attachment, Incoming, Unreadable
from balai.channels.providers.telegram.outward import address, name

LONGEST_QUOTE = 1000
# What a file is called and what it is, where the message does not say.
FILES = {
    "animation": ("animasi", "video/mp4"),
    "audio": ("audio", "audio/mpeg"),
    "document": ("dokumen", "application/octet-stream"),
    "video": ("video", "video/mp4"),
    "video_note": ("video", "video/mp4"),
    "voice": ("suara", "audio/ogg"),
}
ENDINGS = {
    "image/jpeg": ".jpg", "video/mp4": ".mp4", "audio/mpeg": ".mp3", "audio/ogg": ".ogg",
}  # fmt: skip
# Things that a person sent and that are neither words nor files: named, so that nothing is lost.
OTHER_THINGS = (
    "dice", "game", "story", "checklist", "paid_media", "live_photo", "rich_message", "sticker",
)  # fmt: skip


@dataclass(frozen=True)
class Me:
    """Which bot we are; needed to know whom a message in a group addresses."""

    id: int
    username: str


@dataclass(frozen=True)
class File:
    """A file that a message names."""

    id: str
    name: str
    mime: str
    size: int


def decode(body: bytes) -> dict[str, Any]:
    """One update, or one completed parcel. Raises Unreadable."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as failure:
        raise Unreadable(f"not JSON: {failure}") from failure
    if not isinstance(told, dict):
        raise Unreadable("not an update")
    return told


def read(parcel: bytes, me: Me) -> list[Answered]:
    """The message of one parcel; nothing where the network only tells of its own doings."""
    told = decode(parcel)
    files: Mapping[str, Any] = {}
    if "updates" in told:
        updates = told["updates"]
        if not isinstance(updates, list) or not all(isinstance(one, dict) for one in updates):
            raise Unreadable("the updates are no list of objects")
        files = _maybe(told.get("files"))
        bot = _maybe(told.get("bot"))
        me = Me(_whole(bot.get("id")) or me.id, _text(bot.get("username")) or me.username)
    else:
        updates = [told]
        _needed(told, "update_id")
    return [_incoming(updates, files, me)] if concerns(updates, me) else []


def concerns(album: Sequence[dict[str, Any]], me: Me) -> bool:
    """Whether somebody says something to us in it."""
    messages = [one for one in map(_message, album) if one]
    return any(_kind(one, me) for one in messages) and any(
        _words(one) or _place(one) or any(_files(one)) for one in messages
    )


def album_of(update: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """What parts of one album have in common; None for a message of its own."""
    message = _message(update)
    group = _text(message.get("media_group_id"))
    if not group or "edited_message" in update:
        return None
    return _whole(_maybe(message.get("chat")).get("id")), group


def sent_at(update: Mapping[str, Any]) -> datetime | None:
    """When it was said, by the network's clock; None when that is no time."""
    try:
        return moment(_needed(_message(update), "date"))
    except Unreadable:
        return None


def moment(seconds: int) -> datetime:
    """A time as the network writes it. Raises Unreadable."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as failure:
        raise Unreadable(f"{seconds} is no time") from failure


def files_of(update: Mapping[str, Any]) -> list[File]:
    """The files that a message names."""
    return list(_files(_message(update)))


def _message(update: Mapping[str, Any]) -> dict[str, Any]:
    """What a person wrote. A live place that moves on is no new word of theirs."""
    edited = _maybe(update.get("edited_message"))
    if "location" in edited:
        return {}
    return edited or _maybe(update.get("message"))


def _kind(message: dict[str, Any], me: Me) -> str:
    """How it addresses us: direct, reply or mention; empty when it does not."""
    if message.get("is_automatic_forward") is True:
        return ""  # a post of the channel, in the group of its comments
    chat, above = _maybe(message.get("chat")), _maybe(message.get("reply_to_message"))
    if _maybe(message.get("from")).get("id") == me.id and me.id:
        return ""
    match chat.get("type"):
        case "private":
            return "direct"
        case "group" | "supergroup":
            to_us = bool(me.id) and _maybe(above.get("from")).get("id") == me.id
            if to_us or above.get("is_automatic_forward") is True:
                return "reply"
            return "mention" if _is_named(message, me) else ""
    return ""  # what a channel says to everybody


def _is_named(message: dict[str, Any], me: Me) -> bool:
    ours = f"@{me.username}".lower()
    for entity, word in _entities(message):
        match entity.get("type"):
            case "mention" if word.lower() == ours and me.username:
                return True
            case "text_mention" if me.id and _maybe(entity.get("user")).get("id") == me.id:
                return True
            case "bot_command" if "@" not in word or (me.username and word.lower().endswith(ours)):
                return True
    return False


def _entities(message: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Marked places with their words; they are counted in UTF-16 code units."""
    for text, marks in (("text", "entities"), ("caption", "caption_entities")):
        wide = _text(message.get(text)).encode("utf-16-le", "surrogatepass")
        marked = message.get(marks)
        for entity in marked if isinstance(marked, list) else []:
            told = _maybe(entity)
            start, length = _whole(told.get("offset")), _whole(told.get("length"))
            if start >= 0 and length > 0:
                word = wide[2 * start : 2 * (start + length)]
                yield told, word.decode("utf-16-le", "replace")


def _incoming(updates: Sequence[dict[str, Any]], files: Mapping[str, Any], me: Me) -> Incoming:
    messages = [one for one in map(_message, updates) if one]
    first = messages[0]
    chat, author = _maybe(first.get("chat")), _author(first)
    number, message_id = _needed(chat, "id"), _needed(first, "message_id")
    own, above = name(number, message_id), _maybe(first.get("reply_to_message"))
    said_at = moment(_needed(first, "date"))
    answers = [name(number, _whole(above.get("message_id")))] if above.get("message_id") else []
    is_group, is_edit = chat.get("type") != "private", "edited_message" in updates[0]
    topic = _whole(first.get("message_thread_id")) if first.get("is_topic_message") is True else 0
    text = "\n".join(filter(None, map(_words, messages)))
    remote_id = own
    if is_edit:  # the first words stay; what they became is a message of its own
        edited_at = _needed(first, "edit_date")
        remote_id, answers, said_at = f"{own}/{edited_at}", [own, *answers], moment(edited_at)
    handle: dict[str, Any] = {"chat": number, "id": message_id, "is_group": is_group}
    if topic:
        handle["topic"] = topic
    return Incoming(
        remote_id=remote_id,
        # A person is one thread alone with us, and one in each topic of a group.
        thread_id=f"{number}/{topic}" if topic else str(number),
        author_id=str(_needed(author, "id")),
        text=text,
        sent_at=said_at,
        kind=next((kind for kind in (_kind(one, me) for one in messages) if kind), "direct"),
        author_name=_full_name(author),
        author_handle=_text(author.get("username")),
        url=address(chat, message_id),
        is_public=is_group and bool(_text(chat.get("username"))),
        is_automatic=_is_automatic(first, text),
        answers=tuple(dict.fromkeys(answers)),
        handle=handle,
        attachments=tuple(_attached(messages, files)),
        facts=_facts(messages, files, text, is_edit=is_edit),
    )


def _author(message: dict[str, Any]) -> dict[str, Any]:
    """The person; a group or channel in whose name somebody writes without showing theirs."""
    author = _maybe(message.get("sender_chat")) or _maybe(message.get("from"))
    if not author:
        raise Unreadable("the message has no author")
    return author


def _is_automatic(message: dict[str, Any], text: str) -> bool:
    """Opening the chat, and what other bots say: kept, and owed no answer."""
    begins = text.split() or [""]
    opened = begins[0] == "/start" and len(begins) <= 2  # a link to the bot may carry one word
    bot = _maybe(message.get("from")).get("is_bot") is True and "sender_chat" not in message
    return opened or bot


def _full_name(author: dict[str, Any]) -> str:
    parts = (_text(author.get("first_name")), _text(author.get("last_name")))
    return " ".join(filter(None, parts)) or _text(author.get("title"))


def _words(message: dict[str, Any]) -> str:
    """Words, and what stands for words: a place, a person's card, a poll, a picture of a mood."""
    lines = [_text(message.get("text")) or _text(message.get("caption"))]
    if place := _place(message):
        lines.append(f"📍 {place}")
    if card := _maybe(message.get("contact")):
        lines.append(f"👤 {_full_name(card)} {_text(card.get('phone_number'))}".strip())
    if poll := _maybe(message.get("poll")):
        lines.append(_text(poll.get("question")))
        options = poll.get("options")
        for option in options if isinstance(options, list) else []:
            lines.append(f"- {_text(_maybe(option).get('text'))}")
    for thing in OTHER_THINGS:
        if inner := _maybe(message.get(thing)):
            lines.append(_text(inner.get("emoji")) or f"[{thing.replace('_', ' ')}]")
    return "\n".join(filter(None, lines))


def _place(message: dict[str, Any]) -> str:
    venue = _maybe(message.get("venue"))
    place = _maybe(venue.get("location")) or _maybe(message.get("location"))
    north, east = place.get("latitude"), place.get("longitude")
    if not isinstance(north, int | float) or not isinstance(east, int | float):
        return ""
    names = ", ".join(filter(None, (_text(venue.get("title")), _text(venue.get("address")))))
    return f"{names} ({north:.6f}, {east:.6f})" if names else f"{north:.6f}, {east:.6f}"


def _facts(
    messages: Sequence[dict[str, Any]], files: Mapping[str, Any], text: str, *, is_edit: bool
) -> dict[str, Any]:
    first = messages[0]
    above, quote = _maybe(first.get("reply_to_message")), _maybe(first.get("quote"))
    begins = text.split()
    missing = [
        f"{file.name}: {_text(_maybe(files.get(file.id)).get('missing'))}"
        for message in messages
        for file in _files(message)
        if "missing" in _maybe(files.get(file.id))
    ]
    facts = {
        "place": _place(first),
        "quoted": (_text(quote.get("text")) or _words(above))[:LONGEST_QUOTE],
        "edited": "✓" if is_edit else "",
        "start": begins[1] if _is_automatic(first, text) and len(begins) == 2 else "",
        "forwarded_from": _forwarded_from(_maybe(first.get("forward_origin"))),
        "missing_files": "; ".join(missing),
    }
    return {fact: value for fact, value in facts.items() if value}


def _forwarded_from(origin: dict[str, Any]) -> str:
    sender = (
        _maybe(origin.get("sender_user"))
        or _maybe(origin.get("sender_chat"))
        or _maybe(origin.get("chat"))
    )
    return _full_name(sender) or _text(origin.get("sender_user_name"))


def _files(message: dict[str, Any]) -> Iterator[File]:
    sizes = message.get("photo")
    if isinstance(sizes, list) and sizes:  # one picture in several sizes, the largest last
        yield from _file(_maybe(sizes[-1]), "foto", "image/jpeg")
    for kind, (called, mime) in FILES.items():
        # An animation comes as a document too, for old programs.
        if kind in message and not (kind == "document" and "animation" in message):
            yield from _file(_maybe(message[kind]), called, mime)


def _file(told: dict[str, Any], called: str, mime: str) -> Iterator[File]:
    number = _text(told.get("file_id"))
    if number:
        mime = _text(told.get("mime_type")) or mime
        called = f"{called}-{_text(told.get('file_unique_id'))[:20]}{ENDINGS.get(mime, '')}"
        size = _whole(told.get("file_size"))
        yield File(number, _text(told.get("file_name")) or called, mime, size)


def _attached(messages: Sequence[dict[str, Any]], files: Mapping[str, Any]) -> Iterator[Attachment]:
    for message in messages:
        for file in _files(message):
            body = _text(_maybe(files.get(file.id)).get("body"))
            try:
                yield Attachment(file.name, file.mime, base64.b64decode(body, validate=True))
            except (binascii.Error, ValueError) as failure:
                raise Unreadable(f"the file {file.name} is damaged: {failure}") from failure


def _maybe(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _needed(holder: Mapping[str, Any], called: str) -> int:
    value = holder.get(called)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unreadable(f"{called} is missing")
    return value
