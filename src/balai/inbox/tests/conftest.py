"""The small cast of the inbox's tests: an institution, its officer, a line."""

import sqlite3

import pytest
from django.db import connection

from balai.channels.tests.make import make_connection
from balai.people.tests.make import make_institution, make_member


@pytest.fixture
def institution():
    return make_institution()


@pytest.fixture
def officer(institution):
    return make_member(institution, "responder", name="Rina")


@pytest.fixture
def line(institution):
    return make_connection(institution)


@pytest.fixture
def shared(transactional_db, tmp_path):
    """A database that several processes open: its address, and a way to ask it."""
    if connection.vendor == "postgresql":
        known = connection.settings_dict
        yield (
            f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}"
            f"/{known['NAME']}",
            ask_postgres,
        )
        return
    path = tmp_path / "shared.sqlite3"

    def ask(sql):
        with sqlite3.connect(path) as other:
            rows = other.execute(sql).fetchall()
        other.close()
        return rows

    def publish():
        with sqlite3.connect(path) as copy:
            connection.connection.backup(copy)
        copy.close()

    ask.publish = publish
    yield f"sqlite:///{path}", ask


def ask_postgres(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


ask_postgres.publish = lambda: None
