"""Exports of other systems, brought in by `balai import`. One parcel is a chunk of mapped rows."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import msgspec

from balai.channels.contract import Answered, Can, Connector, Incoming, Unreadable

_decode = msgspec.json.Decoder().decode


class File(Connector):
    """Nothing goes out; rows come in as JSON lines with the names that the mapping gives them."""

    slug = "file"
    label = "Berkas"
    can = Can.NOTHING

    def parse(self, parcel: bytes) -> list[Answered]:
        try:
            return [self._row(_loaded(line)) for line in parcel.splitlines() if line.strip()]
        except (ValueError, KeyError, TypeError, RecursionError, OverflowError) as failure:
            raise Unreadable(f"not rows of an import: {failure!r}") from failure

    def _row(self, row: dict[str, Any]) -> Incoming:
        text = str(row["text"])
        at = datetime.fromisoformat(row["sent_at"])
        remote_id = str(row.get("id") or self._content(row, at, text))
        return Incoming(
            remote_id=remote_id,
            thread_id=str(row.get("thread") or remote_id),
            author_id=str(row.get("author") or remote_id),
            author_name=str(row.get("author_name") or ""),
            text=text,
            sent_at=at if at.tzinfo else at.replace(tzinfo=UTC),
            kind=str(row.get("kind") or "mention"),
            subject=str(row.get("subject") or ""),
            url=str(row.get("url") or ""),
            handle={"row": remote_id},
            facts=row.get("facts") or {},
            is_history=bool(row.get("history")),
        )

    def _content(self, row: dict[str, Any], at: datetime, text: str) -> str:
        # A row without an id is known by its content, so that a second import repeats nothing.
        own = f"{row.get('author', '')}\x1f{at.isoformat()}\x1f{text}".encode()
        return hashlib.sha256(own).hexdigest()[:32]


def _loaded(line: bytes) -> Any:
    """The line's JSON; what the fast reader refuses, the lenient one may still take (NaN)."""
    try:
        return _decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return json.loads(line)
