"""Reading foreign exports: JSONL and CSV of any size, row by row, in flat memory."""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from balai.channels.contract import Unreadable
from balai.channels.models import Connection, Parcel
from balai.channels.selectors import connector_of
from balai.channels.services import keep_parcels, open_file_line
from balai.config.mapping import Mapping
from balai.config.rows import CannotImport, RefusedRow, columns_of, rows_of
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.landing import Busy, NoRoom
from balai.inbox.models import MessageKey
from balai.inbox.sweeps import take_in
from balai.people.models import Institution
from balai.people.selectors import OPERATOR

logger = logging.getLogger(__name__)
ROWS_A_PARCEL = 500
PARCEL_SIZE = 4 * 1024 * 1024  # characters: rows with huge cells travel in smaller parcels
LONG_AGO = timedelta(days=30)
REST = 0.2  # seconds between two looks at a batch that another worker holds


@dataclass
class Report:
    """What an import did: every row was kept, known before, or refused."""

    file: str
    dry_run: bool
    rows: int = 0
    kept: int = 0
    known: int = 0
    refused: int = 0
    history: int = 0  # of those kept: handled elsewhere, nobody owes an answer
    old: int = 0  # of those kept: long ago, and yet open
    waiting: int = 0  # of those kept: in the log until a worker lands them

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return dict(self.__dict__)

    def __str__(self) -> str:
        verb = "would be kept" if self.dry_run else "kept"
        words = f"{self.file}: {self.rows} rows, {self.kept} {verb}"
        if self.history:
            words += f" ({self.history} as history)"
        words += f", {self.known} known already, {self.refused} refused"
        if self.waiting:
            words += f"\n{self.waiting} rows wait for a worker: balai serve, or balai work --once"
        if self.old:
            words += (
                f"\n{self.old} rows are older than {LONG_AGO.days} days and would be late at once"
                if self.dry_run
                else f"\n{self.old} rows older than {LONG_AGO.days} days are open now, and late"
            )
            words += ": was this answered elsewhere? --history keeps it without a clock"
        return words


@dataclass
class _Chunk:
    """Rows that travel in one parcel, each with the number of its line."""

    rows: list[tuple[int, dict[str, Any], str]] = field(default_factory=list)  # line, row, id
    seen: set[str] = field(default_factory=set)
    size: int = 0


class _Import:
    """One file on its way into one connection."""

    def __init__(
        self,
        connection: Connection,
        plan: Mapping,
        report: Report,
        refused: Callable[[int, str], None],
    ) -> None:
        self._connection, self._plan, self._report = connection, plan, report
        self._connector = connector_of(connection)
        self._tell = refused
        self._chunk = _Chunk()
        self._long_ago = now() - LONG_AGO

    def add(self, line: int, raw: dict[str, Any] | RefusedRow) -> None:
        """Take one row; a full chunk is landed."""
        self._report.rows += 1
        try:
            if isinstance(raw, RefusedRow):
                raise raw
            row = self._plan.row(raw)
            body = _body(row)
            (incoming,) = self._connector.parse(body)
        except (RefusedRow, Unreadable, ValueError, RecursionError) as why:
            self._refuse(line, str(why))
            return
        if incoming.remote_id in self._chunk.seen:
            self._report.known += 1
            return
        self._chunk.seen.add(incoming.remote_id)
        self._chunk.rows.append((line, row, incoming.remote_id))
        self._chunk.size += len(body)
        if len(self._chunk.rows) >= ROWS_A_PARCEL or self._chunk.size >= PARCEL_SIZE:
            self.land()

    def land(self) -> None:
        """Keep what the inbox does not know yet, and take it in: a file must not fill the log."""
        chunk, self._chunk = self._chunk, _Chunk()
        known = self._known(chunk)
        new = [one for one in chunk.rows if one[2] not in known]
        self._report.known += len(chunk.rows) - len(new)
        if not new:
            return
        if not self._report.dry_run:
            body = b"\n".join(_body(row) for _, row, _ in new)
            (parcel,) = keep_parcels(self._connection, [body])
            state, trouble = _settle(parcel)
            if state == Parcel.State.UNREADABLE:
                for line, _, _ in new:
                    self._refuse(line, f"could not be landed: {trouble}")
                return
            if state == Parcel.State.WAITING:
                self._report.waiting += len(new)
        self._report.kept += len(new)
        for _, row, _ in new:
            if row.get("history"):
                self._report.history += 1
            elif datetime.fromisoformat(row["sent_at"]) < self._long_ago:
                self._report.old += 1

    def _known(self, chunk: _Chunk) -> set[str]:
        if self._connection.pk is None:
            return set()
        found = MessageKey.objects.filter(connection=self._connection, remote_id__in=chunk.seen)
        return set(found.values_list("remote_id", flat=True))

    def _refuse(self, line: int, why: str) -> None:
        self._report.refused += 1
        self._tell(line, why)


def import_file(
    file: Path,
    plan: Mapping,
    *,
    connection_name: str,
    institution_slug: str | None,
    dry_run: bool,
    refused: Callable[[int, str], None],
    encoding: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import a file; each refused row is told with its line number. Raises CannotImport.

    It may be broken off at any moment and started again: a row that is there is known by its id.
    """
    if not file.is_file():
        raise CannotImport(f"{file}: only a file can be imported; write what comes here into one")
    institution = _institution(institution_slug)
    report = Report(file.name, dry_run)
    try:
        plan.check(columns_of(file, encoding=encoding))
        running = _Import(_line(institution, connection_name, dry_run), plan, report, refused)
        for number, raw in rows_of(file, encoding=encoding):
            running.add(number, raw)
            if progress is not None and report.rows % ROWS_A_PARCEL == 0:
                progress(report.rows)
        running.land()
    except (UnicodeError, OSError) as failure:
        raise CannotImport(f"{file.name}: cannot be read: {failure}") from failure
    if not dry_run:
        _note(institution, connection_name, report)
    return report


def _line(institution: Institution, name: str, dry_run: bool) -> Connection:
    """The connection to import into; a dry run makes none."""
    if not dry_run:
        connection = open_file_line(institution, name, by=OPERATOR)
    else:
        kept = Connection.objects.filter(institution=institution, channel="file", name=name)
        connection = kept.first() or Connection(
            institution=institution, channel="file", name=name, settings={}, secrets=""
        )
    if connection.state == Connection.State.CLOSED:
        raise CannotImport(f"the connection {name} was closed: import under another name")
    return connection


def _settle(parcel_id: int) -> tuple[str, str]:
    """Take in until this parcel is landed; returns its state and what went wrong with it.

    When another worker holds it, we wait for that one; not longer than its lease lasts.
    """
    patience = time.monotonic() + settings.BALAI_LAND_LEASE
    while True:
        try:
            taken = take_in()
        except (Busy, NoRoom) as failure:
            raise CannotImport(
                f"{failure}. Import the same file again: what is there is not kept twice"
            ) from failure
        except Exception:  # another parcel of the batch; it comes again, and so does ours
            logger.exception("a batch could not be landed")
            taken = 0
        state, trouble = Parcel.objects.values_list("state", "trouble").get(pk=parcel_id)
        if state != Parcel.State.WAITING or time.monotonic() > patience:
            return state, trouble
        if not taken:
            time.sleep(REST)


@transaction.atomic
def _note(institution: Institution, name: str, report: Report) -> None:
    numbers = {k: v for k, v in report.as_json().items() if k not in ("file", "dry_run", "waiting")}
    connection = Connection.objects.get(institution=institution, channel="file", name=name)
    record(by=OPERATOR, did="file.imported", on=connection, **numbers)


def _institution(slug: str | None) -> Institution:
    found = Institution.objects.filter(slug=slug) if slug else Institution.objects.all()
    several = list(found.order_by("pk")[:2])
    if not several:
        known = ", ".join(Institution.objects.values_list("slug", flat=True))
        if known:
            raise CannotImport(f"no institution is called {slug} (there are: {known})")
        raise CannotImport("there is no institution yet: balai serve begins with setting one up")
    if len(several) > 1:
        raise CannotImport("there are several institutions: choose one with --institution")
    return several[0]


def _body(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "replace")
