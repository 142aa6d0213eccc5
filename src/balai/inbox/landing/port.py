"""What a store must do, whatever database carries it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec


class Busy(Exception):
    """Other writers held the database for too long. Nothing was kept; the same batch may return."""


class NoRoom(Exception):
    """The disk is full. Nothing was kept; the same batch may return when there is room again."""


class Attached(msgspec.Struct, frozen=True):
    """A file that came with a message and lies under the installation's home by its hash."""

    name: str
    mime: str
    size: int = 0
    sha256: str = ""
    url: str = ""
    alt: str = ""


class Arrival(msgspec.Struct, gc=False):
    """One message of a citizen, parsed and read, ready to land.

    `citizen_key` is the pseudonym; `identity` (JSON: name, handle, address) is sealed for a citizen
    whom the institution does not know yet. `reading` and `extra` are JSON text or plain values.
    Moments are aware; times of the sender's clock that lie after `received_at` are not believed.
    """

    institution_id: int
    connection_id: int
    channel: str
    remote_id: str
    thread_key: str
    citizen_key: str
    text: str
    sent_at: datetime
    received_at: datetime
    answers: tuple[str, ...] = ()  # remote ids, nearest first
    identity: str = ""
    kind: str = ""
    subject: str = ""
    preview: str = ""  # personal data masked
    is_public: bool = True
    is_automatic: bool = False  # never reopens anything and starts no clock
    is_history: bool = False  # was handled elsewhere: opens what is over, and starts no clock
    reading: str | Mapping[str, Any] | None = None
    language: str = ""
    sentiment: str = ""
    intent: str = ""
    priority: int = 0
    sensitivity: tuple[str, ...] = ()
    clock: str = ""
    due_at: datetime | None = None
    receipt: str = ""
    extra: str | Mapping[str, Any] = "{}"
    attachments: tuple[Attached, ...] = ()
    parcel_id: int = 0  # 0: did not come in a parcel


class OurWords(msgspec.Struct, frozen=True):
    """One message that is not a citizen's: an answer of ours or a note."""

    institution_id: int
    connection_id: int
    conversation_id: int
    direction: str
    text: str
    sent_at: datetime
    kind: str = ""
    author_id: int | None = None
    extra: Mapping[str, Any] = {}
    remote_id: str = ""
    is_automatic: bool = False


class Landed(msgspec.Struct, frozen=True):
    """What a batch became. Ids of messages rise; each connection's stand in the batch's order."""

    message_ids: list[int] = []  # the new ones
    conversation_ids: list[int] = []  # touched, each once, rising
    opened_ids: list[int] = []  # those of them that are new
    repeats: int = 0


class Term(msgspec.Struct, frozen=True):
    """Words that must stand next to each other; with `is_open_ended` the last may go on."""

    words: tuple[str, ...]
    is_open_ended: bool = False


class Found(msgspec.Struct, frozen=True):
    """One message that a search found."""

    message_id: int
    conversation_id: int


class Store(Protocol):
    """Where messages live. Every verb works alone or inside the caller's transaction."""

    def land(self, batch: Sequence[Arrival]) -> Landed:
        """Keep a batch wholly or not at all; messages that are known already are repeats.

        Any subset, repetition or order of batches leads to the same conversations. Raises Busy,
        NoRoom, and what the database says when an arrival cannot be kept (land the halves then).
        """

    def append(self, words: OurWords) -> int:
        """Keep one message of ours, searchable; its id. The conversation is not touched."""

    def know(self, connection_id: int, remote_id: str, message_id: int) -> bool:
        """Remember what the network calls a message of ours, so that replies find it.

        False when another message has that name already.
        """

    def hide(self, message_ids: Sequence[int]) -> int:
        """Take messages out of the search; their text stays. Gives how many were taken out."""

    def erase(self, message_ids: Sequence[int]) -> int:
        """Empty the text, reading and extra of messages and take them out of the search."""

    def find(
        self, institution_id: int, terms: Sequence[Term], *, before: int | None, limit: int
    ) -> list[Found]:
        """Messages in which all terms stand, newest first, older than the id `before`.

        Hidden and erased messages and those of sealed conversations are never found.
        """

    def tend(self) -> None:
        """What the store needs now and then: partitions ahead, merging of the index."""
