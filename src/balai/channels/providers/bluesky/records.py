"""Our posts as records: the key that we choose, the bytes that never change, the proof we keep.

The record key of a post is a TID (https://atproto.com/specs/tid): 13 characters that carry a time
in microseconds and ten bits of chance. Ours carry the minute before the post was written (a time
to come might be refused) and 36 bits of the key's hash, so that every attempt asks for the same
place, and no two posts for one.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from balai.channels.contract import Outgoing, Receipt, Refused

COLLECTION = "app.bsky.feed.post"
DIGITS = "234567abcdefghijklmnopqrstuvwxyz"  # base32, sorted as ASCII sorts
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = 60_000_000  # microseconds
CLOCKS = 1 << 10


def record_key(key: str, at: datetime) -> str:
    """The TID of the message `key` that was written at `at`."""
    microseconds = (at.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)
    chance = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")
    offset, clock = divmod(chance % (MINUTE * CLOCKS), CLOCKS)
    number = ((microseconds // MINUTE - 1) * MINUTE + offset) * CLOCKS + clock
    return "".join(DIGITS[number >> shift & 31] for shift in range(60, -5, -5))


def moment_of(key: str) -> datetime:
    """The time in a record key, to the minute that it was made for."""
    number = 0
    for digit in key:
        number = number * 32 + max(DIGITS.find(digit), 0)
    minutes = number // CLOCKS % (1 << 53) // MINUTE + 1
    return EPOCH + timedelta(minutes=minutes)


def moment(at: datetime) -> str:
    """A time as records carry it: UTC, in milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def post_record(
    post: Outgoing, *, at: datetime, facets: list[Any], images: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The record of `app.bsky.feed.post`: the same post gives the same record in every attempt."""
    record: dict[str, Any] = {"$type": COLLECTION, "text": post.text, "createdAt": moment(at)}
    if facets:
        record["facets"] = facets
    if post.language:
        record["langs"] = [post.language]
    if post.reply_to is not None:
        record["reply"] = reply_refs(post.reply_to)
    if images:
        record["embed"] = {"$type": "app.bsky.embed.images", "images": list(images)}
    return record


def reply_refs(handle: Mapping[str, Any]) -> dict[str, Any]:
    """Parent and root of an answer, each by address and content hash."""
    parent = {"uri": handle.get("uri"), "cid": handle.get("cid")}
    known = handle.get("root") or parent
    root = {"uri": known.get("uri"), "cid": known.get("cid")}
    if not all((*parent.values(), *root.values())):
        raise Refused("the message to answer has no address on the network", permanent=True)
    return {"root": root, "parent": parent}


def is_ours(record: Any, text: str, at: datetime) -> bool:
    """Whether a stored record is this post. Facets may differ: a handle can resolve anew."""
    return (
        isinstance(record, dict)
        and record.get("text") == text
        and record.get("createdAt") == moment(at)
    )


def receipt(uri: str, cid: str, reply_to: Mapping[str, Any] | None) -> Receipt:
    """The proof of a post, and what an answer to it will need."""
    here = {"uri": uri, "cid": cid}
    root = here if reply_to is None else reply_refs(reply_to)["root"]
    return Receipt(remote_id=uri, url=web_address(uri), handle={**here, "root": root})


def web_address(uri: str) -> str:
    """Where people read the post. By DID, so that it survives a change of handle."""
    did, _, key = uri.removeprefix("at://").partition(f"/{COLLECTION}/")
    return f"https://bsky.app/profile/{did}/post/{key}" if key else ""
