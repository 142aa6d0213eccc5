"""Reading foreign exports: JSONL and CSV of any size, line by line, in flat memory."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from balai.channels.models import Connection
from balai.channels.services import keep_parcels, open_file_line
from balai.ground.ledger import record
from balai.inbox.sweeps import take_in
from balai.people.models import Institution
from balai.people.selectors import OPERATOR

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
ROWS_A_PARCEL = 500
LONGEST_CELL = 16 * 1024 * 1024


class CannotImport(Exception):
    """The whole file cannot be imported; `str()` says what to change."""


class RefusedRow(Exception):
    """One row cannot be imported; `str()` says why."""


@dataclass(frozen=True)
class Mapping:
    """Which column is which field, and what times without a zone mean."""

    columns: dict[str, str]
    zone: ZoneInfo
    sent_at: datetime | None

    @classmethod
    def of(cls, pairs: tuple[str, ...], *, zone: str, sent_at: str | None) -> "Mapping":
        """Read the options of the command line. Raises CannotImport."""
        columns = {}
        for pair in pairs:
            name, equals, column = pair.partition("=")
            if not equals or name not in FIELDS:
                raise CannotImport(
                    f"--map {pair}: say FIELD=COLUMN with a field of {', '.join(FIELDS)}"
                )
            columns[name] = column
        try:
            zone_info = ZoneInfo(zone)
            default = datetime.fromisoformat(sent_at) if sent_at else None
        except (ZoneInfoNotFoundError, ValueError) as failure:
            raise CannotImport(f"--zone or --sent-at cannot be read: {failure}") from failure
        if default is not None and default.tzinfo is None:
            default = default.replace(tzinfo=zone_info)
        return cls(columns, zone_info, default)

    def row(self, raw: dict[str, Any]) -> dict[str, Any]:
        """One row under our names. Raises RefusedRow."""
        found: dict[str, Any] = {}
        used: set[str] = set()
        for name in FIELDS:
            names = (self.columns[name],) if name in self.columns else USUAL[name]
            column = next((c for c in names if raw.get(c) not in (None, "")), None)
            if column is not None:
                found[name] = raw[column]
                used.add(column)
        if not str(found.get("text", "")).strip():
            raise RefusedRow("no text")
        found["sent_at"] = self._moment(found.get("sent_at")).isoformat()
        found["facts"] = {k: v for k, v in raw.items() if k not in used and v not in (None, "")}
        return found

    def _moment(self, value: Any) -> datetime:
        if value in (None, ""):
            if self.sent_at is None:
                raise RefusedRow("no time (give --sent-at for rows without one)")
            return self.sent_at
        try:
            at = _read_moment(str(value).strip())
        except (ValueError, OverflowError, TypeError) as failure:
            raise RefusedRow(f"the time {str(value)[:40]!r} cannot be read") from failure
        return at if at.tzinfo else at.replace(tzinfo=self.zone)


@dataclass
class Report:
    """What an import did."""

    file: str
    dry_run: bool
    rows: int = 0
    kept: int = 0
    refused: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return self.__dict__

    def __str__(self) -> str:
        verb = "would be kept" if self.dry_run else "kept"
        return f"{self.file}: {self.rows} rows, {self.kept} {verb}, {self.refused} refused"


def import_file(
    file: Path,
    plan: Mapping,
    *,
    connection_name: str,
    institution_slug: str | None,
    dry_run: bool,
    refused: Callable[[int, str], None],
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import a file; each refused row is told with its line number. Raises CannotImport."""
    institution = _institution(institution_slug)
    report = Report(file.name, dry_run)
    connection = None if dry_run else open_file_line(institution, connection_name, by=OPERATOR)
    chunk: list[dict[str, Any]] = []
    for line, raw in _rows(file):
        report.rows += 1
        try:
            if isinstance(raw, RefusedRow):
                raise raw
            chunk.append(plan.row(raw))
        except RefusedRow as why:
            report.refused += 1
            refused(line, str(why))
            continue
        report.kept += 1
        if len(chunk) >= ROWS_A_PARCEL:
            _keep(connection, chunk)
            chunk = []
            if progress is not None:
                progress(report.rows)
    _keep(connection, chunk)
    if connection is not None:
        with transaction.atomic():
            record(
                by=OPERATOR,
                did="file.imported",
                on=connection,
                rows=report.rows,
                refused=report.refused,
            )
    return report


def _keep(connection: Connection | None, chunk: list[dict[str, Any]]) -> None:
    if connection is None or not chunk:
        return
    body = "\n".join(json.dumps(row, ensure_ascii=False) for row in chunk)
    keep_parcels(connection, [body.encode("utf-8", "surrogatepass")])
    while take_in():  # a large file must not pile up in the log
        pass


def _institution(slug: str | None) -> Institution:
    found = Institution.objects.filter(slug=slug) if slug else Institution.objects.all()
    several = list(found[:2])
    if not several:
        raise CannotImport("there is no such institution; set it up first (balai serve)")
    if len(several) > 1:
        raise CannotImport("there are several institutions: choose one with --institution")
    return several[0]


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any] | RefusedRow]]:
    """Each row with the number of its first line."""
    csv.field_size_limit(LONGEST_CELL)
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        if file.suffix.lower() in (".jsonl", ".ndjson", ".json"):
            yield from _json_rows(lines)
        elif file.suffix.lower() in (".csv", ".tsv", ".txt"):
            yield from _csv_rows(lines)
        else:
            raise CannotImport(f"{file.name}: the name must end in .jsonl or .csv")


def _json_rows(lines: Iterator[str]) -> Iterator[tuple[int, dict[str, Any] | RefusedRow]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as failure:
            yield number, RefusedRow(f"not JSON: {failure}")
            continue
        yield number, row if isinstance(row, dict) else RefusedRow("not a JSON object")


def _csv_rows(lines: Iterator[str]) -> Iterator[tuple[int, dict[str, Any] | RefusedRow]]:
    head = next(lines, "")
    delimiter = max(",;\t", key=head.count)
    names = next(csv.reader([head], delimiter=delimiter), [])
    if len(names) < 1 or not any(names):
        raise CannotImport("the file has no header line")
    reader = csv.reader(lines, delimiter=delimiter)
    first = 2
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as failure:
            yield first, RefusedRow(str(failure))
            first = reader.line_num + 2
            continue
        if cells and len(cells) != len(names):
            yield first, RefusedRow(f"{len(cells)} cells, the header has {len(names)}")
        elif cells:
            yield first, dict(zip(names, cells, strict=True))
        first = reader.line_num + 2


def _read_moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for pattern in (
        "%d/%m/%Y %H:%M:%S",
        "%d/%m/%Y %H:%M",
        "%d/%m/%Y",
        "%d-%m-%Y %H:%M:%S",
        "%d-%m-%Y",
    ):
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 - the caller adds the zone
        except ValueError:
            continue
    if text.isdigit() and len(text) in (10, 13):
        return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
    return parsedate_to_datetime(text)
