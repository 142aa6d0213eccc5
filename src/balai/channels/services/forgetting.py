"""Forget what was carried: raw parcels that were read, and the words of what went out."""

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec

from balai.channels.contract import Outgoing
from balai.channels.models import Attempt, Connection, Dispatch, Parcel
from balai.ground.clock import now

State = Dispatch.State
_CALLED_OFF = (State.WAITING, State.CONFIRMING, State.UNKNOWN)  # a call that runs ends by itself
_AT_ONCE = 500


def forget_parcels(connection: Connection | int, arrived_at: Collection[datetime]) -> int:
    """Drop the raw parcels of a line that arrived at these moments and were read; gives how many.

    One that is still to be read stays: what is in it was never taken in.
    """
    line = connection if isinstance(connection, int) else connection.pk
    gone, moments = 0, sorted(arrived_at)
    for start in range(0, len(moments), _AT_ONCE):
        found = Parcel.objects.filter(
            connection_id=line,
            state=Parcel.State.READ,
            arrived_at__in=moments[start : start + _AT_ONCE],
        )
        gone += found.delete()[0]
    return gone


def forget_words(purposes: Iterable[str], refs: Collection[int]) -> int:
    """Empty what dispatches said and to whom; those that still wait are called off. Gives how many.

    State, moments and the network's proof stay: that we answered is not personal data.
    """
    found = Dispatch.objects.filter(purpose__in=list(purposes), ref__in=list(refs))
    found.filter(state__in=_CALLED_OFF).update(state=State.CANCELLED, settled_at=now())
    count = 0
    for dispatch in found:
        empty = Outgoing(key=dispatch.key, text="")
        dispatch.outgoing = msgspec.json.encode(empty).decode()
        dispatch.handle, dispatch.note, dispatch.url, dispatch.pending = {}, "", "", None
        dispatch.save(update_fields=["outgoing", "handle", "note", "url", "pending"])
        count += 1
    Attempt.objects.filter(dispatch__in=found).update(words="")
    return count
