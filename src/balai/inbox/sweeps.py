"""What the inbox does when time passes: take in what waits in the log, confirm silent endings."""

import logging
from collections.abc import Sequence
from datetime import timedelta

import msgspec
from django.conf import settings
from django.db import InterfaceError, OperationalError

from balai.channels.models import Parcel
from balai.channels.selectors import parcels_by_id
from balai.channels.services import Opened, mark_read, note_returned, set_aside, unpack
from balai.ground.log import open_log
from balai.inbox import services
from balai.inbox.landing import Busy, NoRoom, open_store
from balai.inbox.services.taking_in import sort_out

logger = logging.getLogger(__name__)
CLAIMS_BEFORE_SINGLY = 2  # a batch that failed is landed parcel by parcel, so that one cannot block


def take_in() -> int:
    """Claim one batch of the log and walk it all the way in; returns how many parcels it had.

    A worker that dies anywhere here leaves the batch in the log; what it had landed is known by its
    network's id and is not kept twice.
    """
    log = open_log()
    claimed = log.claim(timedelta(seconds=settings.BALAI_LAND_LEASE))
    if claimed is None:
        return 0
    ids = msgspec.msgpack.decode(claimed.body, type=list[int])
    waiting = [p for p in parcels_by_id(ids) if p.state == Parcel.State.WAITING]
    singly = claimed.claims > CLAIMS_BEFORE_SINGLY
    for group in [[p] for p in waiting] if singly else [waiting]:
        _take_in_group(group, alone=singly)
    log.ack(claimed)
    return claimed.size


def confirm_silent() -> int:
    """Resolved conversations in which the citizen was silent for seven days count as confirmed."""
    return services.confirm_silent_endings()


def tend_store() -> int:
    """What the store needs now and then: next month's partition, merging of the search index."""
    open_store().tend()
    return 0


def _take_in_group(parcels: Sequence[Parcel], *, alone: bool) -> None:
    try:
        _land(unpack(parcels))
    except (Busy, NoRoom, OSError, OperationalError, InterfaceError):
        raise  # nothing is wrong with the words (a full disk, a lost database): they come again
    except Exception as failure:
        if not alone:
            raise
        logger.exception("parcel %s cannot be landed", [p.pk for p in parcels])
        for parcel in parcels:
            set_aside(parcel, f"{type(failure).__name__}: {failure}")


def _land(opened: Sequence[Opened]) -> None:
    readable = [one for one in opened if not one.trouble]
    for one in opened:
        if one.trouble:
            set_aside(one.parcel, one.trouble)
    found = sort_out(readable)
    open_store().land(found.arrivals)
    for connection, news in found.returned:
        note_returned(connection, news)
    for connection, gone in found.gone:
        services.note_taken_back(connection, gone)
    mark_read([one.parcel for one in readable])
