"""The landing on PostgreSQL: rows go in by COPY, names by INSERT ... ON CONFLICT ... RETURNING.

Several landers work at once. Each takes what it locks in one order (names, new citizens, known
citizens, conversations, counters, the ledger's head; within each by key), so they wait for each
other but never in a circle; and who holds a citizen is alone with the citizen's conversations.
Messages lie in one partition a month (ids say the month); a search walks from the newest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db import DatabaseError, connection, transaction
from psycopg import errors

from balai.ground.clock import first_id_at, moment_of_id, now
from balai.inbox.landing.dialect import (
    MESSAGE_COLUMNS,
    TALK_COLUMNS,
    CitizenKey,
    MessageRow,
    Name,
    Thread,
)
from balai.inbox.landing.port import Busy, Found, NoRoom, Term
from balai.inbox.landing.table import TableStore
from balai.inbox.landing.threads import Talk

MONTHS_AHEAD = 3
# The same words on both sides of a search: what joins words in addresses and numbers parts them.
WORDS = "to_tsvector('indonesian', translate(text, '-./@:_+#&=?~', '            '))"
LONGEST_WAIT = "20s"  # for another lander's lock, as SQLite's busy time-out (settings)

_CHANGING = TALK_COLUMNS[TALK_COLUMNS.index("state") :]
_TALK_SELECT = ", ".join(f"c.{name}" for name in TALK_COLUMNS)
_TALKS = ", ".join(TALK_COLUMNS)
_BUSY = (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)


class PostgresStore(TableStore):
    """See port.Store."""

    def find(
        self, institution_id: int, terms: Sequence[Term], *, before: int | None, limit: int
    ) -> list[Found]:
        """See port.Store."""
        if not terms:
            return []
        found: list[Found] = []
        for low, high in self._spans(before):
            while len(found) < limit:
                rows = self._rows(
                    _FIND, {"words": _query(terms), "low": low, "high": high, "limit": limit,
                            "institution": institution_id},
                )  # fmt: skip
                found += (Found(row[0], row[1]) for row in rows if row[2] != "sealed")
                if len(rows) < limit:
                    break
                high = rows[-1][0]
        return found[:limit]

    def tend(self) -> None:
        """Make the partitions of this month and of the next ones."""
        with connection.wrap_database_errors, transaction.atomic():
            make_months(now(), now(), ahead=MONTHS_AHEAD)

    def _spans(self, before: int | None) -> Iterator[tuple[int, int]]:
        """Ranges of ids from the newest: a month, then two, then four, to the oldest message."""
        high = 2**63 - 1 if before is None else before
        row = self._rows("SELECT min(id), max(id) FROM inbox_message")[0]
        if row[0] is None:
            return
        months = 1
        low = _month_start(min(high, row[1]))
        while True:
            yield first_id_at(low), high
            high = first_id_at(low)
            if high <= row[0]:
                return
            for _ in range(months):
                low = _month_before(low)
            months *= 2

    def _rows(self, sql: str, values: Any = None) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    def _do(self, sql: str, values: Any = None) -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return int(cursor.rowcount)

    def _copy(self, into: str, rows: Iterable[Sequence[Any]]) -> None:
        with connection.cursor() as cursor, cursor.cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def _named(self, failure: DatabaseError) -> Exception:
        if isinstance(failure.__cause__, _BUSY):
            return Busy("other writers hold the rows")
        if isinstance(failure.__cause__, errors.DiskFull):
            return NoRoom("the disk is full")
        return failure

    def _moments(self, moments: Sequence[datetime | None]) -> Sequence[datetime | None]:
        return moments

    def _reserve(self, how_many: int) -> int:
        self._do(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'")
        return int(self._rows("SELECT inbox_message_ids(%s)", (how_many,))[0][0])

    def _keep_names(self, names: Sequence[Name], first: int) -> list[int]:
        rows = self._rows(
            "INSERT INTO inbox_messagekey(connection_id, remote_id, message_id)"
            " SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[]) ORDER BY 1, 2, 3"
            " ON CONFLICT DO NOTHING RETURNING message_id",
            (*_columns(names, 2), list(range(first, first + len(names)))),
        )
        return sorted(row[0] - first for row in rows)

    def _message_of(self, name: Name) -> int | None:
        rows = self._rows(
            "SELECT message_id FROM inbox_messagekey WHERE connection_id = %s AND remote_id = %s",
            name,
        )
        return int(rows[0][0]) if rows else None

    def _set_remote_id(self, message_id: int, remote_id: str) -> None:
        self._do("UPDATE inbox_message SET remote_id = %s WHERE id = %s", (remote_id, message_id))

    def _citizens(self, keys: Sequence[CitizenKey]) -> dict[CitizenKey, tuple[int, bool]]:
        return self._known_citizens(keys, "")

    def _add_citizens(
        self, rows: Sequence[tuple[CitizenKey, str, datetime]]
    ) -> dict[CitizenKey, tuple[int, bool]]:
        keys = [key for key, _, _ in rows]
        made = self._rows(
            "INSERT INTO inbox_citizen(institution_id, channel, key, identity, first_seen_at)"
            " SELECT * FROM unnest"
            "(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])"
            " ORDER BY 1, 2, 3"
            " ON CONFLICT (institution_id, channel, key) DO NOTHING"
            " RETURNING institution_id, channel, key, id, identity <> ''",
            (*_columns(keys, 3), [row[1] for row in rows], [row[2] for row in rows]),
        )
        return {tuple(row[:3]): (row[3], row[4]) for row in made}

    def _hold(
        self,
        keys: Sequence[CitizenKey],
        found: dict[CitizenKey, tuple[int, bool]],
        ours: dict[CitizenKey, tuple[int, bool]],
    ) -> dict[CitizenKey, tuple[int, bool]]:
        rest = [key for key in keys if key not in ours]
        return self._known_citizens(rest, "ORDER BY c.id FOR NO KEY UPDATE OF c") | ours

    def _known_citizens(
        self, keys: Sequence[CitizenKey], hold: str
    ) -> dict[CitizenKey, tuple[int, bool]]:
        if not keys:
            return {}
        rows = self._rows(
            "SELECT c.institution_id, c.channel, c.key, c.id, c.identity <> ''"  # noqa: S608 - `hold` is ours
            " FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS j(institution_id, channel, key)"
            f" JOIN inbox_citizen c USING (institution_id, channel, key) {hold}",
            _columns(keys, 3),
        )
        return {tuple(row[:3]): (row[3], row[4]) for row in rows}

    def _remember(self, rows: Sequence[tuple[int, str]]) -> None:
        self._do(
            "UPDATE inbox_citizen c SET identity = j.identity, forgotten_at = NULL"
            " FROM unnest(%s::bigint[], %s::text[]) AS j(id, identity) WHERE c.id = j.id",
            _columns(rows, 2),
        )

    def _answered(self, names: Sequence[Name]) -> dict[Name, Thread]:
        rows = self._rows(
            "SELECT k.connection_id, k.remote_id, c.citizen_id, c.thread_key"
            " FROM unnest(%s::bigint[], %s::text[]) AS j(connection_id, remote_id)"
            " JOIN inbox_messagekey k USING (connection_id, remote_id)"
            " JOIN inbox_message m ON m.id = k.message_id"
            " JOIN inbox_conversation c ON c.id = m.conversation_id",
            _columns(names, 2),
        )
        return {(line, name): (citizen, line, thread) for line, name, citizen, thread in rows}

    def _talks(self, threads: Iterable[Thread]) -> list[Talk]:
        rows = self._rows(
            f"SELECT {_TALK_SELECT}"  # noqa: S608 - our own column names
            " FROM unnest(%s::bigint[], %s::bigint[], %s::text[])"
            " AS j(citizen_id, connection_id, thread_key)"
            " JOIN inbox_conversation c USING (citizen_id, connection_id, thread_key)"
            " WHERE c.is_current ORDER BY c.id FOR UPDATE OF c",
            _columns(list(threads), 3),
        )
        return [Talk(*row) for row in rows]

    def _talk_ids(self, how_many: int) -> Sequence[int]:
        rows = self._rows(
            "SELECT nextval(pg_get_serial_sequence('inbox_conversation', 'id'))"
            " FROM generate_series(1, %s)",
            (how_many,),
        )
        return [row[0] for row in rows]

    def _add_talks(self, talks: Sequence[Talk]) -> None:
        if talks:
            self._copy(f"inbox_conversation ({_TALKS})", map(msgspec.structs.astuple, talks))

    def _change_talks(self, talks: Sequence[Talk]) -> None:
        if not talks:
            return
        self._do(
            "CREATE TEMPORARY TABLE IF NOT EXISTS landing_talk ON COMMIT DELETE ROWS AS"  # noqa: S608 - our own column names
            f" SELECT {_TALKS} FROM inbox_conversation WITH NO DATA"
        )
        self._copy(f"landing_talk ({_TALKS})", map(msgspec.structs.astuple, talks))
        self._do(
            "UPDATE inbox_conversation c SET "  # noqa: S608 - our own column names
            + ", ".join(f"{name} = j.{name}" for name in _CHANGING)
            + " FROM landing_talk j WHERE c.id = j.id"
        )
        self._do("DELETE FROM landing_talk")  # the caller's transaction may land again

    def _add_messages(self, rows: Sequence[MessageRow]) -> None:
        self._copy(f"inbox_message ({', '.join(MESSAGE_COLUMNS)})", rows)

    def _index(self, first: int, last: int) -> None:
        """The index on the expression WORDS is kept by the database."""

    def _count(self, moves: Mapping[tuple[int, str], int]) -> None:
        if moves:
            self._do(
                "INSERT INTO inbox_queuecount AS q (institution_id, state, n)"
                " SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[]) ORDER BY 1, 2"
                " ON CONFLICT (institution_id, state) DO UPDATE SET n = q.n + excluded.n",
                (*_columns(list(moves), 2), list(moves.values())),
            )

    def _parcels_read(self, parcel_ids: Sequence[int]) -> None:
        if parcel_ids:
            self._do(
                "UPDATE channels_parcel SET state = 'read' WHERE state = 'waiting' AND id IN"
                " (SELECT id FROM channels_parcel WHERE id = ANY(%s) ORDER BY id FOR UPDATE)",
                (list(parcel_ids),),
            )

    def _hide(self, message_ids: list[int]) -> int:
        return self._do(
            "UPDATE inbox_message SET is_hidden = true WHERE id = ANY(%s) AND NOT is_hidden",
            (message_ids,),
        )

    def _empty(self, message_ids: list[int]) -> int:
        return self._do(
            "UPDATE inbox_message SET text = '', reading = NULL, extra = '{}' WHERE id = ANY(%s)",
            (message_ids,),
        )


_FIND = (
    "SELECT h.id, h.conversation_id, c.state FROM ("  # noqa: S608 - our own expression
    "  WITH hits AS MATERIALIZED ("
    "   SELECT id, conversation_id FROM inbox_message"
    f"  WHERE {WORDS} @@ to_tsquery('indonesian', %(words)s) AND NOT is_hidden"
    "   AND institution_id = %(institution)s AND id >= %(low)s AND id < %(high)s)"
    "  SELECT * FROM hits ORDER BY id DESC LIMIT %(limit)s"
    " ) h JOIN inbox_conversation c ON c.id = h.conversation_id ORDER BY h.id DESC"
)


def make_months(first: datetime, last: datetime, *, ahead: int = 0) -> None:
    """Make the partitions from the month of `first` to `ahead` months after that of `last`.

    What lies in the default partition moves into its month. Needs a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(8302702)")
        month = first.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        end = last
        for _ in range(ahead):
            end = _month_after(end)
        while month <= end:
            following = _month_after(month)
            name = f"inbox_message_{month:%Y_%m}"
            cursor.execute("SELECT to_regclass(%s)", (name,))
            if cursor.fetchone()[0] is None:
                _make_month(cursor, name, first_id_at(month), first_id_at(following))
            month = following


def _make_month(cursor: Any, name: str, low: int, high: int) -> None:
    for statement in (
        "LOCK TABLE inbox_message_other IN ACCESS EXCLUSIVE MODE",
        f"CREATE TABLE {name} (LIKE inbox_message INCLUDING ALL)",
        f"WITH moved AS (DELETE FROM inbox_message_other WHERE id >= {low} AND id < {high}"  # noqa: S608 - names and numbers of ours
        f" RETURNING *) INSERT INTO {name} SELECT * FROM moved",
        f"ALTER TABLE inbox_message ATTACH PARTITION {name} FOR VALUES FROM ({low}) TO ({high})",
    ):
        cursor.execute(statement)


def _month_start(number: int) -> datetime:
    moment = moment_of_id(number)
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _month_after(moment: datetime) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


def _month_before(moment: datetime) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 2, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


def _columns(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows turned into columns, which is how PostgreSQL takes arrays."""
    return [[row[place] for row in rows] for place in range(width)]


def _query(terms: Sequence[Term]) -> str:
    """The words as to_tsquery reads them; letters and digits only, so nothing escapes."""
    return " & ".join(
        "("
        + " <-> ".join(f"'{word}'" for word in term.words)
        + (":*" if term.is_open_ended else "")
        + ")"
        for term in terms
    )
