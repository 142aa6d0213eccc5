"""From parcels to arrivals: opened, read, masked, put under a clock. Nothing is written here but
the files that came along; the landing keeps the rest in one transaction."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
from django.conf import settings

from balai.channels.contract import Attachment, Gone, Incoming, Returned
from balai.channels.models import Connection
from balai.channels.services import Opened
from balai.ground.secrets import pseudonym
from balai.inbox import rules
from balai.inbox.landing import Arrival, Attached
from balai.inbox.services.clocks import due_many
from balai.people.models import Institution
from balai.understanding.reading import Reading, mask, read

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
    readings = read([_clip(found.text) for _, found in messages])
    dues = _clocks(messages, readings)
    sorted_out.arrivals.extend(
        _arrival(one, found, reading, due)
        for (one, found), reading, due in zip(messages, readings, dues, strict=True)
    )
    return sorted_out


def _arrival(one: Opened, found: Incoming, reading: Reading, due: _Due) -> Arrival:
    connection = one.parcel.connection
    institution = connection.institution
    text = _clip(found.text)
    identity = {"name": found.author_name, "handle": found.author_handle, "address": found.address}
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
        identity=json.dumps(identity, ensure_ascii=False) if any(identity.values()) else "",
        kind=found.kind,
        subject=found.subject,
        preview=_preview(text, reading),
        is_public=found.is_public,
        is_automatic=found.is_automatic,
        is_history=found.is_history,
        reading=msgspec.json.encode(reading).decode(),
        language=reading.language.value or "",
        sentiment=reading.sentiment.value or "",
        intent=reading.intent.value or "",
        priority=PRIORITY.get(reading.urgency.value or "", 0),
        sensitivity=tuple(reading.sensitive),
        clock="" if found.is_history else due.clock,
        due_at=None if found.is_history else due.due_at,
        receipt=str(found.handle.get("receipt", "")) if connection.channel == "webform" else "",
        extra=_extra(found),
        attachments=tuple(_keep_file(file) for file in found.attachments),
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


def _extra(found: Incoming) -> str:
    extra = {
        "handle": found.handle,
        "url": found.url,
        "facts": found.facts,
        "language_said": found.language,
    }
    return json.dumps({k: v for k, v in extra.items() if v}, ensure_ascii=False)


def _preview(text: str, reading: Reading) -> str:
    masked = mask(text[: LONGEST_PREVIEW * 4], reading.personal_data)
    return " ".join(masked.split())[:LONGEST_PREVIEW]


def _clip(text: str) -> str:
    # NUL cannot be stored by PostgreSQL; lone surrogates cannot be stored by anybody.
    text = text[:LONGEST_TEXT].replace("\x00", "")
    return text.encode("utf-8", "replace").decode()


def _keep_file(file: Attachment) -> Attached:
    """Store a file by its hash: kept once however often it comes, never executed, never served
    with the type that its sender claims."""
    sha256 = ""
    if file.body:
        sha256 = hashlib.sha256(file.body).hexdigest()
        path = Path(settings.HOME.path) / "files" / sha256[:2] / sha256
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(".part")
            partial.write_bytes(file.body)
            partial.rename(path)
    return Attached(
        name=file.name[:255],
        mime=file.mime[:120],
        size=len(file.body),
        sha256=sha256,
        url=file.url[:1000],
        alt=file.alt,
    )
