"""The limit of bench 1: bare sqlite3, a unique insert of the message and bulk FTS5 a batch."""

import json
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from balai.config.bench.scratch import Stages, answer, percentiles

BATCH = 3_000  # lines at once, for both: what inbox.sweeps.BYTES_AT_ONCE holds of them
WHAT = "sqlite3 alone: unique insert of the message, one INSERT ... SELECT into FTS5 a batch"


def main(lines: str) -> None:
    """Insert every line; nothing is parsed, read or threaded within the measured time."""
    rows = [
        (m["line"], m["id"], m["thread"], m["author"], m["sent_at"], m["text"])
        for m in map(json.loads, Path(lines).read_text(encoding="utf-8").splitlines())
    ]
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(f"{folder}/limit.sqlite3", isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=NORMAL",
            "PRAGMA cache_size=-65536",
            "PRAGMA wal_autocheckpoint=8000",
            "CREATE TABLE message (id INTEGER PRIMARY KEY, line INT, name TEXT, thread TEXT,"
            " author TEXT, at TEXT, text TEXT)",
            "CREATE UNIQUE INDEX once ON message (line, name)",
            "CREATE VIRTUAL TABLE words USING fts5(text, content='message', content_rowid='id',"
            " tokenize='unicode61 remove_diacritics 2')",
        ):
            database.execute(statement)
        stages, batches, last = Stages(), [], 0
        insert = stages.timed("unique insert", database.executemany)
        index = stages.timed("FTS5", database.execute)
        commit = stages.timed("commit", database.execute)
        started, cpu = time.perf_counter(), time.process_time()
        for place in range(0, len(rows), BATCH):
            began = time.perf_counter()
            database.execute("BEGIN IMMEDIATE")
            insert(
                "INSERT INTO message (line, name, thread, author, at, text)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                rows[place : place + BATCH],
            )
            index(
                "INSERT INTO words (rowid, text) SELECT id, text FROM message WHERE id > ?", (last,)
            )
            (last,) = database.execute("SELECT max(id) FROM message").fetchone()
            commit("COMMIT")
            batches.append(time.perf_counter() - began)
        took, cpu = time.perf_counter() - started, time.process_time() - cpu
        database.close()
    answer(
        what=WHAT,
        rate=round(len(rows) / took),
        cpu_us=round(cpu / len(rows) * 1e6, 1),
        **percentiles(batches),
        stages=stages.a_row(len(rows)),
    )


if __name__ == "__main__":
    main(json.loads(sys.argv[1])["lines"])
