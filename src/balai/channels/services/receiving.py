"""The door in: look, keep the bytes, open them. What they mean is decided above."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec
from django.db import transaction
from django.db.models import Q

from balai.channels.catalogue import CONNECTORS
from balai.channels.contract import (
    Answered,
    Can,
    Connector,
    Fetched,
    RemoteError,
    Returned,
    Unreadable,
)
from balai.channels.events import AnswerReturned
from balai.channels.models import Connection, Dispatch, Parcel
from balai.channels.selectors import connector_of
from balai.channels.services.health import note_alive, note_trouble
from balai.channels.services.sending import prove_out
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.log import open_log
from balai.ground.plain import storable
from balai.ground.services import announce
from balai.people.selectors import Actor
from balai.people.services import allow

logger = logging.getLogger(__name__)

STRANDED_AFTER = timedelta(minutes=15)
LOOK_LEASE = timedelta(minutes=5)
# The parts of an album come within a second; but a busy line does not wait for ever.
HELD_FOR, HELD_AT_MOST = timedelta(seconds=2), timedelta(seconds=10)
GATHERED_AT_ONCE = 20  # each may bring a file of many megabytes


@dataclass(frozen=True)
class Opened:
    """A parcel with what was found in it; `trouble` says why nothing could be found."""

    parcel: Parcel
    found: list[Answered] = field(default_factory=list)
    trouble: str = ""


@transaction.atomic
def keep_parcels(
    connection: Connection, bodies: Sequence[bytes], *, cursor: str | None = None
) -> list[int]:
    """Keep what came in and ring the bell; the cursor moves only together with the parcels."""
    moment = now()
    ids: list[int] = []
    if bodies:
        kept = Parcel.objects.bulk_create(
            Parcel(connection=connection, body=body, arrived_at=moment) for body in bodies
        )
        ids = [parcel.pk for parcel in kept]
        _ring(connection.channel, ids, urgent=connection.is_urgent)
    if cursor is not None:
        Connection.objects.filter(pk=connection.pk).update(cursor=cursor)
    return ids


def look(connection: Connection) -> int:
    """Ask the network once what came in, if the time has come. Returns how many parcels did.

    The look is claimed first, so that several workers never look together; a failure is noted on
    the connection and the same cursor is asked again later.
    """
    if not _claim_look(connection):
        return 0
    held = _ripe(connection)
    try:
        fetched = _gather(connection, held) if held else _fetch(connection)
    except RemoteError as trouble:
        note_trouble(connection, trouble)
        return 0
    except Exception as failure:  # a connector's own fault must be as red as a dead line
        logger.exception("the connector of %s failed while looking", connection)
        note_trouble(connection, RemoteError(f"{type(failure).__name__}: {failure}"))
        return 0
    with transaction.atomic():
        keep_parcels(connection, fetched.parcels, cursor=fetched.cursor)
        Parcel.objects.filter(pk__in=[p.pk for p in held]).update(state=Parcel.State.READ)
    note_alive(connection)
    usual = timedelta() if fetched.more else CONNECTORS[connection.channel].poll_every
    pause = max(usual, fetched.rest)
    if Parcel.objects.filter(connection=connection, state=Parcel.State.HELD).exists():
        pause = HELD_FOR
    Connection.objects.filter(pk=connection.pk).update(next_look_at=now() + pause)
    return len(fetched.parcels)


@transaction.atomic
def hold_parcel(connection: Connection, body: bytes) -> None:
    """Keep what a webhook brought until the connector has completed it, at its next look.

    That look is brought forward, though another one may be under way: what both complete has the
    same ids, and lands once.
    """
    Parcel.objects.create(
        connection=connection, body=body, arrived_at=now(), state=Parcel.State.HELD
    )
    soon = now() + HELD_FOR
    later = Q(next_look_at__gt=soon) | Q(next_look_at__isnull=True)
    Connection.objects.filter(later, pk=connection.pk).update(next_look_at=soon)


@transaction.atomic
def release_held(connection: Connection) -> None:
    """A line ends and nobody will complete what is held: it is read as it came."""
    held = Parcel.objects.filter(connection=connection, state=Parcel.State.HELD).order_by("pk")
    ids = list(held.values_list("pk", flat=True))
    if ids:
        held.update(state=Parcel.State.WAITING)
        _ring(connection.channel, ids, urgent=connection.is_urgent)


def unpack(parcels: Iterable[Parcel]) -> list[Opened]:
    """Open parcels with their connectors. Pure: nothing is written, nothing is asked."""
    connectors: dict[int, Connector] = {}
    return [_open(parcel, connectors) for parcel in parcels]


def mark_read(parcels: Iterable[Parcel]) -> None:
    """These parcels are understood and landed."""
    # The landing has marked those that held messages; what is marked is not written again.
    waiting = Parcel.objects.filter(pk__in=[p.pk for p in parcels], state=Parcel.State.WAITING)
    waiting.update(state=Parcel.State.READ)


def set_aside(parcel: Parcel, trouble: str) -> None:
    """Keep an unreadable parcel where a person sees it."""
    Parcel.objects.filter(pk=parcel.pk).update(
        state=Parcel.State.UNREADABLE, trouble=storable(trouble)
    )


@transaction.atomic
def open_parcel(parcel: Parcel, *, by: Actor) -> bytes:
    """The raw bytes for a person's eyes. They may name citizens: every opening is recorded."""
    institution_id = parcel.connection.institution_id
    allow(by, "parcel.view", institution_id)
    record(by=by, did="parcel.opened", on=parcel, institution_id=institution_id)
    return bytes(parcel.body)


@transaction.atomic
def note_returned(connection: Connection, news: Returned) -> None:
    """A network told us later whether a message of ours arrived. Of a message in parts it tells
    several times: one part that is lost outweighs all that arrived."""
    prove_out(connection, news.remote_id)
    dispatch = Dispatch.objects.filter(connection=connection, remote_id=news.remote_id).first()
    if dispatch is None or dispatch.returned_at is not None:
        return
    if news.arrived:
        dispatch.note = storable(news.words)
        dispatch.save(update_fields=["note"])
        return
    dispatch.returned_at = now()
    dispatch.note = storable(news.words)
    dispatch.save(update_fields=["returned_at", "note"])
    announce(
        AnswerReturned(dispatch.pk, dispatch.purpose, dispatch.ref, news.permanent, news.words),
        scope=dispatch.institution_id,
    )


def requeue_stranded() -> int:
    """Ring again for parcels whose bell was lost. Landing twice does no harm."""
    stranded = Parcel.objects.filter(
        state=Parcel.State.WAITING, arrived_at__lt=now() - STRANDED_AFTER
    ).select_related("connection")[:500]
    if not stranded or open_log().depth().batches:
        return 0  # the log still has work: nothing is stranded yet
    for parcel in stranded:
        _ring(parcel.connection.channel, [parcel.pk], urgent=parcel.connection.is_urgent)
    return len(stranded)


def _ring(channel: str, ids: list[int], *, urgent: bool) -> None:
    open_log().append(f"in.{channel}", msgspec.msgpack.encode(ids), size=len(ids), urgent=urgent)


def _fetch(connection: Connection) -> Fetched:
    connector = connector_of(connection)
    try:
        return connector.fetch(connection.cursor)
    finally:
        connector.close()


def _ripe(connection: Connection) -> list[Parcel]:
    """What is held and surely whole: nothing more came for a moment, or it has waited long."""
    held = Parcel.objects.filter(connection=connection, state=Parcel.State.HELD)
    found = list(held.order_by("pk")[:GATHERED_AT_ONCE])
    if not found:
        return []
    calm = found[-1].arrived_at <= now() - HELD_FOR
    return found if calm or found[0].arrived_at <= now() - HELD_AT_MOST else []


def _gather(connection: Connection, held: list[Parcel]) -> Fetched:
    connector = connector_of(connection)
    try:
        parcels = connector.gather([bytes(parcel.body) for parcel in held])
    finally:
        connector.close()
    return Fetched(parcels, connection.cursor, more=True)


def _claim_look(connection: Connection) -> bool:
    if Can.FETCH not in CONNECTORS[connection.channel].can:
        return False
    claimed = Connection.objects.filter(
        pk=connection.pk, next_look_at=connection.next_look_at
    ).update(next_look_at=now() + LOOK_LEASE)
    return claimed == 1


def _open(parcel: Parcel, connectors: dict[int, Connector]) -> Opened:
    try:
        connector = connectors.get(parcel.connection_id)
        if connector is None:  # its secrets are unsealed once for a batch
            connector = connectors[parcel.connection_id] = connector_of(parcel.connection)
        return Opened(parcel, connector.parse(bytes(parcel.body)))
    except Unreadable as trouble:
        return Opened(parcel, trouble=str(trouble) or "unreadable")
    except Exception as failure:  # a connector's fault must not cost the other parcels
        logger.exception("the connector of %s failed on parcel %s", parcel.connection, parcel.pk)
        return Opened(parcel, trouble=f"{type(failure).__name__}: {failure}")
