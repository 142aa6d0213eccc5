"""Read everything that a database holds, as somebody would who got hold of it."""

from typing import Any

from django.apps import apps
from django.db import connection

from balai.ground.fields import SealedText


def places_of(word: str) -> list[str]:
    """Where a word stands: every table, all that the master keys open, the index, every byte."""
    return sorted({*_tables(word), *_opened(word), *_index(word)})


def _tables(word: str) -> list[str]:
    places = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = [str([_plain(value) for value in row]) for row in cursor.fetchall()]
            places += [table for row in rows if word.casefold() in row.casefold()]
    return places


def _opened(word: str) -> list[str]:
    """What the installation's own keys open."""
    places = []
    for model in apps.get_models():
        names = [one.name for one in model._meta.fields if isinstance(one, SealedText)]
        if names:
            values = model._default_manager.values_list(*names)
            found = [row for row in values if word.casefold() in str(row).casefold()]
            places += [f"{model.__name__} opened"] * bool(found)
    return places


def _index(word: str) -> list[str]:
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, inbox_message_text, row)"
        )
        cursor.execute("SELECT term FROM temp.words")
        places = ["index" for (term,) in cursor.fetchall() if word.casefold() in term]
        cursor.execute("DROP TABLE temp.words")
        # The index writes a word as what differs from the word before it.
        raw = connection.connection.serialize().lower()
    return [*places, *(["file"] * (word.casefold()[2:].encode() in raw))]


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
