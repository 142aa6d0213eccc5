"""Let tests that commit empty the tables afterwards, the append-only audit log too."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from time import monotonic

import pytest
from django.db import OperationalError, connection, transaction

LONGEST_REQUEST = 20  # seconds
GUARD = "balai.governance.migrations.0002_append_only"


@contextmanager
def unguarded() -> Iterator[None]:
    """Without the triggers that refuse UPDATE and DELETE: what an intruder would do first."""
    migration = import_module(GUARD)
    _run(migration.UNGUARD)
    try:
        yield
    finally:
        _run(migration.GUARD)


def _run(statements: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)


def _once_free() -> None:
    """Wait until no thread of a live server is still at a request that its browser left behind.

    SQLite in memory is one database for all threads: while one writes, no table can be changed.
    """
    until = monotonic() + LONGEST_REQUEST
    while True:
        try:
            with transaction.atomic(), unguarded():
                return
        except OperationalError:
            if monotonic() > until:
                raise


@pytest.fixture(autouse=True, scope="session")
def emptied_after_commits() -> Iterator[None]:
    """Django empties all tables after a test with `transaction=True`; take the guard away there."""
    from django.test import TransactionTestCase

    ordinary = TransactionTestCase._fixture_teardown

    def emptying(case: TransactionTestCase) -> None:
        _once_free()
        with unguarded():
            ordinary(case)

    TransactionTestCase._fixture_teardown = emptying
    yield
    TransactionTestCase._fixture_teardown = ordinary
