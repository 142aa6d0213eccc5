"""Read the audit log, walk its chain, and sign its head for somebody outside."""

from balai.governance.models import AuditEntry
from balai.governance.rules import chain


def link_of(entry: AuditEntry) -> chain.Link:
    """The entry in plain values, as it is hashed."""
    return chain.Link(
        institution_id=entry.institution_id,
        number=entry.number,
        at=entry.at,
        actor=entry.actor,
        acting_for=entry.acting_for,
        did=entry.did,
        object_kind=entry.object_kind,
        object_id=entry.object_id,
        reason=entry.reason,
        facts=entry.facts,
        prev_hash=entry.prev_hash,
        hash=entry.hash,
    )
