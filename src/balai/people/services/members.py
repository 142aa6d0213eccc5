"""Who works in an institution: joining, moving, leaving."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.people.events import MemberJoined, MemberLeft
from balai.people.models import Delegation, Institution, Member, Unit, User
from balai.people.selectors import Actor
from balai.people.services.permission import allow
from balai.people.services.roles import grant_role, refuse_without_administrator
from balai.people.services.sign_in import end_sessions, sign_in_link


@transaction.atomic
def add_member(
    *,
    institution: Institution,
    email: str,
    name: str,
    roles: Iterable[str] = (),
    by: Actor,
    unit: Unit | None = None,
    password: str | None = None,
) -> Member:
    """Let somebody work here, with roles for the whole institution.

    Without a password the person signs in by the link that `sign_in_link` makes. A person who
    can sign in already (in another institution) keeps their own. Raises NotAllowed,
    ValidationError.
    """
    allow(by, "member.manage", institution, unit=unit)
    _refuse_foreign(unit, institution)
    user = _user_for(email, password)
    member = _membership(user, institution, unit, name)
    record(by=by, did="member.joined", on=member, unit=unit and unit.pk)
    announce(MemberJoined(member.pk, institution.pk), scope=institution.pk)
    for role in roles:
        grant_role(member=member, role=role, by=by)
    return member


@transaction.atomic
def invite_member(
    *,
    institution: Institution,
    email: str,
    name: str,
    roles: Iterable[str] = (),
    by: Actor,
    unit: Unit | None = None,
) -> tuple[Member, str]:
    """Add a member without a password; the link with which they choose one comes with them.

    The link is a path of this site; hand it over in person or by e-mail. It is empty for
    somebody who can sign in already.
    """
    member = add_member(
        institution=institution, email=email, name=name, roles=roles, by=by, unit=unit
    )
    link = "" if member.user.has_usable_password() else sign_in_link(member.user)
    return member, link


@transaction.atomic
def move_member(member: Member, *, unit: Unit | None, by: Actor) -> Member:
    """Let a member work in another unit (None: in none). Raises NotAllowed, ValidationError."""
    allow(by, "member.manage", member.institution_id, unit=member.unit_id)
    allow(by, "member.manage", member.institution_id, unit=unit)
    _refuse_foreign(unit, member.institution)
    before, member.unit = member.unit_id, unit
    member.save(update_fields=["unit"])
    record(by=by, did="member.moved", on=member, before=before, after=unit and unit.pk)
    return member


@transaction.atomic
def member_leaves(member: Member, *, by: Actor, reason: str = "") -> Member:
    """End a membership with all its roles, loans and sessions. What was done stays attributed.

    Raises NotAllowed, and ValidationError where nobody would be left to manage members.
    """
    allow(by, "member.manage", member.institution_id, unit=member.unit_id)
    end_membership(member, by=by, reason=reason)
    elsewhere = Member.objects.filter(
        user=member.user_id, mandate__holder=member.institution_id, left_at=None
    )
    for second in elsewhere:
        end_membership(second, by=by, reason=reason)
    return member


def end_membership(member: Member, *, by: Actor, reason: str) -> None:
    """End it with roles, loans and, where no other is left, sessions; whoever calls has allowed it.

    Raises ValidationError where nobody would be left to manage members.
    """
    Member.objects.select_for_update().get(pk=member.pk)
    member.refresh_from_db()
    if member.left_at is not None:
        return
    refuse_without_administrator(member, by=by)
    moment = now()
    member.grants.filter(ended_at=None).update(ended_at=moment)
    mine = Q(lender=member) | Q(deputy=member)
    Delegation.objects.filter(mine, revoked_at=None, ends_at__gt=moment).update(revoked_at=moment)
    member.left_at = moment
    member.save(update_fields=["left_at"])
    record(by=by, did="member.left", on=member, reason=reason)
    announce(MemberLeft(member.pk, member.institution_id), scope=member.institution_id)
    if not member.user.memberships.filter(left_at=None).exists():
        end_sessions(member.user)


def _user_for(email: str, password: str | None) -> User:
    email = email.strip().lower()
    validate_email(email)
    known = User.objects.filter(email__iexact=email).first()
    if known is not None:
        return known
    if password is not None:
        validate_password(password, User(email=email))
    user = User.objects.create_user(email, password)
    # Whoever adds the member vouches for the address; allauth signs in by verified ones.
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _membership(user: User, institution: Institution, unit: Unit | None, name: str) -> Member:
    member = Member.objects.filter(user=user, institution=institution).first()
    if member is None:
        member = Member(user=user, institution=institution)
    elif member.left_at is None:
        raise ValidationError(_("This person works here already."))
    member.unit, member.name, member.left_at, member.mandate = unit, name, None, None
    member.full_clean()
    member.save()
    return member


def _refuse_foreign(unit: Unit | None, institution: Institution) -> None:
    if unit is not None and (
        unit.institution_id != institution.pk or unit.dissolved_on is not None
    ):
        raise ValidationError(_("The unit is not one of this institution."))
