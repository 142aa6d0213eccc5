"""What stands in the bytes of a feed: its name, and its articles as plain JSON, the oldest first.

Feeds are read as they are found: broken XML, wrong character sets, missing dates. feedparser never
opens what a feed names (no external entity, no DTD), and expands no entity inside another.
"""

import calendar
import io
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser

from balai.channels.contract import Refused
from balai.channels.payload import clean, objects

MOST = 500  # articles of one look
LONGEST = 100_000  # characters of one article's HTML


@dataclass(frozen=True)
class Found:
    """One feed as it stands now."""

    title: str
    link: str
    language: str
    ttl_minutes: int
    articles: tuple[dict[str, Any], ...]


def read(body: bytes, headers: Mapping[str, str], address: str) -> Found:
    """Read a feed of any kind. Raises Refused when these bytes are none."""
    otherwise = _http_date(headers)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json_feed(body, otherwise)
    told = {"content-type": headers.get("content-type", "application/xml")}
    parsed = feedparser.parse(
        # A stream, because feedparser opens a file or an address when it is given its name.
        io.BytesIO(body),
        response_headers={**told, "content-location": address},
        sanitize_html=False,  # it becomes plain text; see ground.hypertext
        resolve_relative_uris=False,
    )
    if not parsed.get("version") and not parsed.entries:
        raise Refused("what stands at this address is no feed", permanent=True, code="NoFeed")
    feed = parsed.feed
    ttl = str(feed.get("ttl", ""))
    return Found(
        title=clean(feed.get("title")),
        link=clean(feed.get("link")),
        language=clean(feed.get("language")),
        ttl_minutes=int(ttl) if ttl.isascii() and ttl.isdigit() and len(ttl) < 6 else 0,
        articles=_ordered(_entry(entry, otherwise) for entry in parsed.entries[:MOST]),
    )


def _ordered(articles: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    named = (article for article in articles if article["id"])
    return tuple(sorted(named, key=lambda article: str(article["at"])))


def _entry(entry: Mapping[str, Any], otherwise: str) -> dict[str, Any]:
    contents = [c for c in entry.get("content") or [] if c.get("value")]
    body = contents[0] if contents else entry.get("summary_detail") or {}
    title = entry.get("title_detail") or {}
    link = clean(entry.get("link"))
    # Asked as a plain dict: feedparser's own one warns where it puts one date for the other.
    fields = dict(entry.items())
    published, updated = fields.get("published_parsed"), fields.get("updated_parsed")
    return {
        "id": clean(entry.get("id")) or link or clean(title.get("value")),
        "link": link,
        "title": clean(title.get("value")),
        "title_is_html": title.get("type") != "text/plain",
        "body": clean(body.get("value"))[:LONGEST],
        "body_is_html": body.get("type") != "text/plain",
        "author": clean(entry.get("author")),
        "at": _moment(published or updated) or otherwise,
        "tags": [clean(tag.get("term")) for tag in entry.get("tags") or [] if tag.get("term")],
        "files": [
            {"url": clean(file.get("href")), "mime": clean(file.get("type"))}
            for file in entry.get("enclosures") or []
            if file.get("href")
        ],
    }


def _json_feed(body: bytes, otherwise: str) -> Found:
    """JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/"""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or "jsonfeed.org" not in clean(told.get("version")):
        raise Refused("what stands at this address is no feed", permanent=True, code="NoFeed")
    return Found(
        title=clean(told.get("title")),
        link=clean(told.get("home_page_url")),
        language=clean(told.get("language")),
        ttl_minutes=0,
        articles=_ordered(_item(item, otherwise) for item in objects(told.get("items"))[:MOST]),
    )


def _item(item: Mapping[str, Any], otherwise: str) -> dict[str, Any]:
    link = clean(item.get("url")) or clean(item.get("external_url"))
    page, plain = clean(item.get("content_html")), clean(item.get("content_text"))
    authors = [clean(a.get("name")) for a in objects(item.get("authors"))]
    number = item.get("id")
    at = _iso(item.get("date_published")) or _iso(item.get("date_modified"))
    return {
        "id": clean(str(number) if isinstance(number, int) else number) or link,
        "link": link,
        "title": clean(item.get("title")),
        "title_is_html": False,
        "body": (page or plain or clean(item.get("summary")))[:LONGEST],
        "body_is_html": bool(page),
        "author": ", ".join(filter(None, authors)),
        "at": at or otherwise,
        "tags": [clean(t) for t in item.get("tags") or [] if clean(t)]
        if isinstance(item.get("tags"), list)
        else [],
        "files": [
            {"url": clean(file.get("url")), "mime": clean(file.get("mime_type"))}
            for file in objects(item.get("attachments"))
            if clean(file.get("url"))
        ],
    }


def _moment(said: time.struct_time | None) -> str:
    if said is None:
        return ""
    try:
        return datetime.fromtimestamp(calendar.timegm(said), UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _iso(said: Any) -> str:
    try:
        at = datetime.fromisoformat(said)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, TypeError, OverflowError):
        return ""


def _http_date(headers: Mapping[str, str]) -> str:
    """When the server answered: the moment of articles that do not say theirs."""
    try:
        return parsedate_to_datetime(headers.get("date", "")).astimezone(UTC).isoformat()
    except (ValueError, TypeError, OverflowError):
        return datetime.now(UTC).replace(microsecond=0).isoformat()
