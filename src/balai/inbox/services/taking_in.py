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
from balai.channels.models import Connection
from balai.channels.services import Opened
from balai.ground.plain import storable
from balai.ground.secrets import pseudonym
from balai.inbox import rules
from balai.inbox.landing import Arrival, Attached
from balai.inbox.services.clocks import due_many
from balai.people.models import Institution
from balai.understanding.reading import Reading, mask, read

_encode = msgspec.json.Encoder().encode
PRIORITY = {"danger": 2, "urgent": 1, "normal": 0}
LONGEST_TEXT = 200_000  # characters kept of one message; the raw parcel has the rest
LONGEST_PREVIEW = 160


class Sorted(NamedTuple):
    """What a batch of parcels held: messages to land, and news about our own or withdrawn ones."""

    arrivals: list[Arrival]
    returned: list[tuple[Connection, Returned]]
    gone: list[tuple[Connection, Gone]]


class _Due(NamedTuple):
    clock: str
    due_at: datetime


def sort_out(opened: Sequence[Opened]) -> Sorted:
    """Everything that readable parcels held, the messages read by the machine in one batch."""
    messages: list[tuple[Opened, Incoming]] = []
    sorted_out = Sorted([], [], [])
    for one in opened:
        for found in one.found:
            if isinstance(found, Incoming):
                messages.append((one, found))
            elif isinstance(found, Returned):
                sorted_out.returned.append((one.parcel.connection, found))
            else:
                sorted_out.gone.append((one.parcel.connection, found))
    texts = [_clip(found.text) for _, found in messages]
    readings = read(texts)
    dues = _clocks(messages, readings)
    sorted_out.arrivals.extend(
        _arrival(one, found, text, reading, due)
        for (one, found), text, reading, due in zip(messages, texts, readings, dues, strict=True)
    )
    return sorted_out


def _arrival(one: Opened, found: Incoming, text: str, reading: Reading, due: _Due) -> Arrival:
    connection = one.parcel.connection
    institution = connection.institution
    handle = found.handle
    return Arrival(
        institution_id=institution.pk,
        connection_id=connection.pk,
        channel=connection.channel,
        remote_id=found.remote_id[:500],
        thread_key=found.thread_id[:500],
        citizen_key=pseudonym(institution.pseudonym_key, connection.channel, found.author_id),
        text=text,
        sent_at=found.sent_at,
        received_at=one.parcel.arrived_at,
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
        intent=reading.intent.value or "",
        priority=PRIORITY.get(reading.urgency.value or "", 0),
        sensitivity=tuple(reading.sensitive),
        clock="" if found.is_history else due.clock,
        due_at=None if found.is_history else due.due_at,
        receipt=str(handle.get("receipt", "")) if connection.channel == "webform" else "",
        extra=_extra(found),
        attachments=tuple(map(_keep_file, found.attachments)) if found.attachments else (),
        parcel_id=one.parcel.pk,
    )


def _clocks(messages: Sequence[tuple[Opened, Incoming]], readings: Sequence[Reading]) -> list[_Due]:
    """When each first response is due, computed together for each institution and clock."""
    groups: dict[tuple[int, str], list[int]] = defaultdict(list)
    institutions: dict[int, Institution] = {}
    for place, ((one, _), reading) in enumerate(zip(messages, readings, strict=True)):
        institution = one.parcel.connection.institution
        institutions[institution.pk] = institution
        priority = PRIORITY.get(reading.urgency.value or "", 0)
        clock = rules.clock_for(reading.intent.value or "", priority)
        groups[institution.pk, clock].append(place)
    dues: dict[int, _Due] = {}
    for (institution_id, clock), places in groups.items():
        starts = [_spoken(*messages[place]) for place in places]
        due = due_many(institutions[institution_id], clock, starts)
        dues.update((p, _Due(clock, at)) for p, at in zip(places, due, strict=True))
    return [dues[place] for place in range(len(messages))]


def _spoken(one: Opened, found: Incoming) -> datetime:
    return min(found.sent_at, one.parcel.arrived_at)


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
    return " ".join(masked.split())[:LONGEST_PREVIEW]


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
