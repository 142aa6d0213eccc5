"""The peer of bench 5: PostgreSQL with one table, a GIN index on to_tsvector, newest first."""

import json
import sys
from typing import Any

import psycopg

from balai.config.bench.scratch import answer
from balai.config.bench.search_queries import LIMIT, ask, messages

SERVER = "postgres://postgres@127.0.0.1:5432/postgres"  # a developer's own, if no other is named


def main(rows: int, server: str) -> None:
    """Fill a table of this session, ask the same queries."""
    with psycopg.connect(server or SERVER, connect_timeout=3) as asked:
        asked.execute("CREATE TEMPORARY TABLE bench (id bigint PRIMARY KEY, text text)")
        with asked.cursor().copy("COPY bench FROM STDIN") as copy:
            for place, (_, text) in enumerate(messages(rows)):
                copy.write_row((place, text))
        asked.execute("CREATE INDEX ON bench USING gin (to_tsvector('indonesian', text))")
        asked.execute("ANALYZE bench")

        def search(words: str) -> list[Any]:
            query = " & ".join(
                f"'{w[:-1]}':*" if w.endswith("*") else f"'{w}'" for w in words.split()
            )
            return asked.execute(
                "SELECT id FROM bench WHERE to_tsvector('indonesian', text)"
                " @@ to_tsquery('indonesian', %s) ORDER BY id DESC LIMIT %s",
                (query, LIMIT),
            ).fetchall()

        answer(what="PostgreSQL, one table, GIN on to_tsvector, ORDER BY id DESC", **ask(search))


if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    main(order["rows"], order.get("server", ""))
