"""Who must have said yes to which bytes. An approval is of a fingerprint, never of a title."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from balai.publishing.rules.moves import ROUTINE

# Our own choices [D]: what was approved longer ago is read again before it leaves; what left in one
# step is read by a second person within a day, as long as a correction may take (domain 4.6).
APPROVAL_HOLDS_FOR = timedelta(days=30)
AFTER_REVIEW_WITHIN = timedelta(hours=24)
EMERGENCY_PURPOSES = frozenset({"safety_warning", "correction_debunk"})


class Voice(NamedTuple):
    """What one person said about one fingerprint; the last word of a person counts."""

    member_id: int
    fingerprint: str
    says_yes: bool


def fingerprint(content: Mapping[str, Any]) -> tuple[bytes, str]:
    """The exact bytes of a variant and their SHA-256: one content, one spelling (sorted JSON)."""
    body = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return body, hashlib.sha256(body).hexdigest()


def approvals_needed(*, is_sensitive: bool, has_humour: bool) -> int:
    """Domain 5.4(1): a sensitive topic needs two, and humour needs a second reader."""
    return 2 if is_sensitive or has_humour else 1


def voices_for(voices: Iterable[Voice], mark: str, authors: Collection[int]) -> dict[int, bool]:
    """The last word of each person on these bytes. Whoever wrote them has no voice."""
    return {
        voice.member_id: voice.says_yes
        for voice in voices
        if voice.fingerprint == mark and voice.member_id not in authors
    }


def verdict(voices: Iterable[Voice], mark: str, authors: Collection[int], needed: int) -> str:
    """The state that the voices give: `approved`, `changes_requested` or `in_review`."""
    counted = voices_for(voices, mark, authors)
    if not all(counted.values()):
        return "changes_requested"
    return "approved" if len(counted) >= needed else "in_review"


def has_lapsed(approved_at: datetime | None, at: datetime) -> bool:
    """Whether an approval is too old for what leaves at `at`; none at all has lapsed too."""
    return approved_at is None or at - approved_at > APPROVAL_HOLDS_FOR


def may_skip_approval(purpose: str) -> bool:
    """Whether one person may send this in one step, to be reviewed afterwards."""
    return purpose in EMERGENCY_PURPOSES and purpose not in ROUTINE
