"""Plain functions that make what a landing needs."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from balai.channels.models import Connection
from balai.inbox.landing import Arrival
from balai.people.models import Institution
from balai.people.tests.make import make_institution

_next = count(1)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def make_connection(institution: Institution | None = None, **fields: Any) -> Connection:
    """A healthy line of the institution."""
    number = next(_next)
    fields = {"channel": "file", "name": "Berkas", "address": f"alamat-{number}", **fields}
    return Connection.objects.create(institution=institution or make_institution(), **fields)


def make_arrival(connection: Connection, name: str = "m1", **fields: Any) -> Arrival:
    """One message as it comes to the landing; told a minute after noon by default."""
    fields = {
        "thread_key": "t1",
        "citizen_key": "c1",
        "text": "Lampu jalan di depan pasar mati",
        "sent_at": NOON,
        "received_at": NOON + timedelta(hours=3),
        **fields,
    }
    return Arrival(
        institution_id=connection.institution_id,
        connection_id=connection.pk,
        channel=connection.channel,
        remote_id=name,
        **fields,
    )
