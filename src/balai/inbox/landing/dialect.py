"""The steps of a landing that each database says in its own way."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import DatabaseError

from balai.inbox.landing.port import Found, Term
from balai.inbox.landing.threads import Talk

CitizenKey = tuple[int, str, str]  # institution, channel, pseudonym
Name = tuple[int, str]  # connection, remote id
Thread = tuple[int, int, str]  # citizen, connection, thread
MessageRow = tuple[Any, ...]  # in the order of MESSAGE_COLUMNS
Trace = Callable[[int, Mapping[str, int]], None]

MESSAGE_COLUMNS = (
    "id", "institution_id", "connection_id", "conversation_id", "remote_id", "direction", "kind",
    "text", "sent_at", "received_at", "is_automatic", "is_hidden", "author_id", "reading", "extra",
)  # fmt: skip
# In this order; what the landing never changes stands first.
TALK_COLUMNS = Talk.__struct_fields__


class Dialect:
    """What `table.TableStore` asks of a database; every step works inside its transaction."""

    def find(
        self, institution_id: int, terms: Sequence[Term], *, before: int | None, limit: int
    ) -> list[Found]:
        raise NotImplementedError

    def tend(self) -> None:
        raise NotImplementedError

    def _named(self, failure: DatabaseError) -> Exception:
        """Busy, NoRoom, or the failure itself."""
        raise NotImplementedError

    def _moments(self, moments: Sequence[datetime | None]) -> Sequence[Any]:
        """Moments as the table keeps them."""
        raise NotImplementedError

    def _reserve(self, how_many: int) -> int:
        """The first of so many ids for messages: larger than every earlier one."""
        raise NotImplementedError

    def _keep_names(self, names: Sequence[Name], first: int) -> list[int]:
        """Register names that are new; the places (in `names`) of those, rising.

        `names` are grouped by connection. The message of the name at place n has the id first + n.
        """
        raise NotImplementedError

    def _message_of(self, name: Name) -> int | None:
        raise NotImplementedError

    def _set_remote_id(self, message_id: int, remote_id: str) -> None:
        raise NotImplementedError

    def _citizens(self, keys: Sequence[CitizenKey]) -> dict[CitizenKey, tuple[int, bool]]:
        """Those that exist, with whether an identity is kept."""
        raise NotImplementedError

    def _add_citizens(
        self, rows: Sequence[tuple[CitizenKey, str, datetime]]
    ) -> dict[CitizenKey, tuple[int, bool]]:
        """Make them with their sealed identities; those for which another lander was not faster."""
        raise NotImplementedError

    def _hold(
        self,
        keys: Sequence[CitizenKey],
        found: dict[CitizenKey, tuple[int, bool]],
        ours: dict[CitizenKey, tuple[int, bool]],
    ) -> dict[CitizenKey, tuple[int, bool]]:
        """All of them as they are now, held until the transaction ends. `ours` were just made."""
        raise NotImplementedError

    def _remember(self, rows: Sequence[tuple[int, str]]) -> None:
        """Give citizens without an identity one again."""
        raise NotImplementedError

    def _answered(self, names: Sequence[Name]) -> dict[Name, Thread]:
        """In which thread the messages of these names stand."""
        raise NotImplementedError

    def _talks(self, threads: Iterable[Thread]) -> list[Talk]:
        """The current conversations of these threads, held against officers and landers."""
        raise NotImplementedError

    def _talk_ids(self, how_many: int) -> Sequence[int]:
        raise NotImplementedError

    def _add_talks(self, talks: Sequence[Talk]) -> None:
        raise NotImplementedError

    def _change_talks(self, talks: Sequence[Talk]) -> None:
        raise NotImplementedError

    def _add_messages(self, rows: Sequence[MessageRow]) -> None:
        raise NotImplementedError

    def _index(self, first: int, last: int) -> None:
        """Make the messages between two ids searchable."""
        raise NotImplementedError

    def _count(self, moves: Mapping[tuple[int, str], int]) -> None:
        """Add to the counters of (institution, state)."""
        raise NotImplementedError

    def _parcels_read(self, parcel_ids: Sequence[int]) -> None:
        raise NotImplementedError

    def _hide(self, message_ids: list[int]) -> int:
        raise NotImplementedError

    def _empty(self, message_ids: list[int]) -> int:
        raise NotImplementedError
