"""Join the channel identities of one person, part them again, and remember what matters."""

import json
import re
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.secrets import pseudonym
from balai.ground.services import announce
from balai.inbox.events import ContactRearranged
from balai.inbox.joining import CannotJoin, CannotPart, joined, parted
from balai.inbox.models import (
    Citizen,
    CitizenNote,
    Contact,
    ContactChange,
    ContactChanged,
    ContactPart,
    HintWalk,
    IdentityHint,
)
from balai.inbox.selectors.contacts import group_of, may_join, open_talks
from balai.people.models import Member
from balai.people.services import allow, refusal

HINTS_AT_ONCE = 500
_PHONE = re.compile(r"^(?:\+?62|0)(8\d{7,12})$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


@transaction.atomic
def merge_contacts(one: Citizen, other: Citizen, *, by: Member, reason: str) -> ContactChange:
    """Say that two identities (and all that are joined to either) are one person.

    Nothing of what they said is moved or rewritten: parting gives back what was there. Needs the
    right to open the identity of each. Raises NotAllowed, ValidationError for one and the same.
    """
    held = _hold([*group_of(one), *group_of(other)])
    left, right = group_of(one), group_of(other)
    _allow_identity(by, held, one.institution_id, other.institution_id)
    try:
        joined(_groups([left, right]), one.pk, other.pk)
    except CannotJoin as same:
        raise ValidationError(_("These are one person already.")) from same
    _settle(left + right)
    return _keep_change(ContactChange.Kind.MERGED, left, right, by, reason)


@transaction.atomic
def split_contact(out: Sequence[Citizen], *, by: Member, reason: str) -> ContactChange:
    """Say that these identities are somebody else than the rest of their person.

    Raises NotAllowed, ValidationError when nothing would be left, or they are of several persons.
    """
    if not out:
        raise ValidationError(_("Choose which of the accounts belong to somebody else."))
    _hold(group_of(out[0]))
    whole = group_of(out[0])
    _allow_identity(by, [*whole, *out], *(one.institution_id for one in out))
    leaving = frozenset(one.pk for one in out)
    try:
        parted(_groups([whole]), leaving)
    except CannotPart as wrong:
        raise ValidationError(
            _("At least one account stays, and at least one leaves. Choose again.")
        ) from wrong
    rest = [one for one in whole if one.pk not in leaving]
    gone = [one for one in whole if one.pk in leaving]
    _settle(gone)
    _settle(rest)
    return _keep_change(ContactChange.Kind.SPLIT, rest, gone, by, reason)


@transaction.atomic
def write_citizen_note(citizen: Citizen, *, text: str, by: Member) -> CitizenNote:
    """Remember something of a person beyond one conversation. Only the office sees it."""
    _allow_on_person(by, "conversation.note", citizen)
    note = CitizenNote.objects.create(citizen=citizen, text=text, by=by, at=now())
    record(by=by, did="citizen.noted", on=citizen, note=note.pk)
    return note


@transaction.atomic
def gather_hints() -> int:
    """Go on over new citizens: keep a keyed hash of each sealed address. Gives how many were seen.

    The hash is under the institution's own key; equal ones are offered to be joined, by a person.
    """
    walk = HintWalk.objects.select_for_update().get_or_create(pk=1)[0]
    some = list(
        Citizen.objects.filter(pk__gt=walk.citizen_id)
        .select_related("institution")
        .order_by("pk")[:HINTS_AT_ONCE]
    )
    hints = [hint for citizen in some if (hint := _hint(citizen)) is not None]
    IdentityHint.objects.bulk_create(hints, ignore_conflicts=True)
    if some:
        walk.citizen_id = some[-1].pk
        walk.save(update_fields=["citizen_id"])
    return len(some)


def _hint(citizen: Citizen) -> IdentityHint | None:
    address = str(json.loads(citizen.identity).get("address", "")) if citizen.identity else ""
    named = same_address(address)
    if named is None:
        return None
    kind, plain = named
    digest = pseudonym(citizen.institution.pseudonym_key, "hint", kind, plain)
    return IdentityHint(citizen=citizen, kind=kind, digest=digest)


def same_address(address: str) -> tuple[str, str] | None:
    """An address in the one form in which it is compared: an e-mail or a mobile number; or None."""
    plain = address.strip().casefold()
    if _EMAIL.match(plain):
        return IdentityHint.Kind.EMAIL, plain
    number = _PHONE.match(re.sub(r"[\s().\-]", "", plain))
    return (IdentityHint.Kind.PHONE, f"62{number[1]}") if number else None


def allow_on_person(by: Member, action: str, citizen: Citizen) -> None:
    """Return when `by` may do `action` in some conversation with the person. Raises NotAllowed."""
    _allow_on_person(by, action, citizen)


def _allow_on_person(by: Member, action: str, citizen: Citizen) -> None:
    talk = open_talks(by, [citizen]).order_by("-last_message_id").first()
    if talk is None:
        raise refusal(action)
    allow(by, action, talk.institution_id, unit=talk.unit_id, owner=talk.assignee_id)


def _allow_identity(by: Member, citizens: Iterable[Citizen], *institutions: int) -> None:
    if set(institutions) != {by.institution_id} or not may_join(by, citizens):
        raise refusal("conversation.identity")


def _hold(citizens: Iterable[Citizen]) -> list[Citizen]:
    ids = sorted({one.pk for one in citizens})
    return list(Citizen.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _groups(groups: Iterable[Sequence[Citizen]]) -> frozenset[frozenset[int]]:
    return frozenset(frozenset(one.pk for one in group) for group in groups)


def _settle(group: Sequence[Citizen]) -> None:
    """Let these identities be one person, and nobody else be part of it."""
    known = list(Contact.objects.filter(parts__citizen__in=group).values_list("pk", flat=True))
    ContactPart.objects.filter(citizen__in=[one.pk for one in group]).delete()
    Contact.objects.filter(pk__in=known, parts=None).delete()
    if len(group) > 1:
        contact = Contact.objects.create(institution_id=group[0].institution_id, made_at=now())
        ContactPart.objects.bulk_create(ContactPart(contact=contact, citizen=one) for one in group)


def _keep_change(
    kind: ContactChange.Kind,
    one: Sequence[Citizen],
    other: Sequence[Citizen],
    by: Member,
    reason: str,
) -> ContactChange:
    home = one[0].institution_id
    sides = [[citizen.pk for citizen in side] for side in (one, other)]
    change = ContactChange.objects.create(
        institution_id=home, kind=kind, one=sides[0], other=sides[1], reason=reason, by=by, at=now()
    )
    ContactChanged.objects.bulk_create(
        ContactChanged(change=change, citizen=citizen) for citizen in (*one, *other)
    )
    record(
        by=by, did=f"citizen.{kind}", on=min((*one, *other), key=lambda c: c.pk),
        one=sides[0], other=sides[1],
    )  # fmt: skip
    announce(ContactRearranged(home, sorted(sides[0] + sides[1])), scope=home)
    return change
