"""Feeds: RSS, Atom (RFC 4287) and JSON Feed, as newspapers and offices publish them."""

import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from balai.channels.contract import (
    Answered,
    Ask,
    Can,
    Connector,
    Fetched,
    Health,
    Http,
    Refused,
)
from balai.channels.providers.feed import articles, inward, reading
from balai.channels.providers.feed.articles import Found

# Bytes. The feeds of large newspapers have a fifth of it, and a hostile one costs the parser some
# seconds of a processor for each megabyte, growing in line with its length (feedparser 6.0.14).
LARGEST = 2 * 1024 * 1024
LONGEST_REST = timedelta(hours=1)  # a feed may ask for less, but news must not wait for a day
MAX_AGE = re.compile(r"max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
ACCEPT = (
    "application/feed+json, application/atom+xml, application/rss+xml, text/xml;q=0.9, */*;q=0.5"
)


class Feed(Connector):
    """One feed of somebody else's. Its articles are read; nothing can be answered there."""

    slug = "feed"
    label = "Umpan berita"
    can = Can.FETCH | Can.CHECK
    asks = (
        Ask(
            "feed_address",
            "Address of the feed",
            help="RSS, Atom or JSON Feed; often named at the foot of a site",
        ),
        Ask(
            "only_with",
            "Only articles with these words",
            optional=True,
            help="Separated by commas; every article when empty",
        ),
    )
    poll_every = timedelta(minutes=15)

    @property
    def address(self) -> str:
        """Where the feed lies."""
        typed = self.settings.get("feed_address", "").strip()
        return typed if typed.startswith(("https://", "http://")) else f"https://{typed}"

    def open_line(self) -> Http:
        """A line to the feed's server."""
        return Http(self.address, headers={"Accept": ACCEPT})

    def fetch(self, cursor: str) -> Fetched:
        """Articles that are new or were changed, if anything did since the last look."""
        mark = inward.read(cursor)
        found, headers = self._look(mark.conditions())
        rest = _rest(headers, found)
        if found is None:
            return Fetched((), cursor, rest=rest)
        words = [word.strip() for word in self.settings.get("only_with", "").split(",")]
        parcels, mark = inward.sift(found, mark, [word for word in words if word])
        return Fetched(tuple(parcels), inward.write(mark.answered(headers)), rest=rest)

    def parse(self, parcel: bytes) -> list[Answered]:
        """Read one parcel of `fetch`."""
        return reading.read(parcel)

    def check(self) -> Health:
        """Read the feed once and say what it calls itself."""
        found, _ = self._look({})
        assert found is not None  # nothing was asked that could be answered with "not modified"
        host = urlsplit(self.address).hostname or self.address
        words = f"{found.title or host}: {len(found.articles)}"
        return Health(platform_user_id=self.address, handle=host, url=found.link, words=words)

    def _look(self, conditions: Mapping[str, str]) -> tuple[Found | None, Mapping[str, str]]:
        try:
            reply = self.http.get(self.address, headers=conditions, at_most=LARGEST)
        except Refused as no:
            if no.status != 410:
                raise
            words = f"{no}. This feed has ended; close the line, or enter its new address."
            raise Refused(words, permanent=True, status=410, is_final=True) from no
        if reply.status == 304:
            return None, reply.headers
        return articles.read(reply.body, reply.headers, self.address), reply.headers


def _rest(headers: Mapping[str, str], found: Found | None) -> timedelta:
    """How long the publisher asks to be left alone."""
    asked = MAX_AGE.search(headers.get("cache-control", ""))
    seconds = max(int(asked[1]) if asked else 0, found.ttl_minutes * 60 if found else 0)
    return min(timedelta(seconds=seconds), LONGEST_REST)
