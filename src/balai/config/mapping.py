"""Which column of a foreign export is which field of ours, and what its times mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from balai.config.rows import CannotImport, RefusedRow

FIELDS = ("text", "sent_at", "id", "author", "author_name", "thread", "url", "subject", "kind")
# Names that exports commonly give to our fields; --map overrides them.
USUAL: dict[str, tuple[str, ...]] = {
    "text": ("text", "full_text", "message", "keluhan", "pesan", "isi", "body"),
    "sent_at": ("sent_at", "created_at", "tanggal", "tanggal_keluhan", "date", "waktu"),
    "id": ("id", "id_str", "tweet_id", "nomor"),
    "author": ("author", "user", "username", "author_id", "pengirim"),
    "author_name": ("author_name", "nama"),
    "thread": ("thread", "conversation_id"),
    "url": ("url", "link"),
    "subject": ("subject", "judul"),
    "kind": ("kind",),
}
DAY_FIRST = tuple(
    f"{day}{hour}"
    for day in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
    for hour in (" %H:%M:%S", " %H:%M", " %H.%M", "")
)
LONGEST_TEXT = 200_000  # what the inbox keeps of one message
LONGEST_ID = 500


@dataclass(frozen=True)
class Mapping:
    """Which column is which field, what times without a zone mean, and what is history."""

    columns: dict[str, str]
    zone: ZoneInfo
    sent_at: datetime | None
    history_before: datetime | None = None

    @classmethod
    def of(
        cls,
        pairs: tuple[str, ...],
        *,
        zone: str,
        sent_at: str | None,
        history: bool = False,
        history_before: str | None = None,
    ) -> "Mapping":
        """Read the options of the command line. Raises CannotImport."""
        columns = {}
        for pair in pairs:
            name, equals, column = pair.partition("=")
            if not equals or not column or name not in FIELDS:
                raise CannotImport(
                    f"--map {pair}: say FIELD=COLUMN with a field of {', '.join(FIELDS)}"
                )
            columns[name] = column
        try:
            where = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as failure:
            raise CannotImport(f"--zone {zone}: no such zone (say Asia/Jakarta)") from failure
        ended = _option("--history-before", history_before, where)
        if history:
            ended = datetime.max.replace(tzinfo=UTC)
        return cls(columns, where, _option("--sent-at", sent_at, where), ended)

    def check(self, columns: Sequence[str] | None) -> None:
        """Whether a file with these columns can be imported at all. Raises CannotImport."""
        if columns is None:
            return
        there = f"the file has: {', '.join(columns)}"
        for name, column in self.columns.items():
            if column not in columns:
                raise CannotImport(f"--map {name}={column}: no such column; {there}")
        for name in ("text", "sent_at"):
            given = name in self.columns or (name == "sent_at" and self.sent_at is not None)
            if not given and not set(USUAL[name]) & set(columns):
                otherwise = " or --sent-at for all rows" if name == "sent_at" else ""
                raise CannotImport(
                    f"no column is known as {name}: say --map {name}=COLUMN{otherwise}; {there}"
                )

    def row(self, raw: dict[str, Any]) -> dict[str, Any]:
        """One row under our names. Raises RefusedRow."""
        found: dict[str, Any] = {}
        used: set[str] = set()
        for name in FIELDS:
            names = (self.columns[name],) if name in self.columns else USUAL[name]
            for column in names:
                value = _value(raw, column)
                if value not in (None, ""):
                    found[name] = _plain(name, value)
                    used.add(column)
                    break
        if not found.get("text", "").strip():
            raise RefusedRow("no text")
        if len(found["text"]) > LONGEST_TEXT:
            raise RefusedRow(f"the text is longer than {LONGEST_TEXT:,} characters")
        for name in ("id", "author", "thread"):
            if len(found.get(name, "")) > LONGEST_ID:
                raise RefusedRow(f"{name} is longer than {LONGEST_ID} characters")
        at = self._moment(found.get("sent_at"))
        found["sent_at"] = at.isoformat()
        if self.history_before is not None and at < self.history_before:
            found["history"] = True
        found["facts"] = {k: v for k, v in raw.items() if k not in used and v not in (None, "")}
        return found

    def _moment(self, value: str | None) -> datetime:
        if value is None:
            if self.sent_at is None:
                raise RefusedRow("no time (give --sent-at for rows without one)")
            return self.sent_at
        try:
            at = _read_moment(value.strip())
            return (at if at.tzinfo else at.replace(tzinfo=self.zone)).astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError, OSError) as failure:
            raise RefusedRow(f"the time {value[:40]!r} cannot be read") from failure


def _option(name: str, value: str | None, zone: ZoneInfo) -> datetime | None:
    if value is None:
        return None
    try:
        at = _read_moment(value.strip())
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError, OSError) as failure:
        raise CannotImport(f"{name} {value}: no time that can be read") from failure


def _value(raw: dict[str, Any], column: str) -> Any:
    """The cell of a column; `user.name` also means the name inside of user."""
    if column in raw or "." not in column:
        return raw.get(column)
    value: Any = raw
    for step in column.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _plain(name: str, value: Any) -> str:
    """Words or a number as text. Raises RefusedRow."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise RefusedRow(f"{name} is not one value (--map {name}=user.id points inside of user)")
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()


def _read_moment(text: str) -> datetime:
    """ISO 8601, seconds since 1970, day first as Indonesia writes it, or as e-mail and X do."""
    if text.isascii() and text.isdigit() and len(text) in (10, 13):
        return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for pattern in DAY_FIRST:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 - the caller adds the zone
        except ValueError:
            continue
    return parsedate_to_datetime(text)
