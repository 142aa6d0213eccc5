"""How far the notifications were read, so that none is lost and none comes twice.

The network lists newest first and sorts by the *earlier* of "written" and "indexed" (seen in the
reference AppView, November 2026). A post whose server was cut off for an hour therefore appears
an hour down the list. So every look reads again through the last day, or the last 300 messages
where a day has more, and remembers by a short hash which of them it has handed over. Where a flood
of likes lies between (the network counts them in its pages), the last ten minutes must do.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from balai.channels.contract import Refused

OVERLAP = timedelta(days=1)
REMEMBERED = 300
SURE_OVERLAP = timedelta(minutes=10)
FIRST_LOOK = timedelta(days=14)  # how far back a new connection reads
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

Entry = tuple[datetime, str]  # when the network says it was, and the short hash of its address


def entry(at: datetime | None, uri: str) -> Entry:
    """What is remembered of one notification."""
    return at or LONG_AGO, hashlib.sha256(uri.encode("utf-8", "replace")).hexdigest()[:12]


@dataclass(frozen=True)
class Mark:
    """Everything after `floor` is either in `seen` or new. `page`: a walk that is not finished."""

    floor: datetime | None = None  # None: nothing was ever read
    seen: tuple[Entry, ...] = ()
    page: str = ""  # where the walk downwards goes on
    fresh: tuple[Entry, ...] = field(default=())  # handed over in this walk

    def knows(self, one: Entry) -> bool:
        """Whether this notification was handed over already."""
        return one in self.seen or one in self.fresh

    def beginning(self, newest: datetime | None) -> "Mark":
        """On a first look, set the floor. Not by our clock: a wrong one must not hide people."""
        if self.floor or newest is None:
            return self
        return replace(self, floor=newest - FIRST_LOOK)

    def is_passed(self, place: datetime | None) -> bool:
        """Whether a walk at `place` has nothing left to find."""
        return self.floor is not None and place is not None and place <= self.floor

    def is_enough(self, place: datetime | None) -> bool:
        """Whether a walk that has used up its pages may stop here."""
        return bool(self.seen) and place is not None and place <= self.seen[0][0] - SURE_OVERLAP

    def paused(self, page: str, fresh: list[Entry]) -> "Mark":
        """The walk goes on at `page` in the next look."""
        # All of the last instant stay remembered: the next page begins with it.
        last = fresh[-1][0] if fresh else LONG_AGO
        kept = [*fresh[: REMEMBERED + 1], *(e for e in fresh[REMEMBERED + 1 :] if e[0] == last)]
        return replace(self, page=page, fresh=tuple(kept))

    def finished(self, fresh: list[Entry]) -> "Mark":
        """The walk reached the floor: the next one starts at the top."""
        entries = sorted({*fresh, *self.seen}, reverse=True)
        if not entries:
            return replace(self, page="", fresh=())
        floor = max(entries[0][0] - OVERLAP, self.floor or LONG_AGO)
        if len(entries) > REMEMBERED:
            floor = max(floor, entries[REMEMBERED][0])
        return Mark(floor=floor, seen=tuple(e for e in entries if e[0] > floor))


def write(mark: Mark) -> str:
    """The mark as the text that the channel keeps for us."""
    said: dict[str, Any] = {"seen": [[at.isoformat(), tag] for at, tag in mark.seen]}
    if mark.floor:
        said["floor"] = mark.floor.isoformat()
    if mark.page:
        said["page"] = mark.page
        said["fresh"] = [[at.isoformat(), tag] for at, tag in mark.fresh]
    return json.dumps(said, separators=(",", ":"))


def read(cursor: str) -> Mark:
    """The mark that `write` wrote; empty text is a first look."""
    if not cursor:
        return Mark()
    try:
        said = json.loads(cursor)
        return Mark(
            floor=datetime.fromisoformat(said["floor"]) if "floor" in said else None,
            seen=_entries(said["seen"]),
            page=said.get("page", ""),
            fresh=_entries(said.get("fresh", [])),
        )
    except (ValueError, KeyError, TypeError) as fault:
        raise Refused(
            f"the cursor of this channel cannot be read: {fault}", permanent=True
        ) from fault


def _entries(pairs: Any) -> tuple[Entry, ...]:
    return tuple((datetime.fromisoformat(at), tag) for at, tag in pairs)
