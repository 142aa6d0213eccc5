"""Ask for what citizens wrote, and complete it: albums in one piece, files with their bytes.

https://core.telegram.org/bots/api#getting-updates and https://core.telegram.org/bots/api#getfile
"""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from balai.channels.contract import Fetched, NotSent, Refused, Unreadable
from balai.channels.providers.telegram import reading
from balai.channels.providers.telegram.line import LARGEST_FILE, Bot

KINDS = ("message", "edited_message")
CALLS_AT_ONCE = 4
BATCH = 100  # getUpdates: "Values between 1-100 are accepted"
MOST_BYTES = 40_000_000  # of files in one look; what comes after is for the next
ALBUM_WHOLE_AFTER = timedelta(seconds=3)  # its parts are updates of their own, sent together
FILE_PATIENCE = timedelta(minutes=10)  # then the words are let in without the file
LOOK_AFTER_CALLS_EVERY = timedelta(minutes=1)
CALLS_FAIL_SINCE = timedelta(minutes=10)


def fetch(bot: Bot, cursor: str, me: reading.Me) -> Fetched:
    """The updates from `cursor` on, which tells Telegram that the earlier ones are kept.

    An empty answer gives an empty cursor: all is confirmed, and after a quiet week Telegram
    numbers updates anew, perhaps below the old numbers.
    """
    asked: dict[str, Any] = {"limit": BATCH, "allowed_updates": json.dumps(KINDS)}
    if cursor.isdecimal():
        asked["offset"] = int(cursor)
    told = bot.look("getUpdates", **asked)
    if not isinstance(told, list):
        raise Refused("this address does not answer as Telegram does", permanent=True)
    updates = [one for one in told if isinstance(one, dict) and _number(one) is not None]
    updates.sort(key=lambda one: _number(one) or 0)
    albums = list(_albums(updates))
    parcels: list[bytes] = []
    for place, album in enumerate(albums):
        if sum(map(len, parcels)) > MOST_BYTES or (updates[-1] in album and _may_grow(album)):
            left = str(min(_number(one[0]) or 0 for one in albums[place:]))
            return Fetched(tuple(parcels), left, more=bool(parcels))
        parcel = _parcel(bot, album, me)
        if parcel is not None:
            parcels.append(parcel)
    end = str((_number(updates[-1]) or 0) + 1) if updates else ""
    return Fetched(tuple(parcels), end, more=len(told) >= BATCH)


def gather(bot: Bot, brought: Sequence[bytes], me: reading.Me) -> tuple[bytes, ...]:
    """The same for what the webhook brought; what cannot be read stays as it is, to be seen."""
    updates: list[dict[str, Any]] = []
    parcels: list[bytes] = []
    for body in brought:
        try:
            update = reading.decode(body)
        except Unreadable:
            update = {}
        if _number(update) is None:
            parcels.append(body)
        else:
            updates.append(update)
    # Calls may overtake each other, and one is repeated when our answer to it was lost.
    by_number = {_number(one): one for one in sorted(updates, key=lambda u: _number(u) or 0)}
    made = (_parcel(bot, album, me) for album in _albums(list(by_number.values())))
    return (*parcels, *(parcel for parcel in made if parcel is not None))


def watch(bot: Bot, address: str, cursor: str) -> Fetched:
    """Where Telegram calls us there is nothing to ask for, but calls that fail must be seen."""
    told = bot.look("getWebhookInfo")
    told = told if isinstance(told, dict) else {}
    if told.get("url") != address:
        words = "another program uses this bot's token; make a new one at @BotFather"
        raise Refused(words, permanent=True, code="WebhookTaken")
    failed_at = told.get("last_error_date")
    waiting = told.get("pending_update_count")
    if isinstance(failed_at, int) and isinstance(waiting, int) and waiting:
        age = datetime.now(UTC).timestamp() - failed_at
        if age < CALLS_FAIL_SINCE.total_seconds():
            said = str(told.get("last_error_message") or "")[:300]
            raise Refused(f"Telegram cannot call this server: {said}", permanent=True)
    return Fetched((), cursor, rest=LOOK_AFTER_CALLS_EVERY)


def _albums(updates: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The updates in order, those of one album together in the place of its first."""
    albums: dict[Any, list[dict[str, Any]]] = {}
    for number, update in enumerate(updates):
        albums.setdefault(reading.album_of(update) or number, []).append(update)
    yield from albums.values()


def _may_grow(album: Sequence[dict[str, Any]]) -> bool:
    sent_at = reading.sent_at(album[-1])
    age = datetime.now(UTC) - sent_at if sent_at else ALBUM_WHOLE_AFTER
    return reading.album_of(album[-1]) is not None and timedelta() <= age < ALBUM_WHOLE_AFTER


def _parcel(bot: Bot, album: Sequence[dict[str, Any]], me: reading.Me) -> bytes | None:
    """None for what people say to each other: a bot that hears a whole group keeps none of it."""
    if not reading.concerns(album, me):
        return None
    files = {
        file.id: _download(bot, file, reading.sent_at(update))
        for update in album
        for file in reading.files_of(update)
    }
    parcel = {"bot": {"id": me.id, "username": me.username}, "updates": list(album), "files": files}
    return json.dumps(parcel, sort_keys=True, separators=(",", ":")).encode()


def _download(bot: Bot, file: reading.File, sent_at: datetime | None) -> Mapping[str, str]:
    if file.size > LARGEST_FILE:
        return {"missing": "larger than the 20 MB that Telegram hands to a bot"}
    try:
        told = bot.look("getFile", file_id=file.id)
        path = told.get("file_path") if isinstance(told, dict) else None
        if not isinstance(path, str):
            return {"missing": "Telegram gives no path to it"}
        return {"body": base64.b64encode(bot.file(path)).decode()}
    except Refused as no:
        if not no.permanent or not no.signs_in:
            raise
        return {"missing": str(no)}
    except NotSent as failure:
        if sent_at is None or datetime.now(UTC) - sent_at < FILE_PATIENCE:
            raise
        return {"missing": str(failure)}


def _number(update: Mapping[str, Any]) -> int | None:
    number = update.get("update_id")
    return number if isinstance(number, int) and not isinstance(number, bool) else None
