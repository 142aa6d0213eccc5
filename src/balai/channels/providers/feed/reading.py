"""Read one parcel: an article and the feed in which it stood. Pure, and patient with odd JSON."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from balai.channels.contract import Answered, Attachment, Incoming, Unreadable
from balai.channels.payload import an_object, clean
from balai.ground.hypertext import words_of

LONGEST_ID = 400


def read(parcel: bytes) -> list[Answered]:
    """The article in this parcel. Nobody waits for an answer to it, so no clock may begin."""
    try:
        said = json.loads(parcel)
    except (ValueError, RecursionError) as fault:
        raise Unreadable(f"no JSON: {fault}") from fault
    parcel_said = an_object(said, "the parcel")
    article = an_object(parcel_said.get("article"), "article")
    feed = an_object(parcel_said.get("feed"), "feed")
    number = clean(article.get("id"))
    if not number:
        raise Unreadable("the article has no id")
    if len(number) > LONGEST_ID:
        number = "sha256:" + hashlib.sha256(number.encode()).hexdigest()
    revision, link = clean(said.get("revision")), clean(article.get("link"))
    title, body = words_in(article)
    medium = _host(link) or _host(clean(feed.get("link"))) or clean(feed.get("title"))
    return [
        Incoming(
            remote_id=f"{number}#{revision}" if revision else number,
            thread_id=number,
            author_id=medium or "?",
            author_name=clean(feed.get("title")) or medium,
            author_handle=_host(link),
            text=body if not title or body.startswith(title) else f"{title}\n\n{body}".strip(),
            sent_at=_moment(article.get("at")),
            kind="article",
            subject=title,
            url=link if link.startswith(("https://", "http://")) else "",
            is_automatic=True,
            answers=(number,) if revision else (),
            attachments=tuple(_files(article)),
            language=clean(feed.get("language"))[:35],
            facts=_facts(article),
        )
    ]


def words_in(article: dict[str, Any]) -> tuple[str, str]:
    """The title and the text of an article, as a person reads them."""
    title, body = clean(article.get("title")), clean(article.get("body"))
    if article.get("title_is_html"):
        title = words_of(title)
    if article.get("body_is_html"):
        body = words_of(body)
    return " ".join(title.split()), body.strip()


def _files(article: dict[str, Any]) -> list[Attachment]:
    files = article.get("files")
    found = [f for f in files if isinstance(f, dict)] if isinstance(files, list) else []
    return [
        Attachment(
            name=clean(file.get("url")).rpartition("/")[2][:200],
            mime=clean(file.get("mime")),
            url=clean(file.get("url")),
        )
        for file in found
    ]


def _facts(article: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if author := clean(article.get("author")):
        facts["author"] = author
    tags = article.get("tags")
    if names := [clean(tag) for tag in tags if clean(tag)] if isinstance(tags, list) else []:
        facts["tags"] = names
    return facts


def _moment(said: Any) -> datetime:
    try:
        at = datetime.fromisoformat(said)
    except (ValueError, TypeError) as fault:
        raise Unreadable("the article does not say when") from fault
    try:
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as fault:
        raise Unreadable("the article is of no time") from fault


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
