"""From parcels to arrivals: opened, read, masked, put under a clock. Nothing is written here but
the files that came along; the landing keeps the rest in one transaction."""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

import msgspec
from django.conf import settings

from balai.channels.contract import Attachment, Gone, Incoming, Returned
from balai.channels.models import Connection, Parcel
from balai.channels.selectors import has_own_page
from balai.channels.services import Opened
from balai.ground.plain import storable
from balai.ground.secrets import pseudonym
from balai.inbox import rules
from balai.inbox.landing import Arrival, Attached
from balai.inbox.services.clocks import Clocks
from balai.inbox.services.reading import read_each
from balai.people.models import Institution
from balai.understanding.reading import Reading, mask

_encode = msgspec.json.Encoder().encode
PRIORITY = {"danger": 2, "urgent": 1, "normal": 0}
LONGEST_TEXT = 200_000  # characters kept of one message; the raw parcel has the rest
LONGEST_PREVIEW = 160


class Sorted(NamedTuple):
    """What a batch of parcels held: messages to land, and news about our own or withdrawn ones."""

    arrivals: list[Arrival]
    returned: list[tuple[Connection, Returned]]
    gone: list[tuple[Connection, Gone]]


class _Came(msgspec.Struct):
    """How a parcel came: what its messages have in common, looked up once."""

    institution: Institution
    institution_id: int
    pseudonym_key: str
    connection_id: int
    channel: str
    has_own_page: bool
    arrived_at: datetime
    parcel_id: int


def sort_out(opened: Sequence[Opened]) -> Sorted:
    """Everything that readable parcels held, the messages read by the machine in one batch."""
    messages: list[tuple[_Came, Incoming]] = []
    sorted_out = Sorted([], [], [])
    for one in opened:
        came = _came(one.parcel)
        for found in one.found:
            if isinstance(found, Incoming):
                messages.append((came, found))
            elif isinstance(found, Returned):
                sorted_out.returned.append((one.parcel.connection, found))
            else:
                sorted_out.gone.append((one.parcel.connection, found))
    texts = [_clip(found.text) for _, found in messages]
    readings = read_each([came.institution_id for came, _ in messages], texts)
    sorted_out.arrivals.extend(
        _arrival(came, found, text, reading)
        for (came, found), text, reading in zip(messages, texts, readings, strict=True)
    )
    _start_clocks(sorted_out.arrivals, {came.institution_id: came for came, _ in messages})
    return sorted_out


def _came(parcel: Parcel) -> _Came:
    connection = parcel.connection
    institution = connection.institution
    return _Came(
        institution=institution,
        institution_id=connection.institution_id,
        pseudonym_key=institution.pseudonym_key,
        connection_id=parcel.connection_id,
        channel=connection.channel,
        has_own_page=has_own_page(connection.channel),
        arrived_at=parcel.arrived_at,
        parcel_id=parcel.pk,
    )


def _arrival(came: _Came, found: Incoming, text: str, reading: Reading) -> Arrival:
    intent = reading.intent.value or ""
    priority = PRIORITY.get(reading.urgency.value or "", 0)
    return Arrival(
        institution_id=came.institution_id,
        connection_id=came.connection_id,
        channel=came.channel,
        remote_id=found.remote_id[:500],
        thread_key=found.thread_id[:500],
        citizen_key=pseudonym(came.pseudonym_key, came.channel, found.author_id),
        text=text,
        sent_at=found.sent_at,
        received_at=came.arrived_at,
        answers=found.answers,
        identity=_identity(found),
        kind=found.kind,
        subject=found.subject,
        preview=_preview(text, reading),
        is_public=found.is_public,
        is_automatic=found.is_automatic,
        is_history=found.is_history,
        reading=_encode(reading).decode(),
        language=reading.language.value or "",
        sentiment=reading.sentiment.value or "",
        intent=intent,
        priority=priority,
        sensitivity=reading.sensitive,
        clock="" if found.is_history else rules.clock_for(intent, priority),
        receipt=str(found.handle.get("receipt", "")) if came.has_own_page else "",
        extra=_extra(found),
        attachments=tuple(map(_keep_file, found.attachments)) if found.attachments else (),
        parcel_id=came.parcel_id,
    )


def _start_clocks(arrivals: Sequence[Arrival], came: Mapping[int, _Came]) -> None:
    """Say when each first response is due, computed together for each institution and clock."""
    groups: dict[tuple[int, str], list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        if arrival.clock:
            groups[arrival.institution_id, arrival.clock].append(arrival)
    clocks = Clocks()
    for (institution_id, clock), group in groups.items():
        starts = [min(arrival.sent_at, arrival.received_at) for arrival in group]
        dues = clocks.due_many(came[institution_id].institution, clock, starts)
        for arrival, due_at in zip(group, dues, strict=True):
            arrival.due_at = due_at


def _identity(found: Incoming) -> str:
    name, handle, address = found.author_name, found.author_handle, found.address
    if not (name or handle or address):
        return ""
    return _json({"name": name, "handle": handle, "address": address})


def _extra(found: Incoming) -> str:
    extra: dict[str, Any] = {}
    if found.handle:
        extra["handle"] = found.handle
    if found.url:
        extra["url"] = found.url
    if found.facts:
        extra["facts"] = found.facts
    if found.language:
        extra["language_said"] = found.language
    return _json(extra)


def _json(value: Mapping[str, Any]) -> str:
    try:
        return _encode(value).decode()
    except (TypeError, ValueError, RecursionError):  # halves of characters: the landing mends them
        return json.dumps(value, ensure_ascii=False)


def _preview(text: str, reading: Reading) -> str:
    masked = text[: LONGEST_PREVIEW * 4]
    if reading.personal_data:
        masked = mask(masked, reading.personal_data)
    if "  " in masked or not masked.isprintable():  # of all white space only " " is printable
        masked = " ".join(masked.split())
    return masked.strip()[:LONGEST_PREVIEW]


def _clip(text: str) -> str:
    # NUL cannot be stored by PostgreSQL; lone surrogates cannot be stored by anybody.
    text = text[:LONGEST_TEXT].replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _keep_file(file: Attachment) -> Attached:
    """Store a file by its hash: kept once however often it comes, never executed, never served
    with the type that its sender claims."""
    sha256 = ""
    if file.body:
        sha256 = hashlib.sha256(file.body).hexdigest()
        path = Path(settings.HOME.path) / "files" / sha256[:2] / sha256
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            # A name of its own: another worker may keep the same file at this moment. And on the
            # disk before its row is: after a power cut a row without its file would be a lie.
            with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as partial:
                partial.write(file.body)
                partial.flush()
                os.fsync(partial.fileno())
            Path(partial.name).rename(path)
    return Attached(
        name=storable(file.name, 255),
        mime=storable(file.mime, 120),
        size=len(file.body),
        sha256=sha256,
        url=storable(file.url),
        alt=storable(file.alt),
    )
