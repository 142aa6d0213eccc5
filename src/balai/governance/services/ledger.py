"""Write down what was done. The keeper behind `balai.ground.ledger.record`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.utils.translation import gettext as _

from balai.governance.models import AuditEntry, AuditHead
from balai.governance.rules import chain
from balai.governance.selectors.ledger import link_of
from balai.ground.clock import now
from balai.people.models import Institution, Member
from balai.people.selectors import Actor


class NoTransaction(RuntimeError):
    """An act and its trace must be kept or lost together; there is no transaction to do that."""


class PersonalInReason(ValidationError):
    """The reason holds a citizen's number. What enters the chain can never be taken out again."""


def record(
    *,
    by: Actor,
    did: str,
    on: models.Model | None = None,
    institution_id: int | None = None,
    reason: str = "",
    **facts: Any,
) -> AuditEntry:
    """Append one act to the institution's chain, within the current transaction.

    The institution is the given one, else that of `on`, else that of the member who acts, else 0
    (the installation). No personal data may enter: `facts` are ids, states, hashes and counts in
    plain JSON; a fraction is kept as text. Holds the chain's head until the transaction ends.
    Raises NoTransaction, PersonalInReason, and NotPlain for a fact that is no JSON value.
    """
    if not connection.in_atomic_block:
        raise NoTransaction(did)
    _refuse_personal(reason)
    owner = institution_id if institution_id is not None else _institution_of(on, by)
    head, _created = AuditHead.objects.select_for_update().get_or_create(institution_id=owner)
    entry = AuditEntry(
        institution_id=owner,
        number=head.number + 1,
        at=now(),
        actor=_name_of(by),
        acting_for=_lender_of(by),
        did=did,
        object_kind=on._meta.label_lower if on is not None else "",
        object_id=str(on.pk) if on is not None else "",
        reason=reason,
        facts=chain.plain({**facts, **_key_of(by)}),
        prev_hash=head.hash,
    )
    entry.hash = chain.hash_of(link_of(entry))
    entry.save(force_insert=True)
    head.number, head.hash = entry.number, entry.hash
    head.save(update_fields=["number", "hash"])
    return entry


def _institution_of(on: models.Model | None, by: Actor) -> int:
    if isinstance(on, Institution):
        return on.pk
    of_object = getattr(on, "institution_id", None)
    if of_object is not None:
        return int(of_object)
    return by.institution_id if isinstance(by, Member) else 0


def _name_of(by: Actor) -> str:
    return f"member:{by.pk}" if isinstance(by, Member) else by.name


def _key_of(by: Actor) -> dict[str, str]:
    """What a program did as a member names the key that it used."""
    return {"access_key": by.by_key} if isinstance(by, Member) and by.by_key else {}


def _lender_of(by: Actor) -> str:
    if isinstance(by, Member) and by.acting_for_id is not None:
        return f"member:{by.acting_for_id}"
    return ""


def _refuse_personal(reason: str) -> None:
    if any(chain.personal_values(reason)):
        raise PersonalInReason(
            _(
                "The reason holds a number that looks like a citizen's NIK or telephone number. "
                "The audit log keeps it for ever: please write the reason without it."
            )
        )
