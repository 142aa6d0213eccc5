"""What an institution can carry away: its conversations and its trace in open formats."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from balai.governance.models import AuditEntry
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.models import Conversation, Correction, Message
from balai.people.models import Institution
from balai.people.selectors import OPERATOR
from balai.understanding.reading import mask as mask_text
from balai.understanding.reading import read

TALK = (
    "id", "connection__name", "connection__channel", "citizen__key", "state", "intent", "priority",
    "language", "sentiment", "is_public", "unit__name", "opened_at", "last_at", "due_at", "clock",
    "first_answered_at", "response_minutes", "resolved_at", "reopened",
)  # fmt: skip
WORDS = (
    "id", "conversation_id", "remote_id", "direction", "kind", "text", "sent_at", "received_at",
    "is_automatic", "reading",
)  # fmt: skip
CORRECTION = ("id", "conversation_id", "message_id", "field", "read", "model", "said", "at")
AT_ONCE = 1_000


class CannotExport(Exception):
    """Nothing was exported; `str()` says why."""


def export(folder: Path, slug: str, *, masked: bool) -> dict[str, int]:
    """Write JSON lines and a manifest of hashes; personal data is masked unless asked otherwise."""
    institution = Institution.objects.filter(slug=slug).first()
    if institution is None:
        raise CannotExport(f"no institution is called {slug}")
    if folder.exists() and any(folder.iterdir()):
        raise CannotExport(f"{folder} is not empty")
    folder.mkdir(parents=True, exist_ok=True)
    talks = Conversation.objects.filter(institution=institution).exclude(state="sealed")
    words = Message.objects.filter(institution=institution).exclude(conversation__state="sealed")
    entries = AuditEntry.objects.filter(institution_id=institution.pk).order_by("number")
    corrections = Correction.objects.filter(conversation__institution=institution).order_by("id")
    said = words.order_by("id").values(*WORDS).iterator(AT_ONCE)
    counts = {
        "conversations": _write(
            folder, "conversations", talks.order_by("id").values(*TALK).iterator(AT_ONCE)
        ),
        "messages": _write(folder, "messages", _masked(said) if masked else said),
        "corrections": _write(
            folder, "corrections", corrections.values(*CORRECTION).iterator(AT_ONCE)
        ),
        "audit": _write(folder, "audit", entries.values().iterator(AT_ONCE)),
    }
    manifest = {
        "institution": institution.slug,
        "made_at": now().isoformat(),
        "masked": masked,
        "rows": counts,
        "sha256": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.glob("*.jsonl"))
        },
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1))
    with transaction.atomic():
        record(by=OPERATOR, did="institution.exported", on=institution, masked=masked, rows=counts)
    return counts


def _write(folder: Path, name: str, rows: Iterable[Mapping[str, Any]]) -> int:
    count = 0
    with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False, cls=DjangoJSONEncoder) + "\n")
            count += 1
    return count


def _masked(rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        (reading,) = read([row["text"]])
        yield {**row, "text": mask_text(row["text"], reading.personal_data)}
