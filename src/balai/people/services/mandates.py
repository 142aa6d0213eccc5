"""One institution entrusts a role to another: given, accepted, held by named officers, ended.

R106 of the domain: a village may run alone, or let its district answer for it.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.people.events import MandateChanged, MemberJoined
from balai.people.models import Grant, Institution, Mandate, Member
from balai.people.rules import NEVER_ENTRUSTED, SYSTEM
from balai.people.selectors import Actor, living_mandate, may
from balai.people.services.members import end_membership
from balai.people.services.permission import allow, refusal


@transaction.atomic
def entrust(
    *,
    giver: Institution,
    holder: Institution,
    role: str,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: Actor,
) -> Mandate:
    """Offer a role in `giver` to `holder` for a time; it counts once the holder accepts.

    Raises NotAllowed, ValidationError.
    """
    allow(by, "member.manage", giver)
    if role in NEVER_ENTRUSTED:
        raise ValidationError(_("This role cannot be entrusted to another institution."))
    mandate = Mandate(
        giver=giver, holder=holder, role=role, starts_at=starts_at, ends_at=ends_at, reason=reason
    )
    mandate.full_clean()
    mandate.save()
    _note(mandate, by, "mandate.offered", reason)
    return mandate


@transaction.atomic
def accept_mandate(mandate: Mandate, *, by: Actor) -> Mandate:
    """Take on what was offered. Raises NotAllowed, ValidationError."""
    allow(by, "member.manage", mandate.holder_id)
    _lock(mandate)
    if mandate.accepted_at is None:
        _refuse_ended(mandate)
        mandate.accepted_at = now()
        mandate.save(update_fields=["accepted_at"])
        _note(mandate, by, "mandate.accepted")
    return mandate


@transaction.atomic
def name_officer(mandate: Mandate, *, officer: Member, by: Actor) -> Member:
    """Let a member of the holder act in the giver; returns the membership there.

    The member must hold the role at home. Raises NotAllowed, ValidationError.
    """
    allow(by, "member.manage", mandate.holder_id)
    _lock(mandate)
    _refuse_ended(mandate)
    if mandate.accepted_at is None:
        raise ValidationError(_("Accept the mandate first."))
    at_home = officer.institution_id == mandate.holder_id and officer.left_at is None
    if not at_home or not officer.grants.filter(role=mandate.role, ended_at=None).exists():
        raise ValidationError(_("Only somebody who holds this role here can be named."))
    member = Member.objects.filter(user=officer.user_id, institution=mandate.giver_id).first()
    if member is None:
        member = Member(user=officer.user, institution=mandate.giver)
    elif member.left_at is None:
        raise ValidationError(_("This person works there already."))
    member.unit, member.name, member.left_at, member.mandate = None, officer.name, None, mandate
    member.full_clean()
    member.save()
    Grant.objects.create(member=member, role=mandate.role)
    record(by=by, did="mandate.officer_named", on=member, mandate=mandate.pk, role=mandate.role)
    announce(MemberJoined(member.pk, mandate.giver_id), scope=mandate.giver_id)
    return member


@transaction.atomic
def release_officer(member: Member, *, by: Actor, reason: str) -> Member:
    """End the work of one officer under a mandate; either side may do it. Raises NotAllowed."""
    if member.mandate is None:
        raise ValidationError(_("This person does not work under a mandate."))
    _allow_either(member.mandate, by)
    end_membership(member, by=by, reason=reason)
    return member


@transaction.atomic
def end_mandate(mandate: Mandate, *, by: Actor, reason: str) -> Mandate:
    """End a mandate, or refuse an offer; its officers stop at once. Either side may do it."""
    _allow_either(mandate, by)
    _lock(mandate)
    if mandate.revoked_at is None:
        mandate.revoked_at = now()
        mandate.save(update_fields=["revoked_at"])
        _note(mandate, by, "mandate.ended", reason)
    for officer in mandate.officers.filter(left_at=None):
        end_membership(officer, by=by, reason=reason)
    return mandate


@transaction.atomic
def release_overdue(at: datetime) -> int:
    """End the memberships of mandates that ran out, or whose officer lost the role at home.

    What they could do ended by itself at that moment (`selectors.roles_of`); this tidies up.
    Returns how many ended.
    """
    here = Member.objects.filter(mandate__isnull=False, left_at=None)
    overdue = here.filter(mandate__ends_at__lte=at) | here.filter(mandate__revoked_at__lte=at)
    ended = 0
    for member in overdue.select_related("mandate"):
        end_membership(member, by=SYSTEM, reason="mandate ran out")
        ended += 1
    for member in here.filter(living_mandate(at, "mandate__")).select_related("mandate"):
        if not _holds_at_home(member):
            end_membership(member, by=SYSTEM, reason="role at home ended")
            ended += 1
    return ended


def _holds_at_home(member: Member) -> bool:
    mandate = member.mandate
    return (
        mandate is not None
        and Grant.objects.filter(
            member__user=member.user_id,
            member__institution=mandate.holder_id,
            member__left_at=None,
            role=mandate.role,
            ended_at=None,
        ).exists()
    )


def _allow_either(mandate: Mandate, by: Actor) -> None:
    if not any(may(by, "member.manage", side) for side in (mandate.giver_id, mandate.holder_id)):
        raise refusal("member.manage")


def _lock(mandate: Mandate) -> None:
    Mandate.objects.select_for_update().get(pk=mandate.pk)
    mandate.refresh_from_db()


def _refuse_ended(mandate: Mandate) -> None:
    if mandate.revoked_at is not None or mandate.ends_at <= now():
        raise ValidationError(_("This mandate has ended."))


def _note(mandate: Mandate, by: Actor, did: str, reason: str = "") -> None:
    """Both sides keep it in their own chain and are told."""
    for side in (mandate.giver_id, mandate.holder_id):
        record(
            by=by, did=did, on=mandate, institution_id=side, reason=reason,
            role=mandate.role, giver=mandate.giver_id, holder=mandate.holder_id,
            until=mandate.ends_at.isoformat(),
        )  # fmt: skip
        announce(MandateChanged(mandate.pk, side), scope=side)
