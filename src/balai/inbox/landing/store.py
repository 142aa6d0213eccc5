"""Which dialect this installation's database speaks."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from balai.ground.ledger import record
from balai.inbox.landing.dialect import Trace
from balai.inbox.landing.port import Store
from balai.people.selectors import SYSTEM


def open_store(trace: Trace | None = None) -> Store:
    """The store of this installation; `trace` replaces the ledger in benches and tests."""
    if connection.vendor == "sqlite":
        from balai.inbox.landing.sqlite import SqliteStore

        return SqliteStore(trace or write_down)
    from balai.inbox.landing.postgres import PostgresStore

    return PostgresStore(trace or write_down)


def write_down(institution_id: int, facts: Mapping[str, int]) -> None:
    """One entry in the ledger for a batch of machine work (design 2)."""
    values: dict[str, Any] = {"institution_id": institution_id, **facts}
    record(by=SYSTEM, did="messages.taken_in", **values)
