"""Give roles, end them, lend them."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.people.events import RolesChanged
from balai.people.models import Delegation, Grant, Member, Role, Unit
from balai.people.rules import System
from balai.people.selectors import Actor
from balai.people.services.permission import allow


@transaction.atomic
def grant_role(*, member: Member, role: str, by: Actor, unit: Unit | None = None) -> Grant:
    """Give a member a role, for the institution or for one unit and those below it.

    A role that is held already is returned as it is. Raises NotAllowed, ValidationError.
    """
    allow(by, "member.manage", member.institution_id, unit=unit)
    if role not in Role.values:
        raise ValidationError(_("There is no role “%(role)s”.") % {"role": role})
    if member.left_at is not None:
        raise ValidationError(_("Somebody who left cannot hold a role."))
    if member.mandate_id is not None:
        raise ValidationError(_("Somebody who works under a mandate holds only its role."))
    if unit is not None and unit.institution_id != member.institution_id:
        raise ValidationError(_("The unit is not one of this institution."))
    grant, is_new = Grant.objects.get_or_create(member=member, role=role, unit=unit, ended_at=None)
    if is_new:
        _note(member, by, "role.granted", role, unit=unit and unit.pk)
    return grant


@transaction.atomic
def end_grant(grant: Grant, *, by: Actor, reason: str = "") -> Grant:
    """Take a role back; the row stays. Raises NotAllowed, ValidationError."""
    allow(by, "member.manage", grant.member.institution_id, unit=grant.unit_id)
    if grant.role == Role.SYSTEM_ADMIN and grant.unit_id is None and grant.ended_at is None:
        refuse_without_administrator(grant.member, by=by)
    moment = now()
    if Grant.objects.filter(pk=grant.pk, ended_at=None).update(ended_at=moment):
        grant.ended_at = moment
        _note(grant.member, by, "role.ended", grant.role, reason, unit=grant.unit_id)
    return grant


@transaction.atomic
def lend_role(
    *,
    lender: Member,
    deputy: Member,
    role: str,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: Actor,
) -> Delegation:
    """Let a deputy act with a role of the lender for a time; what is done carries both names.

    The lender does it, or whoever manages members. Raises NotAllowed, ValidationError.
    """
    if by != lender:
        allow(by, "member.manage", lender.institution_id, unit=lender.unit_id)
    if deputy.institution_id != lender.institution_id or deputy.left_at or lender.left_at:
        raise ValidationError(_("Both must be at work in the same institution."))
    if deputy.mandate_id is not None or lender.mandate_id is not None:
        raise ValidationError(_("What another institution entrusted is not lent on."))
    if not lender.grants.filter(role=role, ended_at=None).exists():
        raise ValidationError(_("Only a role that one holds oneself can be lent."))
    delegation = Delegation(
        role=role,
        lender=lender,
        deputy=deputy,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
    )
    delegation.full_clean()
    delegation.save()
    _note(deputy, by, "role.lent", role, reason, lender=lender.pk, until=ends_at.isoformat())
    return delegation


@transaction.atomic
def revoke_delegation(delegation: Delegation, *, by: Actor) -> Delegation:
    """End a loan before its time: lender, deputy, or whoever manages members."""
    lender = delegation.lender
    if by not in (lender, delegation.deputy):
        allow(by, "member.manage", lender.institution_id, unit=lender.unit_id)
    moment = now()
    if Delegation.objects.filter(pk=delegation.pk, revoked_at=None).update(revoked_at=moment):
        delegation.revoked_at = moment
        _note(delegation.deputy, by, "role.loan_revoked", delegation.role, lender=lender.pk)
    return delegation


def refuse_without_administrator(member: Member, *, by: Actor) -> None:
    """Raise ValidationError when nobody but `member` could manage this institution's members.

    The operator at the console may do it: they can name another administrator.
    """
    if isinstance(by, System):
        return
    whole = Grant.objects.filter(role=Role.SYSTEM_ADMIN, unit=None, ended_at=None)
    present = whole.filter(member__institution=member.institution_id, member__left_at=None)
    is_one = present.filter(member=member).exists()
    if is_one and not present.exclude(member=member).exists():
        raise ValidationError(
            _("Nobody else could manage members then; name another system administrator first.")
        )


def _note(
    member: Member, by: Actor, did: str, role: str, reason: str = "", **facts: object
) -> None:
    record(by=by, did=did, on=member, reason=reason, role=role, **facts)
    announce(RolesChanged(member.pk, member.institution_id), scope=member.institution_id)
