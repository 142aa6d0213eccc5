"""Everything that is kept of an item, as plain data: revisions, approvals, attempts, proofs.

A manifest names the SHA-256 of every part, so that a copy can be judged without this house.
"""

import hashlib
import json
from typing import Any

from balai.channels.models import Dispatch
from balai.governance.selectors import entries_of
from balai.ground.clock import now
from balai.publishing.models import Item, Variant
from balai.publishing.selectors import POST


def archive_of(item: Item) -> dict[str, Any]:
    """The archive of one item with its manifest. Nothing of a citizen stands in it."""
    variants = list(item.variants.select_related("account", "revision").order_by("pk"))
    parts: dict[str, Any] = {"item": _item(item)}
    for variant in variants:
        parts[f"variant-{variant.pk}"] = _variant(variant)
    parts["audit"] = [
        {"at": entry.at.isoformat(), "actor": entry.actor, "did": entry.did, "facts": entry.facts,
         "reason": entry.reason}
        for entry in entries_of(item)
    ]  # fmt: skip
    manifest = {
        name: hashlib.sha256(_spelt(part).encode()).hexdigest() for name, part in parts.items()
    }
    for variant in variants:
        for revision in variant.revisions.all():
            manifest[f"revision-{revision.pk}"] = revision.sha256
    for picture in item.pictures.all():
        manifest[f"picture-{picture.pk}"] = picture.sha256
    return {"made_at": now().isoformat(), "manifest": manifest, **parts}


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.pk,
        "title": item.title,
        "purpose": item.purpose,
        "topic": item.topic,
        "segment": item.segment,
        "objective": item.objective.name if item.objective else "",
        "created_at": item.created_at.isoformat(),
        "facts": list(item.facts.values("statement", "source", "url")),
        "corrects": item.corrects_id,
    }


def _variant(variant: Variant) -> dict[str, Any]:
    sent = Dispatch.objects.filter(purpose=POST, ref=variant.pk).order_by("pk")
    return {
        "account": str(variant.account) if variant.account else "own",
        "state": variant.state,
        "remote_id": variant.remote_id,
        "url": variant.url,
        "published_at": variant.published_at.isoformat() if variant.published_at else None,
        "revisions": [
            {
                "number": one.number,
                "sha256": one.sha256,
                "body": one.body,
                "author": one.author_id,
                "written_at": one.written_at.isoformat(),
                "said": [
                    {
                        "kind": a.kind,
                        "member": a.member_id,
                        "at": a.at.isoformat(),
                        "words": a.words,
                    }
                    for a in one.approvals.all()
                ],
            }
            for one in variant.revisions.prefetch_related("approvals").order_by("number")
        ],
        "attempts": [
            {
                "key": dispatch.key,
                "kind": attempt.kind,
                "outcome": attempt.outcome,
                "started_at": attempt.started_at.isoformat(),
                "words": attempt.words,
            }
            for dispatch in sent.prefetch_related("attempts")
            for attempt in dispatch.attempts.all()
        ],
        "corrections": [
            {"how": c.how, "words": c.words, "noticed_at": c.noticed_at.isoformat(),
             "corrected_at": c.corrected_at.isoformat() if c.corrected_at else None}
            for c in variant.corrections.order_by("pk")
        ],
    }  # fmt: skip


def _spelt(part: Any) -> str:
    return json.dumps(part, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
