"""What others may know of connections, parcels and dispatches."""

import inspect
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Length

from balai.channels.catalogue import CONNECTORS
from balai.channels.contract import Can, Connector, Limits, ReplyRights
from balai.channels.models import Attempt, Connection, Dispatch, Parcel
from balai.people.models import Institution


@dataclass(frozen=True)
class Promises:
    """What a channel can do and how much of it."""

    slug: str
    label: str
    can: Can
    limits: Limits


@dataclass(frozen=True)
class Delivery:
    """One dispatch as a person reads it: where it stands, and every step with its time."""

    dispatch: Dispatch
    steps: tuple[Attempt, ...]

    @property
    def needs_a_person(self) -> bool:
        """Nobody but a person can say whether it is out."""
        can_look = Can.PROBE in CONNECTORS[self.dispatch.connection.channel].can
        return self.dispatch.state == Dispatch.State.UNKNOWN and (
            not can_look or self.dispatch.looks_made >= LOOKS_BEFORE_A_PERSON
        )


LOOKS_BEFORE_A_PERSON = 12
NEED_AN_ADDRESS = ("email", "sms")  # they write to one person, never to everybody


@dataclass(frozen=True)
class Line:
    """A connection as the console shows it."""

    connection: Connection
    promises: Promises
    waiting: int  # dispatches that have not left
    unreadable: int  # parcels that a person should look at
    to_enter_there: str = ""  # the address that somebody must enter at the network


def promises(connection: Connection) -> Promises:
    """What this connection's channel can do."""
    connector = CONNECTORS[connection.channel]
    limits = connector_of(connection).limits_here()
    return Promises(connector.slug, connector.label, connector.can, limits)


def all_promises() -> list[Promises]:
    """Every channel that exists, in the catalogue's order."""
    return [Promises(c.slug, c.label, c.can, c.limits) for c in CONNECTORS.values()]


def has_own_page(channel: str) -> bool:
    """Whether a channel's threads are pages of ours, opened by a receipt."""
    return CONNECTORS[channel].has_own_page


def line_at_the_counter(institution: Institution) -> Connection | None:
    """Where officers write down what citizens say; None while nobody opened it."""
    lines = Connection.objects.filter(institution=institution, channel="counter")
    at_rest = [Connection.State.PAUSED, Connection.State.CLOSED]
    return lines.exclude(state__in=at_rest).order_by("pk").first()


def connector_of(connection: Connection) -> Connector:
    """The connector with this connection's settings and secrets; nothing is opened yet."""
    settings: dict[str, str] = {**connection.settings, **json.loads(connection.secrets or "{}")}
    return CONNECTORS[connection.channel](settings)


def connections_of(institution: Institution) -> list[Connection]:
    """All lines of an institution, the ones that need somebody first."""
    order = [str(Connection.State.BROKEN), str(Connection.State.TROUBLED)]
    found = Connection.objects.filter(institution=institution).select_related("account")
    return sorted(
        found, key=lambda c: (order.index(c.state) if c.state in order else len(order), c.name)
    )


def line_by_mail(institution: Institution) -> Connection | None:
    """The mailbox from which the institution writes; None where none is at work."""
    at_work = Connection.objects.filter(institution=institution, channel="email").exclude(
        state__in=[Connection.State.PAUSED, Connection.State.CLOSED]
    )
    return at_work.order_by("pk").first()


def lines_for_posts(institution: Institution | int) -> dict[int, Connection]:
    """The line on which each official account can say something to everybody, by account."""
    lines = Connection.objects.filter(institution=institution, account__isnull=False).exclude(
        state=Connection.State.CLOSED
    )
    can_post = [
        slug
        for slug, connector in CONNECTORS.items()
        if Can.PUBLISH in connector.can and slug not in NEED_AN_ADDRESS
    ]
    found = lines.filter(channel__in=can_post).select_related("institution").order_by("-pk")
    return {line.account_id: line for line in found if line.account_id is not None}


def text_length(connection: Connection, text: str) -> int:
    """How long the line's network thinks a text is."""
    return connector_of(connection).length(text)


def text_problem(connection: Connection, text: str) -> tuple[int, int] | None:
    """(length, limit) when the network would not take a text of this length; else None."""
    connector = connector_of(connection)
    length, limit = connector.length(text), connector.limits_here().text
    return (length, limit) if limit and length > limit else None


def reply_rights(
    connection: Connection, handle: Mapping[str, Any], *, is_public: bool, sent_at: datetime
) -> ReplyRights:
    """Whether this line's network takes an answer to such a message, how, until when, for what."""
    return connector_of(connection).reply_rights(handle, is_public=is_public, sent_at=sent_at)


def pieces_of(connection: Connection, text: str) -> int:
    """How many messages the network makes of a text, and charges for."""
    return connector_of(connection).pieces(text)


def channels_with_windows() -> list[str]:
    """The channels whose right to reply ends some time after the citizen's words."""
    return [
        slug
        for slug, one in CONNECTORS.items()
        if one.limits.reply_within is not None or one.limits.direct_within is not None
    ]


def parcel_sizes(ids: Iterable[int]) -> list[tuple[int, int]]:
    """The ids of parcels that wait to be read, in order of arrival, with their sizes in bytes."""
    waiting = Parcel.objects.filter(pk__in=list(ids), state=Parcel.State.WAITING)
    return list(waiting.order_by("pk").values_list("pk", Length("body")))


def parcels_by_id(ids: Iterable[int]) -> list[Parcel]:
    """Raw parcels with their connections, in order of arrival; parcels of a line share its row."""
    found = list(Parcel.objects.filter(pk__in=list(ids)).order_by("pk"))
    lines = Connection.objects.select_related("institution").in_bulk(
        {parcel.connection_id for parcel in found}
    )
    for parcel in found:
        parcel.connection = lines[parcel.connection_id]
    return found


def unreadable_parcels(institution: Institution, limit: int = 50) -> list[Parcel]:
    """What came in and could not be understood, newest first."""
    found = Parcel.objects.filter(
        connection__institution=institution, state=Parcel.State.UNREADABLE
    )
    return list(found.select_related("connection").order_by("-pk")[:limit])


def deliveries(purpose: str, refs: Iterable[int]) -> Mapping[int, Delivery]:
    """How the things that a room asked to send are doing, by that room's row."""
    found = (
        Dispatch.objects.filter(purpose=purpose, ref__in=list(refs))
        .select_related("connection")
        .prefetch_related("attempts")
        .order_by("pk")
    )
    return {d.ref: Delivery(d, tuple(d.attempts.all())) for d in found}


def undecided_deliveries(institution: Institution) -> list[Delivery]:
    """What only a person can settle: unknown outcomes that no look could decide, and refusals."""
    found = (
        Dispatch.objects.filter(
            institution=institution, state__in=[Dispatch.State.UNKNOWN, Dispatch.State.REFUSED]
        )
        .select_related("connection")
        .prefetch_related("attempts")
        .order_by("-pk")[:50]
    )
    return [Delivery(d, tuple(d.attempts.all())) for d in found]


def latest_sign_of_life(institution: Institution) -> datetime | None:
    """When any line of the institution last answered us."""
    seen = Connection.objects.filter(institution=institution, last_alive_at__isnull=False)
    newest = seen.order_by("-last_alive_at").first()
    return newest.last_alive_at if newest else None


def lines_of(institution: Institution) -> list[Line]:
    """All lines of an institution with what waits on them, the ones that need somebody first."""
    waiting = _by_connection(
        Dispatch.objects.filter(institution=institution, state=Dispatch.State.WAITING)
    )
    unreadable = _by_connection(
        Parcel.objects.filter(state=Parcel.State.UNREADABLE, connection__institution=institution)
    )
    return [
        Line(
            line,
            promises(line),
            waiting.get(line.pk, 0),
            unreadable.get(line.pk, 0),
            connector_of(line).to_enter_there(),
        )
        for line in connections_of(institution)
    ]


def parcel_of(institution: Institution, parcel_id: int) -> Parcel:
    """A raw parcel of the institution. Raises ObjectDoesNotExist."""
    return Parcel.objects.select_related("connection").get(
        connection__institution=institution, pk=parcel_id
    )


def help_of(slug: str) -> str:
    """What the channel's own page says about connecting it."""
    page = _folder_of(slug) / "README.md"
    return page.read_text(encoding="utf-8") if page.is_file() else ""


def logo_of(slug: str) -> Path | None:
    """Where the channel's sign lies."""
    if slug not in CONNECTORS:
        return None
    place = _folder_of(slug) / "logo.svg"
    return place if place.is_file() else None


def _folder_of(slug: str) -> Path:
    return Path(inspect.getfile(CONNECTORS[slug])).parent


def _by_connection(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.values_list("connection").annotate(Count("pk")).order_by())
