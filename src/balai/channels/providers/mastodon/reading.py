"""Read one parcel: a notification and what stands above it. Pure, and patient with odd JSON."""

import json
import mimetypes
from typing import Any
from urllib.parse import urlsplit

from balai.channels.contract import Answered, Attachment, Gone, Incoming, Unreadable
from balai.channels.payload import an_object, clean, maybe_object, needed, objects
from balai.channels.providers.mastodon.inward import TYPES
from balai.channels.providers.mastodon.outward import PUBLIC, when
from balai.channels.providers.mastodon.words import text_of

# "local" is public, but only on its own server (Pleroma, Akkoma, Hometown).
SEEN_BY_ALL = (*PUBLIC, "local")


def read(parcel: bytes) -> list[Answered]:
    """The message in this parcel; empty when it is ours or nothing that people write."""
    try:
        said = json.loads(parcel)
    except (ValueError, RecursionError) as fault:
        raise Unreadable(f"no JSON: {fault}") from fault
    said = an_object(said, "the parcel")
    if gone := clean(said.get("gone")):
        return [Gone(gone)]
    notification = an_object(said.get("notification"), "notification")
    if notification.get("type") not in TYPES:
        return []
    status = an_object(notification.get("status"), "status")
    author = an_object(status.get("account"), "account")
    if needed(author, "id") == said.get("account"):
        return []
    return [_incoming(notification, status, author, said)]


def _incoming(
    notification: dict[str, Any],
    status: dict[str, Any],
    author: dict[str, Any],
    said: dict[str, Any],
) -> Incoming:
    number, server = needed(status, "id"), clean(said.get("server"))
    written_at, heard_at = when(status.get("created_at")), when(notification.get("created_at"))
    if heard_at is None and written_at is None:
        raise Unreadable("neither the notification nor the status says when")
    acct, visibility = clean(author.get("acct")), clean(status.get("visibility"))
    spoiler = clean(status.get("spoiler_text"))
    above = objects(said.get("above"))
    return Incoming(
        remote_id=number,
        thread_id=_thread(status, above) or number,
        # The number is this server's own; with its name, two servers' people stay two.
        author_id=f"{needed(author, 'id')}@{server}",
        author_name=clean(author.get("display_name")) or clean(author.get("username")),
        author_handle=acct if "@" in acct or not server else f"{acct}@{server}",
        text=text_of(status),
        # The author's clock, unless it runs ahead of our server's.
        sent_at=min(filter(None, (written_at, heard_at))),
        kind=_kind(notification, status, said),
        subject=spoiler,
        url=clean(status.get("url")) or clean(status.get("uri")),
        is_public=visibility in SEEN_BY_ALL,
        answers=tuple(one for one in _answers(status, above) if one != number),
        handle={"id": number, "acct": acct, "visibility": visibility, "spoiler": spoiler},
        attachments=tuple(_attachments(status)),
        language=clean(status.get("language"))[:35],
        facts=_facts(status, author, above),
    )


def _kind(notification: dict[str, Any], status: dict[str, Any], said: dict[str, Any]) -> str:
    if status.get("visibility") == "direct":
        return "direct"
    if notification["type"] == "quote":
        return "quote"
    ours = said.get("account") is not None and said["account"] == status.get(
        "in_reply_to_account_id"
    )
    return "reply" if ours else "mention"


def _thread(status: dict[str, Any], above: list[dict[str, Any]]) -> str:
    """The first status of the thread, or the nearest to it that is still known by its number."""
    top = above[0] if above else status
    return clean(top.get("in_reply_to_id")) or clean(top.get("id"))


def _answers(status: dict[str, Any], above: list[dict[str, Any]]) -> list[str]:
    """What it answers, nearest first, then what it quotes."""
    by_number = {clean(one.get("id")): one for one in above}
    chain: dict[str, None] = {}
    nearest = clean(status.get("in_reply_to_id"))
    while nearest and nearest not in chain:
        chain[nearest] = None
        nearest = clean(by_number.get(nearest, {}).get("in_reply_to_id"))
    quote = maybe_object(status.get("quote"))
    quoted = clean(maybe_object(quote.get("quoted_status")).get("id")) or clean(
        quote.get("quoted_status_id")
    )
    return [*chain, quoted] if quoted and quoted not in chain else [*chain]


def _facts(
    status: dict[str, Any], author: dict[str, Any], above: list[dict[str, Any]]
) -> dict[str, Any]:
    facts: dict[str, Any] = {"context": [_said(one) for one in above]}
    if poll := maybe_object(status.get("poll")):
        options = objects(poll.get("options"))
        facts["poll"] = [clean(option.get("title")) for option in options]
    if status.get("sensitive") is True:
        facts["sensitive"] = True
    if author.get("bot") is True:
        facts["bot"] = True
    return facts


def _said(status: dict[str, Any]) -> dict[str, str]:
    account = maybe_object(status.get("account"))
    return {
        "uri": clean(status.get("url")) or clean(status.get("uri")),
        "author_id": clean(account.get("id")),
        "author_handle": clean(account.get("acct")),
        "text": text_of(status),
        "sent_at": clean(status.get("created_at")),
    }


def _attachments(status: dict[str, Any]) -> list[Attachment]:
    """Pictures, films and sounds with their descriptions, and the card of a link."""
    files = [_file(one) for one in objects(status.get("media_attachments"))]
    card = maybe_object(status.get("card"))
    if address := clean(card.get("url")):
        files.append(Attachment(clean(card.get("title")) or address, "text/html", url=address))
    return files


def _file(media: dict[str, Any]) -> Attachment:
    address = clean(media.get("url")) or clean(media.get("remote_url"))
    try:
        path = urlsplit(address).path
    except ValueError:
        path = ""
    mime = mimetypes.guess_type(path)[0] or {"image": "image/*", "audio": "audio/*"}.get(
        clean(media.get("type")), "video/*"
    )
    name = path.rpartition("/")[2] or clean(media.get("id"))
    return Attachment(name=name, mime=mime, url=address, alt=clean(media.get("description")))
