"""Which articles are new, which were changed, and what the publisher must not send again."""

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from balai.channels.providers.feed.articles import Found
from balai.channels.providers.feed.reading import words_in

REMEMBERED = 2000  # articles; one that returns after so many others comes in again
FIRST_LOOK = timedelta(days=14)  # how far back a new connection reads


@dataclass(frozen=True)
class Mark:
    """What the last answer was called, and a print of every article that came by."""

    etag: str = ""
    modified: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)

    def conditions(self) -> dict[str, str]:
        """Headers that let the server say "nothing new" (RFC 9110, 13.1)."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value}

    def answered(self, headers: Mapping[str, str]) -> "Mark":
        """The mark after this answer."""
        return dataclasses.replace(
            self, etag=headers.get("etag", ""), modified=headers.get("last-modified", "")
        )


def read(cursor: str) -> Mark:
    """The mark in a cursor; an empty or foreign one is a first look."""
    try:
        said = json.loads(cursor)
        etag, modified, seen = said["etag"], said["modified"], said["seen"]
    except (ValueError, KeyError, TypeError):
        return Mark()
    if not isinstance(seen, dict):
        return Mark()
    return Mark(str(etag), str(modified), {str(k): str(v) for k, v in seen.items()})


def write(mark: Mark) -> str:
    """The mark as the text that the channel keeps for us."""
    return json.dumps(dataclasses.asdict(mark), separators=(",", ":"))


def sift(found: Found, mark: Mark, wanted: Sequence[str]) -> tuple[list[bytes], Mark]:
    """A parcel for each article that is new or whose words changed, and the mark after them.

    `wanted`: words of which an article must have one; all articles when there are none.
    """
    seen, parcels = dict(mark.seen), []
    newest = max((article["at"] for article in found.articles), default="")
    about = {"title": found.title, "link": found.link, "language": found.language}
    for article in found.articles:
        words = words_in(article)
        name, print_ = _short(article["id"]), _short("\n".join(words))
        before = seen.pop(name, None)
        seen[name] = print_  # at the end: the newest are remembered longest
        if before == print_ or (not mark.seen and _is_old(article["at"], newest)):
            continue
        if not _speaks_of(wanted, " ".join(words)):
            continue
        said: dict[str, Any] = {"feed": about, "article": article}
        if before is not None:
            said["revision"] = print_
        parcels.append(json.dumps(said, sort_keys=True, separators=(",", ":")).encode())
    kept = dict(list(seen.items())[-REMEMBERED:])
    return parcels, dataclasses.replace(mark, seen=kept)


def _speaks_of(wanted: Sequence[str], text: str) -> bool:
    """Whether a word of the text begins with a wanted one: "bupati" also finds "bupatinya"."""
    text = text.casefold()
    return not wanted or any(
        re.search(rf"(?<!\w){re.escape(word.casefold())}", text) for word in wanted
    )


def _is_old(at: str, newest: str) -> bool:
    return datetime.fromisoformat(at) < datetime.fromisoformat(newest) - FIRST_LOOK


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
