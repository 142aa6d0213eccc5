"""What channels do when time passes. Each sweep does a little and says how much it did."""

from datetime import timedelta

from django.db.models import Q

from balai.channels import services
from balai.channels.catalogue import CONNECTORS
from balai.channels.contract import Can
from balai.channels.models import Connection, Dispatch, Parcel
from balai.channels.selectors import LOOKS_BEFORE_A_PERSON
from balai.ground.clock import now

PARCELS_KEPT_FOR = timedelta(days=30)  # measurements, sizing: drop raw payloads after 30 days
DROPPED_AT_ONCE = 500
NOT_AT_WORK = [Connection.State.PAUSED, Connection.State.CLOSED]
IDENTITY_EVERY = timedelta(days=30)
CAN_CHECK = [slug for slug, connector in CONNECTORS.items() if Can.CHECK in connector.can]
CAN_LOOK = [slug for slug, connector in CONNECTORS.items() if Can.PROBE in connector.can]


def poll() -> int:
    """Look once at the line whose turn it is."""
    due = (
        Connection.objects.filter(next_look_at__lte=now())
        .exclude(state__in=NOT_AT_WORK)
        .select_related("institution")
        .order_by("-is_urgent", "next_look_at")
        .first()
    )
    return services.look(due) if due else 0


def send_due() -> int:
    """Send what is due, one line after the other, the oldest first."""
    free = Q(connection__next_send_at__isnull=True) | Q(connection__next_send_at__lte=now())
    due = (
        Dispatch.objects.filter(free, state=Dispatch.State.WAITING, due_at__lte=now())
        .exclude(connection__state__in=NOT_AT_WORK)
        .select_related("connection__institution")
        .order_by("due_at", "id")[:20]
    )
    for dispatch in due:
        services.send(dispatch)
    return len(due)


def confirm() -> int:
    """Look, changing nothing, at what is pending or unknown; give up claims of dead workers."""
    lapsed = services.give_up_lapsed()
    unclear = (
        Dispatch.objects.filter(
            Q(state=Dispatch.State.CONFIRMING)
            | Q(state=Dispatch.State.UNKNOWN, connection__channel__in=CAN_LOOK),
            due_at__lte=now(),
            looks_made__lt=LOOKS_BEFORE_A_PERSON,
        )
        .select_related("connection__institution")
        .order_by("due_at")[:20]
    )
    for dispatch in unclear:
        services.look_again(dispatch)
    return lapsed + len(unclear)


def check_identities() -> int:
    """Once a month each account is asked who it is (domain 5.4(13)): a stranger is an alarm."""
    due = (
        Connection.objects.filter(account__isnull=False, channel__in=CAN_CHECK)
        .filter(Q(account__checked_at=None) | Q(account__checked_at__lt=now() - IDENTITY_EVERY))
        .exclude(state__in=NOT_AT_WORK)
        .exclude(state=Connection.State.BROKEN)
        .select_related("institution", "account")
        .first()
    )
    if due is None:
        return 0
    try:
        services.check_identity_again(due)
    except services.CannotConnect:
        return 0  # noted on the line; the next look at it comes with its own pause
    return 1


def tend_stranded() -> int:
    """Ring again for parcels whose bell was lost."""
    return services.requeue_stranded()


def drop_old_parcels() -> int:
    """Raw parcels are kept for 30 days after they were read; unreadable ones stay.

    Some at a time: who deletes a month at once holds the database against the citizens.
    """
    old = Parcel.objects.filter(state=Parcel.State.READ, arrived_at__lt=now() - PARCELS_KEPT_FOR)
    some = list(old.order_by("pk").values_list("pk", flat=True)[:DROPPED_AT_ONCE])
    gone, _ = Parcel.objects.filter(pk__in=some).delete()
    return gone
