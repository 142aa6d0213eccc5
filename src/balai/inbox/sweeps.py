"""What the inbox does when time passes: take in what waits in the log, confirm silent endings."""

import logging
from collections.abc import Sequence
from datetime import timedelta

import msgspec
from django.conf import settings
from django.db import InterfaceError, OperationalError

from balai.channels.models import Parcel
from balai.channels.selectors import parcel_sizes, parcels_by_id
from balai.channels.services import Opened, mark_read, note_returned, set_aside, unpack
from balai.ground.log import open_log
from balai.inbox import rules, services
from balai.inbox.landing import Busy, NoRoom, open_store
from balai.inbox.services import (
    asking,
    contacts,
    erasing,
    handing_off,
    promising,
    sealing,
)
from balai.inbox.services.taking_in import sort_out

logger = logging.getLogger(__name__)
# A landing costs less a message the more it has, while an officer's click waits for its end: some
# 3,000 short messages, a tenth of a second (`balai bench intake`).
BYTES_AT_ONCE = 1_000_000
PARCELS_AT_ONCE = 1_000
CLAIMS_BEFORE_SINGLY = 2  # a batch that failed is landed parcel by parcel, so that one cannot block


def take_in() -> int:
    """Claim what the log has room for and walk it all the way in; returns how many parcels it had.

    A worker that dies anywhere here leaves the batches in the log; what it had landed is known by
    its network's id and is not kept twice.
    """
    log = open_log()
    lease = timedelta(seconds=settings.BALAI_LAND_LEASE)
    claimed = log.claim(lease, items=PARCELS_AT_ONCE)
    if not claimed:
        return 0
    ids = [number for one in claimed for number in msgspec.msgpack.decode(one.body, type=list[int])]
    if claimed[0].claims > CLAIMS_BEFORE_SINGLY:
        for number in ids:
            _take_in_group([number], alone=True)
    else:
        for group in rules.groups_of(parcel_sizes(ids), BYTES_AT_ONCE):
            _take_in_group(group, alone=False)
    log.ack(claimed)
    return sum(one.size for one in claimed)


def confirm_silent() -> int:
    """Resolved conversations in which the citizen was silent for seven days count as confirmed."""
    return services.confirm_silent_endings()


def move_clocks() -> int:
    """Open clocks follow a calendar or target that changed, some at a time."""
    return services.recompute_some_clocks()


def gather_hints() -> int:
    """New citizens are compared by keyed hashes of their sealed addresses, some at a time."""
    return contacts.gather_hints()


def note_overdue_promises() -> int:
    """Promises whose day has passed are told once."""
    return promising.note_overdue_promises()


def note_overdue_requests() -> int:
    """People's requests about their own data whose clock ran out are told once."""
    return asking.note_overdue_requests()


def finish_erasures() -> int:
    """The last traces of who was erased are overwritten; then the certificate is written."""
    return erasing.finish_erasures()


def lock_sealed() -> int:
    """What lies open on safe paths is locked under its keepers' keys."""
    return sealing.lock_waiting()


def note_overdue_hand_offs() -> int:
    """Calls for help that nobody acknowledged in time are told once."""
    return handing_off.note_overdue_hand_offs()


def tend_store() -> int:
    """What the store needs now and then: next month's partition, merging of the search index."""
    open_store().tend()
    return 0


def _take_in_group(ids: Sequence[int], *, alone: bool) -> None:
    parcels = [p for p in parcels_by_id(ids) if p.state == Parcel.State.WAITING]
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
