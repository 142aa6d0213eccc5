"""The landing on SQLite: arrays go in as one JSON value, rows by executemany, on one writer.

The transaction is IMMEDIATE (settings), so nothing read here changes before the commit. The search
index is filled by one INSERT ... SELECT a batch, last, with no savepoint after it: each savepoint
makes FTS5 flush (measured: four times slower).
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import msgspec
from django.db import DatabaseError, connection

from balai.ground.clock import first_id_at, now
from balai.inbox.landing.dialect import (
    MESSAGE_COLUMNS,
    TALK_COLUMNS,
    CitizenKey,
    MessageRow,
    Name,
    Thread,
    Trace,
)
from balai.inbox.landing.finding import find
from balai.inbox.landing.port import Arrival, Busy, Found, Landed, NoRoom, Term
from balai.inbox.landing.table import TableStore
from balai.inbox.landing.threads import Talk

_encode = msgspec.json.Encoder().encode
_texts = msgspec.json.Decoder(list[str | None]).decode
_MOMENTS = ("opened_at", "last_at", "due_at", "first_answered_at", "resolved_at")
_TALK_MOMENTS = tuple(map(TALK_COLUMNS.index, _MOMENTS))
_TALK_SIGNS = tuple(map(TALK_COLUMNS.index, ("is_open", "is_current", "is_public")))
# A column that is named in an UPDATE has its indexes written anew, changed or not.
_RARELY = (
    "state", "is_open", "is_current", "receipt", "priority", "due_at", "clock", "reopened",
    "reopened_soon", "resolved_at", "opened_at", "subject", "is_public",
)  # fmt: skip
_OFTEN = tuple(name for name in TALK_COLUMNS[TALK_COLUMNS.index("state") :] if name not in _RARELY)
WAL_PAGES = 8_000  # 32 MB before a checkpoint: a page that changes in each batch is copied once


# The sign keeps the driver from turning each value by a function of Django's, one at a time.
_TALK_SELECT = ", ".join(f"+c.{name}" for name in TALK_COLUMNS)
# Columns of a new conversation that the landing does not know have no default in the database.
_ADD_TALK = (
    f"INSERT INTO inbox_conversation({', '.join(TALK_COLUMNS)})"  # noqa: S608 - our own names
    f" VALUES ({', '.join('?' * len(TALK_COLUMNS))})"
)
_CHANGE_OFTEN, _CHANGE_RARELY = (
    "UPDATE inbox_conversation SET "  # noqa: S608 - our own names
    + ", ".join(f"{name} = ?" for name in names)
    + " WHERE id = ?"
    for names in (_OFTEN, _RARELY)
)
_often = attrgetter(*_OFTEN, "id")
_rarely = attrgetter(*_RARELY, "id")
CACHE_KIB = 65_536
_ADD_MESSAGE = (
    f"INSERT INTO inbox_message({', '.join(MESSAGE_COLUMNS)})"  # noqa: S608 - our own names
    f" VALUES ({', '.join('?' * len(MESSAGE_COLUMNS))})"
)


class SqliteStore(TableStore):
    """See port.Store."""

    _talk_id_given = 0  # the table does not know yet of ids given in this transaction

    def __init__(self, trace: Trace) -> None:
        super().__init__(trace)
        self._rare: dict[int, tuple[Any, ...]] = {}  # what seldom changes, as it was read
        self._tuned: sqlite3.Connection | None = None

    def _land_all(self, batch: Sequence[Arrival]) -> Landed:
        """A landing that a power cut takes back is repeated: its parcels are durable and wait.

        So it need not wait for the disk; the next durable commit (parcels, log) carries it along.
        """
        if connection.in_atomic_block:
            return super()._land_all(batch)
        self._do("PRAGMA synchronous = NORMAL")
        self._do(f"PRAGMA cache_size = -{CACHE_KIB}")  # a page's thread does with less
        try:
            return super()._land_all(batch)
        finally:
            if connection.connection is not None:
                self._do("PRAGMA synchronous = FULL")

    def find(
        self, institution_id: int, terms: Sequence[Term], *, before: int | None, limit: int
    ) -> list[Found]:
        """See port.Store."""
        if not terms:
            return []
        return find(self._do, institution_id, terms, before=before, limit=limit)

    def tend(self) -> None:
        """Merge small parts of the search index, some at a time."""
        with connection.wrap_database_errors:
            self._do(
                "INSERT INTO inbox_message_text(inbox_message_text, rank) VALUES('merge', 500)"
            )

    @property
    def _raw(self) -> sqlite3.Connection:
        connection.ensure_connection()
        raw: sqlite3.Connection = connection.connection
        if raw is not self._tuned:
            raw.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
            self._tuned = raw
        return raw

    def _do(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self._raw.execute(sql, values)

    def _do_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._raw.executemany(sql, rows)

    def _named(self, failure: DatabaseError) -> Exception:
        code = getattr(failure.__cause__, "sqlite_errorname", "")
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return Busy("other writers hold the database")
        if code in ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"):
            return NoRoom("the disk is full")
        return failure

    def _moments(self, moments: Sequence[datetime | None]) -> Sequence[str | None]:
        """As Django writes them: in UTC, without saying so."""
        utc = [m if m is None or m.tzinfo is UTC else m.astimezone(UTC) for m in moments]
        # One call for all of them: "2026-11-20T12:00:00Z" each, ten times as fast as isoformat().
        return [w and f"{w[:10]} {w[11:-1]}" for w in _texts(_encode(utc))]

    def _reserve(self, how_many: int) -> int:
        (last,) = self._do("SELECT max(id) FROM inbox_message").fetchone()
        soonest = first_id_at(now())
        return soonest if last is None else max(soonest, int(last) + 1)

    def _keep_names(self, names: Sequence[Name], first: int) -> list[int]:
        new: list[int] = []
        for connection_id, group in groupby(enumerate(names), lambda pair: pair[1][0]):
            places, remote_ids = zip(*((place, name[1]) for place, name in group), strict=True)
            rows = self._do(
                "INSERT INTO inbox_messagekey(connection_id, remote_id, message_id)"
                " SELECT ?, value, ? + key FROM json_each(?) WHERE true"
                " ON CONFLICT DO NOTHING RETURNING message_id",
                (connection_id, first + places[0], _encode(remote_ids).decode()),
            )
            new += (row[0] - first for row in rows.fetchall())
        return sorted(new)

    def _message_of(self, name: Name) -> int | None:
        row = self._do(
            "SELECT message_id FROM inbox_messagekey WHERE connection_id = ? AND remote_id = ?",
            name,
        ).fetchone()
        return None if row is None else int(row[0])

    def _set_remote_id(self, message_id: int, remote_id: str) -> None:
        self._do("UPDATE inbox_message SET remote_id = ? WHERE id = ?", (remote_id, message_id))

    def _citizens(self, keys: Sequence[CitizenKey]) -> dict[CitizenKey, tuple[int, bool]]:
        found: dict[CitizenKey, tuple[int, bool]] = {}
        for (institution_id, channel), group in groupby(keys, lambda key: key[:2]):
            rows = self._do(
                "SELECT c.key, c.id, c.identity <> '' FROM json_each(?) j"
                " CROSS JOIN inbox_citizen c"
                " ON c.institution_id = ? AND c.channel = ? AND c.key = j.value",
                (_encode([key[2] for key in group]).decode(), institution_id, channel),
            )
            for key, number, has_identity in rows:
                found[institution_id, channel, key] = (number, bool(has_identity))
        return found

    def _add_citizens(
        self, rows: Sequence[tuple[CitizenKey, str, datetime]]
    ) -> dict[CitizenKey, tuple[int, bool]]:
        first = self._next_id("inbox_citizen")
        seen = self._moments([seen_at for _, _, seen_at in rows])
        self._do_many(
            "INSERT INTO inbox_citizen(id, institution_id, channel, key, identity, first_seen_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                (number, *key, identity, seen_at)
                for number, ((key, identity, _), seen_at) in enumerate(
                    zip(rows, seen, strict=True), first
                )
            ),
        )
        return {
            key: (number, bool(identity)) for number, (key, identity, _) in enumerate(rows, first)
        }

    def _hold(
        self,
        keys: Sequence[CitizenKey],
        found: dict[CitizenKey, tuple[int, bool]],
        ours: dict[CitizenKey, tuple[int, bool]],
    ) -> dict[CitizenKey, tuple[int, bool]]:
        return found | ours

    def _remember(self, rows: Sequence[tuple[int, str]]) -> None:
        self._do_many(
            "UPDATE inbox_citizen SET identity = ?2, forgotten_at = NULL WHERE id = ?1", rows
        )

    def _answered(self, names: Sequence[Name]) -> dict[Name, Thread]:
        rows = self._do(
            "SELECT k.connection_id, k.remote_id, c.citizen_id, c.thread_key FROM json_each(?) j"
            " CROSS JOIN inbox_messagekey k"
            " ON k.connection_id = j.value ->> 0 AND k.remote_id = j.value ->> 1"
            " CROSS JOIN inbox_message m ON m.id = k.message_id"
            " CROSS JOIN inbox_conversation c ON c.id = m.conversation_id",
            (_encode(names).decode(),),
        )
        return {(line, name): (citizen, line, thread) for line, name, citizen, thread in rows}

    def _talks(self, threads: Iterable[Thread]) -> list[Talk]:
        rows = self._do(
            f"SELECT {_TALK_SELECT} FROM json_each(?) j"  # noqa: S608 - our own column names
            " CROSS JOIN inbox_conversation c ON c.citizen_id = j.value ->> 0"
            " AND c.connection_id = j.value ->> 1 AND c.thread_key = j.value ->> 2"
            " AND c.is_current",
            (_encode(list(threads)).decode(),),
        )
        talks = [_talk(list(row)) for row in rows]
        self._rare = {talk.id: _rarely(talk) for talk in talks}
        return talks

    def _talk_ids(self, how_many: int) -> Sequence[int]:
        first = max(self._next_id("inbox_conversation"), self._talk_id_given + 1)
        self._talk_id_given = first + how_many - 1
        return range(first, first + how_many)

    def _add_talks(self, talks: Sequence[Talk]) -> None:
        self._do_many(_ADD_TALK, self._written(TALK_COLUMNS, map(msgspec.structs.astuple, talks)))

    def _change_talks(self, talks: Sequence[Talk]) -> None:
        # The state first: a complaint may come into a conversation that was set aside.
        rare = (row for row in map(_rarely, talks) if row != self._rare.get(row[-1]))
        self._do_many(_CHANGE_RARELY, self._written(_RARELY, rare))
        self._do_many(_CHANGE_OFTEN, self._written(_OFTEN, map(_often, talks)))

    def _written(self, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
        """Rows that begin with these columns, with their moments as the table keeps them."""
        written = list(map(list, rows))
        for place in (columns.index(name) for name in _MOMENTS if name in columns):
            moments = self._moments([row[place] for row in written])
            for row, moment in zip(written, moments, strict=True):
                row[place] = moment
        return written

    def _add_messages(self, rows: Sequence[MessageRow]) -> None:
        self._do_many(_ADD_MESSAGE, rows)

    def _index(self, first: int, last: int) -> None:
        self._do(
            "INSERT INTO inbox_message_text(rowid, text)"
            " SELECT id, text FROM inbox_message WHERE id BETWEEN ? AND ?",
            (first, last),
        )

    def _count(self, moves: Mapping[tuple[int, str], int]) -> None:
        self._do_many(
            "INSERT INTO inbox_queuecount(institution_id, state, n) VALUES (?, ?, ?)"
            " ON CONFLICT (institution_id, state) DO UPDATE SET n = n + excluded.n",
            ((*key, step) for key, step in moves.items()),
        )

    def _parcels_read(self, parcel_ids: Sequence[int]) -> None:
        if parcel_ids:
            self._do(
                "UPDATE channels_parcel SET state = 'read'"
                " WHERE id IN (SELECT value FROM json_each(?)) AND state = 'waiting'",
                (_encode(parcel_ids).decode(),),
            )

    def _hide(self, message_ids: list[int]) -> int:
        # An external index forgets a row only when it is told the words that it indexed.
        ids = (_encode(message_ids).decode(),)
        self._do(
            "INSERT INTO inbox_message_text(inbox_message_text, rowid, text)"
            " SELECT 'delete', id, text FROM inbox_message"
            " WHERE id IN (SELECT value FROM json_each(?)) AND NOT is_hidden",
            ids,
        )
        return self._do(
            "UPDATE inbox_message SET is_hidden = 1"
            " WHERE id IN (SELECT value FROM json_each(?)) AND NOT is_hidden",
            ids,
        ).rowcount

    def _empty(self, message_ids: list[int]) -> int:
        return self._do(
            "UPDATE inbox_message SET text = '', reading = NULL, extra = '{}'"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (_encode(message_ids).decode(),),
        ).rowcount

    def _next_id(self, table: str) -> int:
        row = self._do("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return 1 if row is None else int(row[0]) + 1


def _talk(values: list[Any]) -> Talk:
    for place in _TALK_MOMENTS:
        if values[place] is not None:
            values[place] = datetime.fromisoformat(values[place] + "+00:00")
    for place in _TALK_SIGNS:
        values[place] = bool(values[place])
    return Talk(*values)
