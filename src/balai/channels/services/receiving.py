"""The door in: look, keep the bytes, open them. What they mean is decided above."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec
from django.db import transaction

from balai.channels.catalogue import CONNECTORS
from balai.channels.contract import (
    Answered,
    Can,
    Fetched,
    RemoteError,
    Returned,
    Unreadable,
)
from balai.channels.events import AnswerReturned
from balai.channels.models import Connection, Dispatch, Parcel
from balai.channels.selectors import connector_of
from balai.channels.services.health import note_alive, note_trouble
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
    try:
        fetched = _fetch(connection)
    except RemoteError as trouble:
        note_trouble(connection, trouble)
        return 0
    except Exception as failure:  # a connector's own fault must be as red as a dead line
        logger.exception("the connector of %s failed while looking", connection)
        note_trouble(connection, RemoteError(f"{type(failure).__name__}: {failure}"))
        return 0
    keep_parcels(connection, fetched.parcels, cursor=fetched.cursor)
    note_alive(connection)
    pause = timedelta() if fetched.more else CONNECTORS[connection.channel].poll_every
    Connection.objects.filter(pk=connection.pk).update(next_look_at=now() + pause)
    return len(fetched.parcels)


def unpack(parcels: Iterable[Parcel]) -> list[Opened]:
    """Open parcels with their connectors. Pure: nothing is written, nothing is asked."""
    return [_open(parcel) for parcel in parcels]


def mark_read(parcels: Iterable[Parcel]) -> None:
    """These parcels are understood and landed."""
    Parcel.objects.filter(pk__in=[p.pk for p in parcels]).update(state=Parcel.State.READ)


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
    """A network told us later whether a message of ours arrived."""
    dispatch = Dispatch.objects.filter(connection=connection, remote_id=news.remote_id).first()
    if dispatch is None or news.arrived or dispatch.returned_at is not None:
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


def _claim_look(connection: Connection) -> bool:
    if Can.FETCH not in CONNECTORS[connection.channel].can:
        return False
    claimed = Connection.objects.filter(
        pk=connection.pk, next_look_at=connection.next_look_at
    ).update(next_look_at=now() + LOOK_LEASE)
    return claimed == 1


def _open(parcel: Parcel) -> Opened:
    try:
        return Opened(parcel, connector_of(parcel.connection).parse(bytes(parcel.body)))
    except Unreadable as trouble:
        return Opened(parcel, trouble=str(trouble) or "unreadable")
    except Exception as failure:  # a connector's fault must not cost the other parcels
        logger.exception("the connector of %s failed on parcel %s", parcel.connection, parcel.pk)
        return Opened(parcel, trouble=f"{type(failure).__name__}: {failure}")
