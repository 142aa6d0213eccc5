"""A government account on the reference network with its connector, and a citizen beside it."""

import struct
import zlib
from datetime import UTC, datetime
from itertools import count

from balai.channels.contract import Incoming, Outgoing
from balai.channels.providers.bluesky.connector import Bluesky
from tests.peers.bluesky import BlueskyNetwork
from tests.peers.waiting import wait_until

AT = datetime(2026, 11, 20, 3, 4, 5, 678_000, tzinfo=UTC)
SOON = 30  # seconds in which the network must have indexed what was written
number = count(1)


class Office:
    """One government account, new for each test, with its connector, and a citizen."""

    def __init__(self, network: BlueskyNetwork) -> None:
        self.network = network
        self.account = network.create_account(f"kota{next(number)}.test")
        self.citizen_account = network.create_account(f"warga{next(number)}.test")
        self.connectors: list[Bluesky] = []
        self.connector = self.connect()
        self.cursor = ""

    @property
    def citizen(self):
        return self.network.client(self.citizen_account.handle)

    def connect(self, **changed: str) -> Bluesky:
        settings = {
            "service": self.network.pds,
            "handle": self.account.handle,
            "app_password": self.account.app_password,
        }
        self.connectors.append(Bluesky(settings | changed))
        return self.connectors[-1]

    def mention(self, text: str, *, at: datetime | None = None, **more):
        """The citizen writes to us; gives the post's uri and cid. `at`: what her clock says."""
        text = f"@{self.account.handle} {text}"
        mention = {"$type": "app.bsky.richtext.facet#mention", "did": self.account.did}
        span = {"byteStart": 0, "byteEnd": len(self.account.handle) + 1}
        record = {
            "$type": "app.bsky.feed.post",
            "text": text,
            "facets": [{"index": span, "features": [mention]}],
            "createdAt": (at or datetime.now(UTC)).isoformat(timespec="milliseconds"),
            **more,
        }
        place = {"repo": self.citizen_account.did, "collection": "app.bsky.feed.post"}
        return self.citizen.com.atproto.repo.create_record({**place, "record": record})

    def read_on(self) -> list[Incoming]:
        """What is new, over as many looks as it takes."""
        came, more = [], True
        while more:
            fetched = self.connector.fetch(self.cursor)
            for parcel in fetched.parcels:
                came += self.connector.parse(parcel)
            self.cursor, more = fetched.cursor, fetched.more
        return came

    def wait_for(self, number: int) -> list[Incoming]:
        """Exactly this many messages, when they have come."""
        came: list[Incoming] = []

        def is_enough() -> bool:
            came.extend(self.read_on())
            return len(came) >= number

        wait_until(is_enough, SOON, what=f"{number} messages")
        return came

    def thread(self, uri: str):
        """The thread of a post as the citizen sees it."""
        return self.citizen.get_post_thread(uri).thread


def post(text: str, **more) -> Outgoing:
    return Outgoing(key=f"post-{next(number)}", text=text, at=AT, **more)


def strong(made) -> dict[str, str]:
    return {"uri": made.uri, "cid": made.cid}


def png(width: int, height: int) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
