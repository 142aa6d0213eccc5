"""Read one parcel: a notification and the posts around it. Pure, and patient with strange JSON."""

import json
from datetime import UTC, datetime
from typing import Any

from balai.channels.contract import Answered, Attachment, Incoming, Unreadable
from balai.channels.payload import an_object, clean, maybe_object, needed
from balai.channels.providers.bluesky.inward import REASONS, above, when
from balai.channels.providers.bluesky.records import web_address
from balai.channels.providers.bluesky.richtext import written_out


def read(parcel: bytes) -> list[Answered]:
    """The message in this parcel; empty when it is ours or nothing that people write."""
    try:
        said = json.loads(parcel)
    except (ValueError, RecursionError) as fault:
        raise Unreadable(f"no JSON: {fault}") from fault
    notification = an_object(an_object(said, "the parcel").get("notification"), "notification")
    if notification.get("reason") not in REASONS:
        return []
    author = an_object(notification.get("author"), "author")
    if needed(author, "did") == said.get("account"):
        return []
    return [_incoming(notification, author, maybe_object(said.get("posts")))]


def _incoming(
    notification: dict[str, Any], author: dict[str, Any], posts: dict[str, Any]
) -> Incoming:
    record = an_object(notification.get("record"), "record")
    uri, cid = needed(notification, "uri"), needed(notification, "cid")
    indexed_at = when(notification.get("indexedAt"))
    if indexed_at is None:
        raise Unreadable("the notification does not say when")
    embed = maybe_object(record.get("embed"))
    view = maybe_object(maybe_object(posts.get(uri)).get("embed"))
    root = _root(record) or {"uri": uri, "cid": cid}
    text = clean(record.get("text"))
    return Incoming(
        remote_id=uri,
        thread_id=root["uri"],
        author_id=needed(author, "did"),
        author_name=clean(author.get("displayName")),
        author_handle=clean(author.get("handle")),
        text=written_out(text, record.get("facets")),
        # The author's clock, unless it runs ahead of the network's.
        sent_at=min(when(record.get("createdAt")) or indexed_at, indexed_at),
        kind=notification["reason"],
        url=web_address(uri),
        answers=tuple(dict.fromkeys(clean(address) for address in above(record))),
        handle={"uri": uri, "cid": cid, "root": root},
        attachments=tuple(_attachments(embed, view)),
        language=_language(record.get("langs")),
        facts={"context": _context(record, posts)},
    )


def _root(record: dict[str, Any]) -> dict[str, str] | None:
    root = maybe_object(maybe_object(record.get("reply")).get("root"))
    uri, cid = clean(root.get("uri")), clean(root.get("cid"))
    return {"uri": uri, "cid": cid} if uri.startswith("at://") and cid else None


def _context(record: dict[str, Any], posts: dict[str, Any]) -> list[dict[str, str]]:
    """What was said before, oldest first, as far as the parcel brought it."""
    chain: dict[str, dict[str, str]] = {}
    wanted = list(reversed(above(record)))
    while wanted:
        uri = wanted.pop()
        post = maybe_object(posts.get(uri))
        if not post or uri in chain:
            continue
        said, author = maybe_object(post.get("record")), maybe_object(post.get("author"))
        chain[uri] = {
            "uri": clean(uri),
            "author_id": clean(author.get("did")),
            "author_handle": clean(author.get("handle")),
            "text": written_out(clean(said.get("text")), said.get("facets")),
            "sent_at": clean(said.get("createdAt")),
        }
        wanted += reversed(above(said))
    return sorted(chain.values(), key=lambda post: (when(post["sent_at"]) or OLDEST, post["uri"]))


def _attachments(embed: dict[str, Any], view: dict[str, Any]) -> list[Attachment]:
    """Pictures, a video or a link card. Their addresses are only in the network's view."""
    media, shown = maybe_object(embed.get("media")), maybe_object(view.get("media"))
    if media:  # beside a quote
        return _attachments(media, shown)
    files = []
    if isinstance(embed.get("video"), dict):
        address = clean(view.get("playlist"))
        files.append(_file(embed["video"], alt=embed.get("alt"), url=address))
    card = maybe_object(embed.get("external"))
    if card:
        title, address = clean(card.get("title")), clean(card.get("uri"))
        files.append(Attachment(name=title or address, mime="text/html", url=address))
    images, views = _list(embed, "images", "items"), _list(view, "images", "items")
    for place, image in enumerate(images):
        seen = maybe_object(views[place]) if place < len(views) else {}
        address = clean(seen.get("fullsize"))
        files.append(_file(maybe_object(image.get("image")), alt=image.get("alt"), url=address))
    return files


def _file(blob: dict[str, Any], *, alt: Any, url: str) -> Attachment:
    name = clean(maybe_object(blob.get("ref")).get("$link"))
    return Attachment(name=name, mime=clean(blob.get("mimeType")), url=url, alt=clean(alt))


def _list(holder: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    """The first of these fields that is a list; what is no object in it becomes an empty one."""
    for name in names:
        if isinstance(holder.get(name), list):
            return [maybe_object(one) for one in holder[name]]
    return []


def _language(langs: Any) -> str:
    return clean(langs[0])[:35] if isinstance(langs, list) and langs else ""


OLDEST = datetime(1, 1, 2, tzinfo=UTC)
