"""Overwrite what was erased where the database would keep it: freed pages and the search index.

SQLite marks an erased word in its search index and drops it when the parts of the index are merged;
freed pages keep their bytes until they are used again. PostgreSQL keeps neither within a query's
reach; what lies in its files is overwritten as VACUUM gives room back.
"""

from django.db import connection

PAGES_AT_ONCE = 500  # some 2 MB of writing: a landing waits for it no longer than for another


def overwrite_freed() -> None:
    """From now on this connection overwrites what it frees with zeros."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def scrub() -> bool:
    """One bounded step of purging the search index of erased words; True when nothing is left."""
    if connection.vendor != "sqlite":
        return True
    overwrite_freed()
    with connection.cursor() as cursor:
        before = _changes(cursor)
        cursor.execute(
            "INSERT INTO inbox_message_text(inbox_message_text, rank) VALUES ('merge', %s)",
            [-PAGES_AT_ONCE],
        )
        if _changes(cursor) - before >= 2:
            return False
        if not connection.in_atomic_block:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()
    return True


def _changes(cursor: object) -> int:
    cursor.execute("SELECT total_changes()")  # type: ignore[attr-defined]
    return int(cursor.fetchone()[0])  # type: ignore[attr-defined]
