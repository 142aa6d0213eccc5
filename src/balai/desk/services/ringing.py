"""Carry messages to other systems: claimed, committed, sent with no transaction open, settled."""

from datetime import timedelta

import httpx
from django.db import transaction
from django.db.models import F, Q, QuerySet

from balai.desk.models import Endpoint, HookDelivery, Notice
from balai.desk.rules import hooks as rules
from balai.desk.services.notices import arrangers, tell
from balai.ground.clock import now
from balai.ground.http import Http, NotSent, OutcomeUnknown, Refused, RemoteError
from balai.ground.ledger import record
from balai.ground.plain import storable
from balai.people.selectors import DESK

LEASE = timedelta(minutes=2)
PATIENCE = httpx.Timeout(15.0, connect=5.0)
KEPT_FOR = timedelta(days=30)
DROPPED_AT_ONCE = 500
State, Delivery = Endpoint.State, HookDelivery.State


def send_due_hooks(limit: int = 20) -> int:
    """Send what is due to addresses that do not rest, oldest first; returns how many were tried.

    What a worker left behind goes out again, under the same id, by which the receiver knows it.
    """
    moment = now()
    HookDelivery.objects.filter(state=Delivery.SENDING, leased_until__lt=moment).update(
        state=Delivery.WAITING
    )
    awake = Q(endpoint__rests_until=None) | Q(endpoint__rests_until__lte=moment)
    due = HookDelivery.objects.filter(
        awake, state=Delivery.WAITING, next_at__lte=moment, endpoint__state=State.ON
    )
    tried = 0
    for delivery in due.select_related("endpoint__institution").order_by("next_at", "pk")[:limit]:
        tried += carry(delivery)
    return tried


def carry(delivery: HookDelivery) -> bool:
    """Send one message, if it is ours to send and its address is awake. False where it is not."""
    if not _claim(delivery):
        return False
    endpoint = delivery.endpoint
    body = delivery.body.encode()
    stamp = int(now().timestamp())
    headers = {
        "content-type": "application/json",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": rules.signature(endpoint.secret, delivery.message_id, stamp, body),
    }
    http = None
    try:
        http = Http(endpoint.url, timeout=PATIENCE)
        reply = http.send(endpoint.url, content=body, headers=headers)
    except (Refused, NotSent, OutcomeUnknown) as failure:
        _failed(delivery, failure)
    else:
        _delivered(delivery, reply.status)
    finally:
        if http is not None:
            http.close()
    return True


def drop_old_hooks() -> int:
    """What was delivered or given up is kept for KEPT_FOR; some are dropped at a time."""
    old = HookDelivery.objects.filter(
        state__in=[Delivery.DELIVERED, Delivery.FAILED], created_at__lt=now() - KEPT_FOR
    )
    some = list(old.order_by("pk").values_list("pk", flat=True)[:DROPPED_AT_ONCE])
    gone, _each = HookDelivery.objects.filter(pk__in=some).delete()
    return gone


@transaction.atomic
def _claim(delivery: HookDelivery) -> bool:
    endpoint = Endpoint.objects.get(pk=delivery.endpoint_id)
    if endpoint.state != State.ON or (endpoint.rests_until and endpoint.rests_until > now()):
        return False
    mine = HookDelivery.objects.filter(
        pk=delivery.pk, state=Delivery.WAITING, fence=delivery.fence
    ).update(
        state=Delivery.SENDING,
        fence=F("fence") + 1,
        attempts=F("attempts") + 1,
        leased_until=now() + LEASE,
    )
    delivery.fence += 1
    delivery.attempts += 1
    return mine == 1


@transaction.atomic
def _delivered(delivery: HookDelivery, status: int) -> None:
    moment = now()
    settled = _mine(delivery).update(
        state=Delivery.DELIVERED, status=status, trouble="", delivered_at=moment
    )
    if settled:
        Endpoint.objects.filter(pk=delivery.endpoint_id).update(failures=0, rests_until=None)


@transaction.atomic
def _failed(delivery: HookDelivery, failure: RemoteError) -> None:
    moment = now()
    status = getattr(failure, "status", None)
    gives_up = delivery.attempts >= rules.MOST_ATTEMPTS
    wait = max(rules.wait_after(delivery.attempts), getattr(failure, "wait", None) or timedelta())
    settled = _mine(delivery).update(
        state=Delivery.FAILED if gives_up else Delivery.WAITING,
        status=status,
        trouble=storable(str(failure), 300),
        next_at=moment + wait,
    )
    if not settled:
        return
    endpoint = (
        Endpoint.objects.select_for_update(of=("self",))
        .select_related("institution")
        .get(pk=delivery.endpoint_id)
    )
    endpoint.failures += 1
    rest = max(rules.wait_after(endpoint.failures), getattr(failure, "wait", None) or timedelta())
    endpoint.rests_until = moment + rest
    if status == rules.GONE or endpoint.failures >= len(rules.WAITS):
        endpoint.state = State.BROKEN
        _say_broken(endpoint)
    endpoint.save(update_fields=["failures", "rests_until", "state"])


def _say_broken(endpoint: Endpoint) -> None:
    record(by=DESK, did="hook.broken", on=endpoint, failures=endpoint.failures)
    tell(
        arrangers(endpoint.institution),
        institution=endpoint.institution,
        kind=Notice.Kind.HOOK,
        key=f"hook:{endpoint.pk}:{int(now().timestamp())}",
        facts={"name": endpoint.name},
    )


def _mine(delivery: HookDelivery) -> QuerySet[HookDelivery]:
    return HookDelivery.objects.filter(pk=delivery.pk, state=Delivery.SENDING, fence=delivery.fence)
