"""Addresses of other systems: added with a secret that is shown once, changed, switched off."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.desk.models import Endpoint, HookDelivery
from balai.desk.rules import hooks as rules
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.reach import is_opened
from balai.people.models import Institution, Member
from balai.people.services import allow

MOST_ENDPOINTS = 20
State, Delivery = Endpoint.State, HookDelivery.State


@transaction.atomic
def add_endpoint(
    *, institution: Institution, name: str, url: str, kinds: Sequence[str], by: Member
) -> tuple[Endpoint, str]:
    """Tell another system what happens here. The secret comes back this once and is sealed then.

    Raises NotAllowed, ValidationError.
    """
    allow(by, "desk.arrange", institution)
    if Endpoint.objects.filter(institution=institution, removed_at=None).count() >= MOST_ENDPOINTS:
        raise ValidationError(_("There are %(n)d addresses already.") % {"n": MOST_ENDPOINTS})
    secret = rules.secret_from(os.urandom(rules.SECRET_BYTES))
    endpoint = Endpoint(institution=institution, secret=secret, created_at=now())
    _write(endpoint, name, url, kinds)
    record(by=by, did="hook.added", on=endpoint, host=urlsplit(url).hostname, kinds=endpoint.kinds)
    return endpoint, secret


@transaction.atomic
def edit_endpoint(
    endpoint: Endpoint, *, name: str, url: str, kinds: Sequence[str], by: Member
) -> Endpoint:
    """Another name, address or choice of facts. The secret stays."""
    allow(by, "desk.arrange", endpoint.institution_id)
    _write(endpoint, name, url, kinds)
    record(by=by, did="hook.edited", on=endpoint, host=urlsplit(url).hostname, kinds=endpoint.kinds)
    return endpoint


@transaction.atomic
def change_secret(endpoint: Endpoint, *, by: Member) -> str:
    """Another secret from the next message on; it comes back this once."""
    allow(by, "desk.arrange", endpoint.institution_id)
    secret = rules.secret_from(os.urandom(rules.SECRET_BYTES))
    endpoint.secret = secret
    endpoint.save(update_fields=["secret"])
    record(by=by, did="hook.secret_changed", on=endpoint)
    return secret


@transaction.atomic
def switch_endpoint(endpoint: Endpoint, *, on: bool, by: Member) -> None:
    """Let it be told again, or no more for now. What waits is kept."""
    allow(by, "desk.arrange", endpoint.institution_id)
    Endpoint.objects.filter(pk=endpoint.pk).update(
        state=State.ON if on else State.OFF, failures=0, rests_until=None
    )
    record(by=by, did="hook.switched_on" if on else "hook.switched_off", on=endpoint)


@transaction.atomic
def remove_endpoint(endpoint: Endpoint, *, by: Member) -> None:
    """Tell this address nothing any more; what was sent stays readable in the audit log."""
    allow(by, "desk.arrange", endpoint.institution_id)
    endpoint.state, endpoint.removed_at, endpoint.secret = State.OFF, now(), ""
    endpoint.save()
    endpoint.deliveries.filter(state=Delivery.WAITING).update(state=Delivery.FAILED)
    record(by=by, did="hook.removed", on=endpoint)


@transaction.atomic
def send_again(delivery: HookDelivery, *, by: Member) -> bool:
    """Send one message once more, under the id that it has. False while it is on its way."""
    allow(by, "desk.arrange", delivery.endpoint.institution_id)
    settled = HookDelivery.objects.filter(
        pk=delivery.pk, state__in=[Delivery.FAILED, Delivery.DELIVERED, Delivery.WAITING]
    )
    again = settled.update(state=Delivery.WAITING, attempts=0, next_at=now()) == 1
    if again:
        record(by=by, did="hook.sent_again", on=delivery.endpoint, message=delivery.message_id)
    return again


@transaction.atomic
def try_endpoint(endpoint: Endpoint, *, by: Member) -> None:
    """Send a message that says nothing but that it is a trial."""
    allow(by, "desk.arrange", endpoint.institution_id)
    moment = now()
    _keep([(endpoint, rules.TEST, moment.isoformat(), {})], moment)
    record(by=by, did="hook.tried", on=endpoint)


@transaction.atomic
def ring(institution_id: int, kind: str, subjects: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
    """Keep a message about each subject (its key, its ids and states) for whoever wants the kind.

    The same subject again makes no second message. Returns how many were kept at most.
    """
    wanting = [
        endpoint
        for endpoint in Endpoint.objects.filter(
            institution=institution_id, state=State.ON
        ).select_related("institution")
        if kind in endpoint.kinds
    ]
    if not wanting:
        return 0
    moment = now()
    told = list(subjects)
    return _keep([(e, kind, key, data) for e in wanting for key, data in told], moment)


def is_wanted(institution_id: int, kind: str) -> bool:
    """Whether any address is told of such facts."""
    rows = Endpoint.objects.filter(institution=institution_id, state=State.ON)
    return any(kind in kinds for kinds in rows.values_list("kinds", flat=True))


def _keep(told: Sequence[tuple[Endpoint, str, str, Mapping[str, Any]]], moment: datetime) -> int:
    rows = [
        HookDelivery(
            endpoint=endpoint,
            message_id=rules.message_id(endpoint.pk, kind, key),
            kind=kind,
            body=_body(endpoint, kind, data, moment),
            next_at=moment,
            created_at=moment,
        )
        for endpoint, kind, key, data in told
    ]
    HookDelivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


def _body(endpoint: Endpoint, kind: str, data: Mapping[str, Any], moment: datetime) -> str:
    said = {"institution": endpoint.institution.slug, **data}
    body = {"type": kind, "timestamp": moment.isoformat(), "data": said}
    return json.dumps(body, separators=(",", ":"))


def _write(endpoint: Endpoint, name: str, url: str, kinds: Sequence[str]) -> None:
    problem = _problem_of(url)
    if problem:
        raise ValidationError({"url": problem})
    unknown = set(kinds) - set(rules.KINDS)
    if unknown or not kinds:
        raise ValidationError({"kinds": _("Choose at least one of the facts.")})
    endpoint.name, endpoint.url, endpoint.kinds = name, url, sorted(set(kinds))
    endpoint.full_clean()
    endpoint.save()


def _problem_of(url: str) -> str:
    """Why nothing is sent to such an address; empty when it may be.

    Where it leads is asked again at the moment of connecting (ground.reach).
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return _("This is no address.")
    if not host or parts.username or parts.password or parts.fragment:
        return _("Write the whole address, without a name or password in it.")
    if parts.scheme == "https":
        return ""
    if parts.scheme == "http" and _is_inside(host):
        return ""
    return _("The address must begin with https://, so that nobody on the way reads it.")


def _is_inside(host: str) -> bool:
    """Whether the operator opened this very host, or the network of this very address."""
    try:
        address = ip_address(host)
    except ValueError:
        return host in map(str.lower, settings.BALAI_PRIVATE_HOSTS)
    return is_opened(host, address, settings.BALAI_PRIVATE_HOSTS)
