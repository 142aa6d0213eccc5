"""Open, check, pause and close a line to an official account."""

import json
import secrets as tokens
from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from balai.channels.catalogue import CONNECTORS
from balai.channels.contract import Can, Health, RemoteError
from balai.channels.models import Connection
from balai.channels.selectors import connector_of
from balai.channels.services.health import note_alive, note_trouble
from balai.channels.services.receiving import release_held
from balai.channels.services.sending import refuse_waiting
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.people.models import Institution
from balai.people.selectors import SYSTEM, Actor
from balai.people.services import allow
from balai.registry.models import OfficialAccount
from balai.registry.services import check_identity


class CannotConnect(Exception):
    """The network did not accept what was entered; `str()` is fit for the officer to read."""


def connect(
    *,
    institution: Institution,
    channel: str,
    name: str,
    answers: Mapping[str, str],
    by: Actor,
    account: OfficialAccount | None = None,
    replaces: Connection | None = None,
) -> Connection:
    """Try the line first, then keep it: a connection that never worked is never stored.

    `answers` has one value for each thing that the connector asks. With `replaces`, an existing
    connection gets new answers and keeps its history. Raises CannotConnect.
    """
    allow(by, "connection.manage", institution)
    connector_type = CONNECTORS[channel]
    connector = connector_type(answers)
    address = replaces.address if replaces else tokens.token_urlsafe(32)
    try:
        health = connector.check() if Can.CHECK in connector.can else Health("", name)
        hook = _hook(address, inside=connector.called_inside)
        called = connector.call_at(hook) if Can.CALLED in connector.can else {}
    except RemoteError as trouble:
        raise CannotConnect(str(trouble)) from trouble
    finally:
        connector.close()
    secret_names = {ask.name for ask in connector_type.asks if ask.secret}
    open_values = {k: v for k, v in answers.items() if k not in secret_names}
    open_values |= {**health.learnt, **called}
    sealed = json.dumps({k: v for k, v in answers.items() if k in secret_names})
    line = replaces or Connection(
        institution=institution, channel=channel, account=account, address=address
    )
    return _keep(line, name, open_values, sealed, health, by, is_new=replaces is None)


def open_file_line(institution: Institution, name: str, *, by: Actor) -> Connection:
    """The connection under which imported files are kept; made at the first import of that name."""
    known = Connection.objects.filter(institution=institution, channel="file", name=name).first()
    return known or connect(institution=institution, channel="file", name=name, answers={}, by=by)


def check_line(connection: Connection, *, by: Actor) -> Health:
    """Ask the network now who we are there. Raises CannotConnect with its words."""
    allow(by, "connection.manage", connection.institution)
    return check_identity_again(connection)


def check_identity_again(connection: Connection) -> Health:
    """The same, asked by the clock: another user behind our handle is found within a month."""
    connector = connector_of(connection)
    try:
        health = connector.check()
    except RemoteError as trouble:
        note_trouble(connection, trouble)
        raise CannotConnect(str(trouble)) from trouble
    finally:
        connector.close()
    note_alive(connection)
    if not health.learnt.items() <= connection.settings.items():
        connection.settings = {**connection.settings, **health.learnt}
        connection.save(update_fields=["settings"])
    _note_identity(connection, health)
    return health


@transaction.atomic
def pause(connection: Connection, *, by: Actor) -> None:
    """Stop looking and sending on this line for now; what waits stays waiting."""
    _set_state(connection, Connection.State.PAUSED, "connection.paused", by)


@transaction.atomic
def pause_lines_of(account_id: int, why: str) -> int:
    """Pause every line of an account at once, whoever uses it. Returns how many were at work."""
    at_work = Connection.objects.filter(account_id=account_id).exclude(
        state__in=[Connection.State.PAUSED, Connection.State.CLOSED]
    )
    lines = list(at_work.select_for_update(of=("self",)))
    for connection in lines:
        connection.state, connection.trouble = Connection.State.PAUSED, why
        connection.save(update_fields=["state", "trouble"])
        record(by=SYSTEM, did="connection.paused", on=connection, reason=why)
    return len(lines)


@transaction.atomic
def resume(connection: Connection, *, by: Actor) -> None:
    """Look and send again."""
    _set_state(connection, Connection.State.HEALTHY, "connection.resumed", by)


@transaction.atomic
def close_connection(connection: Connection, *, by: Actor) -> None:
    """End this line for good: its secrets are erased, its history stays readable.

    What waits on it counts as refused, so that the citizens concerned stand in the queue again.
    """
    _set_state(connection, Connection.State.CLOSED, "connection.closed", by)
    release_held(connection)
    refuse_waiting(connection, _("This line was closed before it could leave."))
    Connection.objects.filter(pk=connection.pk).update(secrets="", next_look_at=None)


@transaction.atomic
def _keep(
    connection: Connection,
    name: str,
    open_values: dict[str, str],
    sealed: str,
    health: Health,
    by: Actor,
    *,
    is_new: bool,
) -> Connection:
    connection.name = name
    connection.settings, connection.secrets = open_values, sealed
    connection.state, connection.trouble, connection.what_to_do = (
        Connection.State.HEALTHY,
        "",
        "",
    )
    connection.failures, connection.last_alive_at = 0, now()
    can_fetch = Can.FETCH in CONNECTORS[connection.channel].can
    connection.next_look_at = now() if can_fetch else None
    connection.save()
    _note_identity(connection, health)
    record(
        by=by,
        did="connection.opened" if is_new else "connection.renewed",
        on=connection,
        channel=connection.channel,
    )
    return connection


def _hook(address: str, *, inside: bool) -> str:
    """Where a network may call us; empty where nobody outside can, since there is no TLS."""
    ours = str(settings.BALAI_ADDRESS).rstrip("/")
    reachable = inside or ours.startswith("https://")
    return ours + reverse("channels:hook", args=[address]) if reachable else ""


def _note_identity(connection: Connection, health: Health) -> None:
    if connection.account is not None:
        check_identity(
            connection.account,
            platform_user_id=health.platform_user_id,
            handle=health.handle,
        )


def _set_state(connection: Connection, state: str, did: str, by: Actor) -> None:
    allow(by, "connection.manage", connection.institution)
    if connection.state == Connection.State.CLOSED:
        raise CannotConnect(_("This connection was closed; open a new one."))
    connection.state = state
    if state == Connection.State.HEALTHY:
        connection.next_look_at = now()
    connection.save(update_fields=["state", "next_look_at"])
    record(by=by, did=did, on=connection)
