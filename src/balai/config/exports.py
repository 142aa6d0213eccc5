"""What an institution can carry away: its conversations and its trace in open formats."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
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
from balai.understanding.words import LONGEST_TEXT

TALK = (
    "id", "connection__name", "connection__channel", "citizen__key", "state", "intent", "priority",
    "language", "sentiment", "is_public", "unit__name", "opened_at", "last_at", "due_at", "clock",
    "first_answered_at", "response_minutes", "resolved_at", "reopened",
    "reopened_soon",
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
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    talks = Conversation.objects.filter(institution=institution).exclude(state="sealed")
    words = Message.objects.filter(institution=institution).exclude(conversation__state="sealed")
    entries = AuditEntry.objects.filter(institution_id=institution.pk).order_by("number")
    corrections = (
        Correction.objects.filter(conversation__institution=institution)
        .exclude(conversation__state="sealed")
        .order_by("id")
    )
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
        "sha256": {path.name: _sha256(path) for path in sorted(folder.glob("*.jsonl"))},
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
    """Without personal data in the words, and without the network's name of the message: it often
    names the author. What is too long to be read to its end is cut there."""
    waiting = iter(rows)
    while batch := list(islice(waiting, AT_ONCE)):
        texts = [row["text"][:LONGEST_TEXT] for row in batch]
        for row, text, reading in zip(batch, texts, read(texts), strict=True):
            yield {**row, "text": mask_text(text, reading.personal_data), "remote_id": ""}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
