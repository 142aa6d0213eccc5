"""Let tests that commit empty the tables afterwards, the append-only audit log too."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction

LONGEST_REQUEST = 60  # seconds
GUARD = "balai.governance.migrations.0002_append_only"


@contextmanager
def unguarded() -> Iterator[None]:
    """Without the triggers that refuse UPDATE and DELETE: what an intruder would do first."""
    migration = import_module(GUARD)
    with transaction.atomic():  # guarded again whatever happens: both or neither
        _run(migration.UNGUARD)
        yield
        _run(migration.GUARD)


def _run(statements: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)


class Requests:
    """How many requests a live server is at; a closed browser leaves some of them behind."""

    def __init__(self) -> None:
        self.open = 0
        self.changed = threading.Condition()

    @contextmanager
    def one(self) -> Iterator[None]:
        """One request, from its first line to the answer's first."""
        with self.changed:
            self.open += 1
        try:
            yield
        finally:
            with self.changed:
                self.open -= 1
                self.changed.notify_all()

    def wait_until_over(self) -> None:
        """Return when none is open.

        Raises:
            TimeoutError: a request takes longer than any should.
        """
        with self.changed:
            if not self.changed.wait_for(lambda: self.open == 0, timeout=LONGEST_REQUEST):
                raise TimeoutError(f"{self.open} requests of the live server do not end")


@pytest.fixture(autouse=True, scope="session")
def emptied_after_commits() -> Iterator[None]:
    """Django empties all tables after a test with `transaction=True`; take the guard away there."""
    from django.test import TransactionTestCase

    requests = Requests()
    ordinary, answering = TransactionTestCase._fixture_teardown, WSGIHandler.__call__

    def emptying(case: TransactionTestCase) -> None:
        requests.wait_until_over()
        with unguarded():
            ordinary(case)

    def counted(handler: WSGIHandler, *arguments: Any) -> Any:
        with requests.one():
            return answering(handler, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptying)
        patch.setattr(WSGIHandler, "__call__", counted)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings_parallel_suffix: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Where a live server runs, a database file: in memory all threads share one connection,

    and the transactions of two requests, or of a request and the test, run into each other.
    """
    served = any("live_server" in item.fixturenames for item in request.session.items)
    database = settings.DATABASES["default"]
    if served and database["ENGINE"].endswith("sqlite3"):
        folder: Path = tmp_path_factory.mktemp("database")
        database.setdefault("TEST", {})["NAME"] = str(folder / "test.sqlite3")
