"""What a channel promises and what passes through the door.

A connector knows this page, ground.http, and ground.hypertext where its network speaks HTML.

A connector is a class: promises first (`can`, `limits`, `asks`), then one short method per promise.
It keeps no state, opens no database, and never repeats a change by itself. Errors are those of
`ground.http`: Refused (a no), NotSent (never left), OutcomeUnknown (perhaps done).
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

import msgspec

from balai.ground.http import Http, NotSent, OutcomeUnknown, Refused, RemoteError

__all__ = [
    "Answered",
    "Ask",
    "Attachment",
    "Can",
    "Connector",
    "Fetched",
    "Gone",
    "Health",
    "Http",
    "Incoming",
    "Limits",
    "NotSent",
    "OutcomeUnknown",
    "Outgoing",
    "Pending",
    "Picture",
    "Receipt",
    "Refused",
    "RemoteError",
    "ReplyRights",
    "Returned",
    "Unreadable",
]


class Unreadable(Exception):
    """This parcel (or this part of it) is not what the network's documents promise."""


class Can(enum.Flag):
    """What a channel is able to do. Each flag stands for one method (see METHOD)."""

    NOTHING = 0
    PUBLISH = enum.auto()  # publish(): a new message of ours
    REPLY = enum.auto()  # publish() with reply_to: an answer in the citizen's own thread
    RETRACT = enum.auto()  # retract(): take our message back
    EDIT = enum.auto()  # edit(): change our message, history kept by the network
    FETCH = enum.auto()  # fetch(): ask for what came in (polled)
    HEAR = enum.auto()  # is_genuine(): a webhook that is signed
    PROBE = enum.auto()  # probe(): a read-only look whether a message of ours is there
    FOLLOW_UP = (
        enum.auto()
    )  # follow_up(): a publication that finishes later (containers, moderation)
    REFRESH = enum.auto()  # refresh(): tokens that must be renewed
    PICTURES = enum.auto()  # publish() takes pictures with alt text
    CHECK = enum.auto()  # check(): who are we there, and is the line alive
    GATHER = enum.auto()  # gather(): complete what a webhook brought before it is read
    CALLED = enum.auto()  # call_at(): learns its webhook's address, to tell the network


# Which method keeps which promise; the conformance suite holds every connector to it.
METHOD: Mapping[Can, str] = {
    Can.PUBLISH: "publish",
    Can.RETRACT: "retract",
    Can.EDIT: "edit",
    Can.FETCH: "fetch",
    Can.HEAR: "is_genuine",
    Can.PROBE: "probe",
    Can.FOLLOW_UP: "follow_up",
    Can.REFRESH: "refresh",
    Can.CHECK: "check",
    Can.GATHER: "gather",
    Can.CALLED: "call_at",
}


@dataclass(frozen=True)
class Limits:
    """What the network accepts in one message, and what it costs. Zero or None: no limit known."""

    text: int = 0
    counted_in: str = "characters"  # or "graphemes"; `length()` of the connector counts
    text_bytes: int = 0
    pictures: int = 0
    picture_bytes: int = 0
    alt_text: int = 0
    reply_within: timedelta | None = None  # the reply window, counted from the citizen's message
    direct_within: timedelta | None = None  # the same for private messages, where it is shorter
    price_per_message: str = ""  # a decimal with its currency, "0.015 USD"
    per_day: int = 0  # how many messages a day the network takes from one account


@dataclass(frozen=True)
class ReplyRights:
    """Whether the network takes an answer to one message of a citizen: how, until when, for what.

    `until`: from then on no answer is taken; None: always. `price` is that of each piece into which
    a text is cut (`pieces`), a decimal with its currency; empty: free.
    """

    may: bool = True
    how: str = "public"  # or: direct, mail, sms, page
    until: datetime | None = None
    price: str = ""
    why_not: str = ""  # msgid: why the network takes none, whenever


@dataclass(frozen=True)
class Ask:
    """One field that the connect form asks for."""

    name: str
    label: str  # msgid; the screens translate it
    secret: bool = False
    optional: bool = False
    default: str = ""
    help: str = ""


@dataclass(frozen=True)
class Picture:
    body: bytes
    mime: str
    alt: str


@dataclass(frozen=True)
class Attachment:
    """A file that came with a message. `body` is empty when only `url` is known."""

    name: str
    mime: str
    body: bytes = b""
    url: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Outgoing:
    """One message of ours. `key` is unique for ever; the same key is the same message."""

    key: str
    text: str
    chosen: str = ""  # the id that we chose before sending, where the network lets us (choose_id)
    reply_to: Mapping[str, Any] | None = None  # `handle` of the Incoming that is answered
    to: str = ""  # the citizen's address, where the network needs one
    subject: str = ""
    language: str = ""  # BCP 47
    is_automatic: bool = False  # nobody wrote this now: other machines must not answer it
    pictures: tuple[Picture, ...] = ()
    at: datetime | None = None  # when it was written; the same in every attempt
    tried_at: datetime | None = None  # when the last attempt began; probe() waits from here on


@dataclass(frozen=True)
class Receipt:
    """Proof: the network has it, under this id."""

    remote_id: str
    url: str = ""
    handle: Mapping[str, Any] = field(default_factory=dict)  # what a later reply or retract needs


@dataclass(frozen=True)
class Pending:
    """The network took it and is still working; ask `follow_up` with this handle."""

    handle: Mapping[str, Any]
    ask_again_in: timedelta = timedelta(seconds=20)


class Incoming(msgspec.Struct, frozen=True, gc=False):
    """Something a person wrote to us or about us. Thousands are made at once, so it is slim."""

    remote_id: str  # unique on this connection
    thread_id: str  # the network's thread: the same for every message of it
    author_id: str  # the network's immutable id of the person
    text: str
    sent_at: datetime
    kind: str = "mention"  # mention, reply, quote, direct, form, mail, article
    author_name: str = ""
    author_handle: str = ""
    address: str = ""  # where an answer must go, if the thread alone does not say
    subject: str = ""
    url: str = ""
    is_public: bool = True
    is_automatic: bool = False  # out-of-office notes and the like: kept, never answered
    is_history: bool = False  # handled in another system before it came here: kept, never owed
    answers: tuple[str, ...] = ()  # remote ids of earlier messages it answers, nearest first
    handle: Mapping[str, Any] = {}  # comes back as Outgoing.reply_to
    attachments: tuple[Attachment, ...] = ()
    language: str = ""  # what the network or the author says, BCP 47
    facts: Mapping[str, Any] = {}  # other columns worth keeping, plain JSON


@dataclass(frozen=True)
class Returned:
    """News of a message of ours: it did not arrive (a bounce), or it did."""

    remote_id: str
    arrived: bool
    permanent: bool
    words: str


@dataclass(frozen=True)
class Gone:
    """A message that its author took back."""

    remote_id: str
    at: datetime | None = None


Answered = Incoming | Returned | Gone


@dataclass(frozen=True)
class Fetched:
    """What one look brought: raw parcels, and where the next look starts."""

    parcels: tuple[bytes, ...]
    cursor: str
    more: bool = False
    rest: timedelta = timedelta()  # how long the network asks to be left alone, at least


@dataclass(frozen=True)
class Health:
    """The line is alive, and this is who we are there."""

    platform_user_id: str
    handle: str
    url: str = ""
    words: str = ""
    # What the network told about itself (its limits, our number there); kept with our settings.
    learnt: Mapping[str, str] = field(default_factory=dict)


class Connector:
    """One channel. Subclasses declare, then keep each promise in one method."""

    slug: ClassVar[str]
    label: ClassVar[str]
    can: ClassVar[Can] = Can.NOTHING
    limits: ClassVar[Limits] = Limits()
    asks: ClassVar[tuple[Ask, ...]] = ()
    poll_every: ClassVar[timedelta] = timedelta(seconds=60)
    has_own_page: ClassVar[bool] = False  # its threads are pages of ours, opened by a receipt
    hears_by_get: ClassVar[bool] = False  # its webhook brings parcels in the query of a GET
    called_inside: ClassVar[bool] = False  # who calls stands in our own house: it needs no TLS
    redact: ClassVar[tuple[str, ...]] = ()  # keys whose values never reach a log or a screen

    def __init__(self, settings: Mapping[str, str], *, http: Http | None = None) -> None:
        """`settings` has the answers to `asks`; `http` replaces the line in tests."""
        self.settings = settings
        self._http = http

    @property
    def http(self) -> Http:
        """The line to the network, opened on first use."""
        if self._http is None:
            self._http = self.open_line()
        return self._http

    def open_line(self) -> Http:
        """Make the line; connectors that speak HTTP override this."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of whatever was opened."""
        if self._http is not None:
            self._http.close()

    # Outward

    def length(self, text: str) -> int:
        """How long the network thinks this text is."""
        return len(text)

    def limits_here(self) -> Limits:
        """What the network accepts on this very line; other servers may accept other sizes."""
        return self.limits

    def pieces(self, text: str) -> int:
        """How many messages the network makes of this text, and charges for."""
        return 1

    def reply_rights(
        self, handle: Mapping[str, Any], *, is_public: bool, sent_at: datetime
    ) -> ReplyRights:
        """What holds for an answer to a message with this `handle`. Pure: declared facts only."""
        limits = self.limits_here()
        within = limits.reply_within
        if not is_public and limits.direct_within is not None:
            within = limits.direct_within
        how = "public" if is_public else "direct"
        if Can.REPLY not in self.can:
            return ReplyRights(False, how, why_not="This channel only brings messages.")
        until = None if within is None else sent_at + within
        return ReplyRights(True, how, until, limits.price_per_message)

    def choose_id(self, key: str, at: datetime) -> str:
        """The remote id (or part of it) fixed before sending; empty where the network decides."""
        return ""

    def publish(self, post: Outgoing) -> Receipt | Pending:
        """Send it, once."""
        raise NotImplementedError

    def probe(self, post: Outgoing) -> Receipt | None:
        """Look, changing nothing, whether it is there: the proof, or None when it surely is not.

        Raises OutcomeUnknown when the look cannot tell.
        """
        raise NotImplementedError

    def follow_up(self, post: Outgoing, handle: Mapping[str, Any]) -> Receipt | Pending:
        """Look whether a pending publication is finished."""
        raise NotImplementedError

    def retract(self, receipt: Receipt) -> None:
        """Take it back. A message that is already gone is no error."""
        raise NotImplementedError

    def edit(self, receipt: Receipt, post: Outgoing) -> Receipt:
        """Change it."""
        raise NotImplementedError

    # Inward

    def fetch(self, cursor: str) -> Fetched:
        """What came in since `cursor` (empty: a first look). Must be repeatable: nothing is lost
        when the answer is dropped and the same cursor is asked again."""
        raise NotImplementedError

    def parse(self, parcel: bytes) -> list[Answered]:
        """Read one parcel. Pure: the same bytes give the same answer. Raises Unreadable."""
        raise NotImplementedError

    def is_genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether these raw bytes were signed by the network. Header names are lower case."""
        raise NotImplementedError

    def gather(self, brought: Sequence[bytes]) -> tuple[bytes, ...]:
        """Parcels of what the webhook brought: with the files it only named, and with the parts of
        one message in one parcel. Repeatable; changes nothing. Raises RemoteError to be asked
        again."""
        raise NotImplementedError

    def greet(self, query: Mapping[str, str]) -> str:
        """What to answer when the network checks that the webhook address is ours."""
        raise Refused("this channel has no webhook handshake", permanent=True)

    # Care

    def check(self) -> Health:
        """Who are we there? Raises Refused when our credentials no longer work."""
        raise NotImplementedError

    def call_at(self, address: str) -> Mapping[str, str]:
        """Let the network call this address, now or with each message; empty: none, since nobody
        outside reaches us. Gives open settings to keep."""
        raise NotImplementedError

    def to_enter_there(self) -> str:
        """The address that an officer must enter at the network, where we cannot tell it."""
        return ""

    def refresh(self) -> Mapping[str, str]:
        """New settings (tokens) that replace the old ones of the same name."""
        raise NotImplementedError
