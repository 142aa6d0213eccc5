"""Our side of bench 5: the product's own tables, index and search."""

import json
import os
import secrets
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from balai.config.bench.scratch import answer, settle
from balai.config.bench.search_queries import ask, messages

BATCH = 5_000


def main(rows: int, server: str) -> None:
    """Fill the tables as the landing would, then ask."""
    drop = _own_database(server) if server else None
    try:
        settle()
        size, text = _fill(rows)
        from balai.inbox.search import search
        from balai.people.models import Institution

        owner = Institution.objects.get().pk
        figures = ask(lambda words: search(owner, words).found)
    finally:
        if drop:
            drop()
    answer(
        what="newest fifty, the product's search",
        index_share_of_text=round(size / text, 2),
        **figures,
    )


def _fill(rows: int) -> tuple[float, int]:
    """Rows a batch at a time; gives the bytes of the index and of the text."""
    from django.db import connection, transaction

    from balai.channels.models import Connection
    from balai.ground.clock import first_id_at, now
    from balai.inbox.landing import open_store
    from balai.inbox.models import Citizen, Conversation
    from balai.people.models import Institution

    owner = Institution.objects.create(name="Bench", slug="bench", kind="city")
    line = Connection.objects.create(institution=owner, channel="file", name="b", address="b")
    citizen = Citizen.objects.create(
        institution=owner, channel="file", key="c", first_seen_at=now()
    )
    talk = Conversation.objects.create(
        institution=owner, connection=line, citizen=citizen, thread_key="t", opened_at=now(),
        last_at=now(), last_message_id=1, last_in_id=1,
    )  # fmt: skip
    store: Any = open_store(lambda *_: None)
    batch: list[tuple[Any, ...]] = []
    text_bytes = 0
    last = first_id_at(datetime.fromisoformat("2000-01-01T00:00:00+00:00"))

    def keep(chunk: Sequence[tuple[Any, ...]]) -> None:
        with transaction.atomic():
            store._add_messages(chunk)
            store._index(chunk[0][0], chunk[-1][0])

    if connection.vendor == "postgresql":
        from balai.inbox.landing.postgres import make_months

        with transaction.atomic():
            make_months(next(messages(rows))[0], now())
    for at, text in messages(rows):
        last = max(last + 1, first_id_at(at))
        text_bytes += len(text.encode())
        (moment,) = store._moments([at])
        batch.append(
            (last, owner.pk, line.pk, talk.pk, str(last), "in", "", text, moment, moment, False,
             False, None, None, "{}")
        )  # fmt: skip
        if len(batch) == BATCH:
            keep(batch)
            batch = []
    if batch:
        keep(batch)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE inbox_message")
            cursor.execute(
                "SELECT sum(pg_relation_size(indexrelid)) FROM pg_index WHERE"
                " pg_get_indexdef(indexrelid) LIKE '%%USING gin%%to_tsvector%%'"
            )
        else:
            cursor.execute("SELECT sum(length(block)) FROM inbox_message_text_data")
        (size,) = cursor.fetchone()
    return float(size), text_bytes


def _own_database(server: str) -> Any:
    """A database of this bench on that server, and how to drop it."""
    import psycopg

    name = f"balai_bench_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as asked:
        asked.execute(f'CREATE DATABASE "{name}"')
    os.environ["BALAI_DATABASE_URL"] = server.rsplit("/", 1)[0] + "/" + name

    def drop() -> None:
        from django.db import connection

        connection.close()
        with psycopg.connect(server, autocommit=True) as asked:
            asked.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    return drop


if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    main(order["rows"], order["server"])
