"""Ask the network what people wrote to us: the notifications above a mark, and their threads.

https://docs.joinmastodon.org/methods/notifications/ and https://docs.joinmastodon.org/api/guidelines/#pagination
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from balai.channels.contract import Fetched, Http, NotSent, Refused
from balai.channels.payload import objects
from balai.channels.providers.mastodon.outward import when

TYPES = ("mention", "quote")
PAGE = 40
# Notifications that are asked for again in every look: what its author took back meanwhile is
# missing, and what got its number before another but appeared after it is found. Fewer than the
# shortest page of any server, so that a page always has room for what is new.
REMEMBERED = 15
SURELY_WHOLE = 20  # a shorter page was not cut at a server's own limit
MOST_PAGES = 50
FIRST_LOOK = timedelta(days=14)  # how far back a new connection reads
FIRST_PAGES = 5
ABOVE = 10  # how many messages before a message are kept with it; the first of its thread always is


@dataclass(frozen=True)
class Mark:
    """Everything above `floor` is either in `seen` (with its status) or new."""

    floor: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)


def fetch(http: Http, cursor: str, *, host: str, me: str) -> Fetched:
    """What came in above the mark, and what is gone of the last few that came before."""
    mark = read(cursor)
    found = _walk(http, mark) if cursor else _first(http)
    new = [one for one in found if one["id"] not in mark.seen]
    lost = [] if not cursor else _lost(http, mark, found)
    base = {"server": host, "account": me}
    parcels = [{"gone": status, **base} for status in lost]
    parcels += ({**parcel, **base} for parcel in _with_threads(http, new))
    return Fetched(
        parcels=tuple(
            json.dumps(parcel, sort_keys=True, separators=(",", ":")).encode() for parcel in parcels
        ),
        cursor=write(_next(mark, {one["id"]: _status_id(one) for one in found})),
        more=bool(cursor and new) and len(found) >= SURELY_WHOLE,
    )


def read(cursor: str) -> Mark:
    """The mark in a cursor; an empty or foreign one is a first look."""
    try:
        said = json.loads(cursor)
        floor, seen = said["floor"], said["seen"]
    except (ValueError, KeyError, TypeError):
        return Mark()
    if not isinstance(floor, str) or not isinstance(seen, dict):
        return Mark()
    return Mark(floor, {str(number): str(status) for number, status in seen.items()})


def write(mark: Mark) -> str:
    """The mark as the text that the channel keeps for us."""
    return json.dumps({"floor": mark.floor, "seen": mark.seen}, separators=(",", ":"))


def order(number: str) -> tuple[int, str]:
    """Numbers of Mastodon grow longer; those of others (ULID) have one length and an alphabet."""
    return len(number), number


def _next(mark: Mark, found: Mapping[str, str]) -> Mark:
    numbers = sorted(found, key=order)
    below, above = numbers[:-REMEMBERED], numbers[-REMEMBERED:]
    floor = max([mark.floor, *below], key=order)
    return Mark(floor, {number: found[number] for number in above})


def _first(http: Http) -> list[dict[str, Any]]:
    """The last two weeks by the network's own clock, at most five pages of them."""
    found = page = _page(http, {})
    for _ in range(FIRST_PAGES - 1):
        if not page or _is_old(page[0], found[-1]):
            break
        page = _below(_page(http, {"max_id": page[0]["id"]}), found)
        found = page + found
    return [one for one in found if not _is_old(one, found[-1])]


def _is_old(one: dict[str, Any], newest: dict[str, Any]) -> bool:
    at, last = when(one.get("created_at")), when(newest.get("created_at"))
    return at is not None and last is not None and at < last - FIRST_LOOK


def _walk(http: Http, mark: Mark) -> list[dict[str, Any]]:
    """The notifications next above the floor, without a hole.

    Asked with `min_id`, Mastodon tells those next above it. Software that takes it for `since_id`
    tells the newest ones instead: when the lowest that we know is not among them, the space below
    is walked until it is empty.
    """
    above = {"min_id": mark.floor} if mark.floor else {}
    found = page = _page(http, above)
    lowest_known = min(mark.seen, key=order, default="")
    for _ in range(MOST_PAGES):
        if not page or (lowest_known and order(found[0]["id"]) <= order(lowest_known)):
            return found
        below = {"max_id": found[0]["id"]}
        page = _page(http, {**below, "since_id": mark.floor} if mark.floor else below)
        page = _below(page, found)
        found = page + found
    raise NotSent("the list of notifications has no end")


def _below(page: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What lies below what was found: some software tells the same page again."""
    return [one for one in page if order(one["id"]) < order(found[0]["id"])]


def _page(http: Http, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """One page, the oldest first. Without a filter by the account's own taste: citizens first."""
    wanted = {"limit": PAGE, "include_filtered": "true", **asked}
    try:
        answer = http.look("/api/v1/notifications", **wanted, **{"types[]": list(TYPES)})
    except Refused as no:
        if no.status not in (400, 422):
            raise
        # Some software refuses the whole question when it does not know one of the types.
        answer = http.look("/api/v1/notifications", **wanted, **{"types[]": [TYPES[0]]})
    if not isinstance(answer, list):
        raise NotSent("the list of notifications is not what the network's documents promise")
    page = [one for one in objects(answer) if isinstance(one.get("id"), str) and one["id"]]
    if (floor := asked.get("min_id", asked.get("since_id", ""))) != "":
        page = [one for one in page if order(one["id"]) > order(floor)]
    return sorted(page, key=lambda one: order(one["id"]))


def _status_id(notification: Mapping[str, Any]) -> str:
    status = notification.get("status")
    number = status.get("id") if isinstance(status, dict) else None
    return number if isinstance(number, str) and notification.get("type") in TYPES else ""


def _lost(http: Http, mark: Mark, found: list[dict[str, Any]]) -> list[str]:
    """Statuses whose notification is not there any more, and that are gone themselves.

    An officer may have cleared the notification, or muted its author: then the status still stands.
    """
    present = {one["id"] for one in found}
    missing = [status for number, status in mark.seen.items() if status and number not in present]
    return [status for status in dict.fromkeys(missing) if _is_gone(http, status)]


def _is_gone(http: Http, status: str) -> bool:
    try:
        http.look(f"/api/v1/statuses/{status}")
    except Refused as no:
        if no.status not in (404, 410):
            raise
        return True
    return False


def _with_threads(http: Http, notifications: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in notifications:
        number = _status_id(one)
        if not number:
            continue
        above: list[dict[str, Any]] = []
        if one["status"].get("in_reply_to_id"):
            try:
                context = http.look(f"/api/v1/statuses/{number}/context")
            except Refused as no:
                if no.status in (404, 410):
                    continue  # taken back before anybody read it
                raise
            above = objects(context.get("ancestors")) if isinstance(context, dict) else []
        yield {"notification": one, "above": above[:1] + above[1:][-ABOVE:]}
