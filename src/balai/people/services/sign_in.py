"""Signing in: links to begin with, and the way back for somebody who cannot get in."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.utils import reset as lift_locks
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from balai.ground.ledger import record
from balai.people.models import Member, User
from balai.people.selectors import Actor
from balai.people.services.permission import NotAllowed, allow


def sign_in_link(user: User) -> str:
    """The path under which the person chooses a password, once and for a limited time."""
    key = default_token_generator.make_token(user)
    return reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key}
    )


@transaction.atomic
def reset_sign_in(user: User, *, by: Actor, password: str | None = None) -> str:
    """Take away password, second factor, sessions and locks; returns the link to begin anew.

    Only the operator sets a password; an administrator never knows another person's. Raises
    NotAllowed, also for an administrator where the person works in another institution as well.
    """
    memberships = list(Member.objects.filter(user=user, left_at=None))
    if isinstance(by, Member):
        _refuse_administrator(by, memberships, password)
    else:
        allow(by, "member.manage", 0)
    user.set_password(password)
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    lift_locks(username=user.email)
    for institution_id in sorted({one.institution_id for one in memberships}) or [0]:
        record(by=by, did="sign_in.reset", on=user, institution_id=institution_id)
    return sign_in_link(user)


def end_sessions(user: User) -> int:
    """End every session of the person, on every machine; returns how many there were."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)


def _refuse_administrator(by: Member, memberships: list[Member], password: str | None) -> None:
    for member in memberships:
        allow(by, "member.manage", member.institution_id, unit=member.unit_id)
    if not memberships or password is not None:
        raise NotAllowed(_("Only the operator at the console may do this."))
