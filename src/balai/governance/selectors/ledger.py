"""Read the audit log, walk its chain, and sign its head for somebody outside."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from balai.governance.models import AuditEntry, AuditHead
from balai.governance.rules import chain
from balai.ground.clock import now
from balai.people.models import Institution

A_HANDFUL = 2000


class HeadNotGenuine(ValueError):
    """A head that somebody kept does not carry the signature of the key that it names."""


@dataclass(frozen=True)
class Walk:
    """What walking one chain found."""

    institution_id: int
    entries: int
    fault: chain.Fault | None = None
    number: int | None = None  # the first broken row

    @property
    def holds(self) -> bool:
        return self.fault is None

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "holds": self.holds}

    def __str__(self) -> str:
        values = {"chain": self.institution_id, "count": self.entries, "number": self.number}
        if self.fault is None:
            return _("chain %(chain)s: %(count)s entries, unbroken") % values
        return _("chain %(chain)s: broken at entry %(number)s (%(fault)s)") % {
            **values,
            "fault": FAULTS[self.fault](),
        }


FAULTS = {
    chain.Fault.EDITED: lambda: _("it was edited"),
    chain.Fault.REMOVED: lambda: _("it is missing"),
    chain.Fault.REORDERED: lambda: _("it stands where it was not written"),
    chain.Fault.REPLACED: lambda: _("it does not follow the entry before it"),
    chain.Fault.REWRITTEN: lambda: _("it is not the entry whose head was signed"),
}


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


def is_whole(entry: AuditEntry) -> bool:
    """Whether an entry still says what was written: its own hash is right."""
    return chain.hash_of(link_of(entry)) == entry.hash


def entries_of(thing: models.Model) -> QuerySet[AuditEntry]:
    """What was done to one object, oldest first."""
    return AuditEntry.objects.filter(
        object_kind=thing._meta.label_lower, object_id=str(thing.pk)
    ).order_by("institution_id", "number")


def entries_in(institution: Institution | int) -> QuerySet[AuditEntry]:
    """All entries of an institution's chain, newest first."""
    number = institution if isinstance(institution, int) else institution.pk
    return AuditEntry.objects.filter(institution_id=number).order_by("-number")


def chains(slug: str | None = None) -> list[int]:
    """The ids of all chains (0 is the installation's), or of one institution's."""
    if slug is not None:
        return list(Institution.objects.filter(slug=slug).values_list("pk", flat=True))
    kept = set(AuditHead.objects.values_list("institution_id", flat=True))
    written = set(AuditEntry.objects.values_list("institution_id", flat=True).distinct())
    return sorted(kept | written)


def verify_chain(institution_id: int, heads: Iterable[Mapping[str, Any]] = ()) -> Walk:
    """Walk a chain from its beginning and name the first broken row.

    `heads` are signed heads kept outside; those of other chains are passed over. Raises
    HeadNotGenuine. Reads entries and end in one transaction, so that writing may go on.
    """
    kept = {
        int(head["number"]): str(head["hash"])
        for head in map(genuine, heads)
        if head["institution_id"] == institution_id
    }
    with transaction.atomic():
        end = AuditHead.objects.filter(institution_id=institution_id).first()
        reach = end.number if end else 0
        rows = AuditEntry.objects.filter(institution_id=institution_id).order_by("number", "pk")
        entries, broken = chain.first_break(
            (link_of(entry) for entry in rows.iterator(A_HANDFUL)),
            end=(reach, end.hash) if end else None,
            heads=kept,
        )
    if broken is None:
        return Walk(institution_id, entries)
    return Walk(institution_id, entries, broken.fault, broken.number)


def signed_head(institution: Institution) -> dict[str, Any]:
    """The end of the chain, signed with Ed25519: whoever keeps it can prove a later rewriting."""
    end = AuditHead.objects.filter(institution_id=institution.pk).first()
    key = _signing_key()
    head: dict[str, Any] = {
        "form": 1,
        "institution": institution.slug,
        "institution_id": institution.pk,
        "number": end.number if end else 0,
        "hash": end.hash if end else "",
        "at": now().isoformat(),
        "public_key": key.public_key().public_bytes_raw().hex(),
    }
    return {**head, "signature": key.sign(chain.canonical(head)).hex()}


def genuine(head: Mapping[str, Any]) -> Mapping[str, Any]:
    """The head itself when its signature is right. Raises HeadNotGenuine.

    It proves that the head was not changed since; that the key is this installation's own, the
    keeper sees by comparing `public_key` among the heads kept over time.
    """
    signed = {name: value for name, value in head.items() if name != "signature"}
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(head["public_key"]))
        public.verify(bytes.fromhex(head["signature"]), chain.canonical(signed))
    except (KeyError, ValueError, TypeError, InvalidSignature) as failure:
        raise HeadNotGenuine(_("The signature of a stored head is not right.")) from failure
    return head


def _signing_key() -> Ed25519PrivateKey:
    seed = HKDF(SHA256(), 32, salt=None, info=b"balai ledger").derive(
        settings.BALAI_LEDGER_KEY.encode()
    )
    return Ed25519PrivateKey.from_private_bytes(seed)
