"""What a log must do, whatever engine carries it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True)
class Claimed:
    """A batch that is ours until the lease ends."""

    handle: str
    token: str
    subject: str
    body: bytes
    size: int
    claims: int


@dataclass(frozen=True)
class Depth:
    """How much waits, and since when: the lag that the screen shows."""

    batches: int
    items: int
    oldest_at: datetime | None


class Log(Protocol):
    """Append, claim with a lease, acknowledge."""

    def append(self, subject: str, body: bytes, *, size: int, urgent: bool = False) -> None:
        """Put a batch at the end; urgent ones overtake the rest."""

    def claim(self, lease: timedelta, *, items: int = 1) -> list[Claimed]:
        """The next free batches, ours for `lease`; none when nothing waits.

        More than one as long as they carry no more than `items` together. An urgent batch waits
        for no other kind, and one that was claimed before comes alone: it may be what failed.
        """

    def ack(self, claimed: Sequence[Claimed]) -> bool:
        """The work is committed. False when a lease was lost and another worker may have it."""

    def depth(self) -> Depth:
        """What waits now."""
