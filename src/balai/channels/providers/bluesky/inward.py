"""Ask the network what people wrote to us: pages of notifications, and the posts around each."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from balai.channels.contract import Fetched, NotSent, Refused
from balai.channels.providers.bluesky import mark as marks
from balai.channels.providers.bluesky.records import COLLECTION, moment
from balai.channels.providers.bluesky.session import Session

REASONS = ("mention", "reply", "quote")
POSTS_AT_ONCE = 25  # app.bsky.feed.getPosts
CLIMB = 4  # how many answers above a message are shown to the officer; the root always is


def fetch(session: Session, cursor: str, *, page_size: int, pages: int) -> Fetched:
    """At most `pages` pages downwards from the top, or from where the last look paused."""
    mark = marks.read(cursor)
    fresh, new, page = list(mark.fresh), [], mark.page
    place, finished = None, False
    for _ in range(pages):
        answer = _page(session, page, page_size)
        for notification in answer["notifications"]:
            place = when(notification.get("indexedAt")) or place
            mark = mark.beginning(place)
            if mark.is_passed(place):
                finished = True
                break
            one = marks.entry(place, str(notification.get("uri")))
            if not mark.knows(one) and one not in fresh:
                fresh.append(one)
                new.append(notification)
        told = answer.get("cursor")
        place = when(told) or place
        following = _next_page(page, told)
        finished = finished or not following or mark.is_passed(place)
        if finished:
            break
        page = following
    finished = finished or mark.is_enough(place)
    mark = mark.finished(fresh) if finished else mark.paused(page, fresh)
    parcels = tuple(_parcels(session, new))
    return Fetched(parcels=parcels, cursor=marks.write(mark), more=not finished)


def when(said: Any) -> datetime | None:
    """A time as the network writes it, in UTC; None when this is none."""
    try:
        at = datetime.fromisoformat(said)
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, TypeError, OverflowError):
        return None


def _page(session: Session, page: str, size: int) -> dict[str, Any]:
    asked: dict[str, Any] = {"reasons": list(REASONS), "limit": size}
    # Without this the account's own taste ("only people I follow") would hide citizens.
    asked["priority"] = "false"
    if page:
        asked["cursor"] = page
    answer = session.look("app.bsky.notification.listNotifications", **asked)
    if not isinstance(answer, dict) or not isinstance(answer.get("notifications"), list):
        raise NotSent("the list of notifications is not what the network's documents promise")
    answer["notifications"] = [one for one in answer["notifications"] if isinstance(one, dict)]
    return answer


def _next_page(asked: str, told: Any) -> str:
    """Where the next page starts: one millisecond above what the network tells.

    Its cursor is the time of the last notification and the next page holds what is *before* it;
    a second notification of that same millisecond would fall between the pages.
    """
    if not isinstance(told, str) or not told:
        return ""
    at = when(told)
    if at is None:
        return told  # another kind of cursor: it is theirs to read
    again = moment(at + timedelta(milliseconds=1))
    return told if again == asked else again  # a page full of one instant must not hold us for ever


def _parcels(session: Session, notifications: list[dict[str, Any]]) -> Iterator[bytes]:
    posts: dict[str, Any] = {}
    asked: set[str] = set()
    wanted = {uri for one in notifications for uri in (_own(one), *above(one.get("record")))}
    for _ in range(CLIMB):
        found = _posts(session, wanted - asked)
        asked |= wanted
        posts |= found
        wanted = {uri for post in found.values() for uri in above(post.get("record"))}
    for one in notifications:
        parcel = {"account": session.did, "notification": one, "posts": _around(one, posts)}
        yield json.dumps(parcel, sort_keys=True, separators=(",", ":")).encode()


def _own(notification: dict[str, Any]) -> str:
    """The message itself, when it has pictures or a card: only its view has their addresses."""
    record = notification.get("record")
    has_embed = isinstance(record, dict) and "embed" in record
    return str(notification.get("uri")) if has_embed else ""


def above(record: Any) -> list[str]:
    """What a post answers or quotes, nearest first."""
    record = record if isinstance(record, dict) else {}
    reply = record.get("reply") if isinstance(record.get("reply"), dict) else {}
    embed = record.get("embed") if isinstance(record.get("embed"), dict) else {}
    quoted = embed.get("record")
    while isinstance(quoted, dict) and "uri" not in quoted:  # a quote beside a picture lies deeper
        quoted = quoted.get("record")
    refs = (reply.get("parent"), reply.get("root"), quoted)
    found = [ref.get("uri") for ref in refs if isinstance(ref, dict)]
    return [uri for uri in found if isinstance(uri, str)]


def _posts(session: Session, uris: Iterable[str]) -> dict[str, Any]:
    """Views of these posts; those deleted, blocked or never known are not in the answer."""
    readable = sorted(u for u in uris if u.startswith("at://did:") and f"/{COLLECTION}/" in u)
    found: dict[str, Any] = {}
    for start in range(0, len(readable), POSTS_AT_ONCE):
        chunk = readable[start : start + POSTS_AT_ONCE]
        try:
            answer = session.look("app.bsky.feed.getPosts", uris=chunk)
        except Refused as no:
            if not no.permanent or not no.signs_in:
                raise
            continue  # the message itself matters more than what stands around it
        posts = answer.get("posts") if isinstance(answer, dict) else None
        for post in posts if isinstance(posts, list) else []:
            if isinstance(post, dict) and isinstance(post.get("uri"), str):
                found[post["uri"]] = post
    return found


def _around(notification: dict[str, Any], posts: dict[str, Any]) -> dict[str, Any]:
    """The message's own view and the posts above it, as far as we climbed."""
    around: dict[str, Any] = {}
    wanted = [_own(notification), *above(notification.get("record"))]
    while wanted:
        uri = wanted.pop()
        if uri in posts and uri not in around:
            around[uri] = posts[uri]
            wanted += above(posts[uri].get("record"))
    return around
