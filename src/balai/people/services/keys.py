"""Access keys: made for a member, shown once, ended by their day or by a person."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.people.access_key import AccessKey
from balai.people.models import Member
from balai.people.rules import SCOPES, TOKEN_PREFIX
from balai.people.selectors import hash_of_secret
from balai.people.services.permission import allow

LONGEST_LIFE = timedelta(days=366)
MOST_KEYS = 50  # alive at a time in one institution
USE_IS_NOTED = timedelta(minutes=1)  # not each call is a write


@transaction.atomic
def make_access_key(
    member: Member, *, name: str, scopes: Iterable[str], expires_at: datetime, by: Member
) -> tuple[AccessKey, str]:
    """Let a program act as `member` within scopes until a day; gives the key and its secret, which
    is shown now and never again. Raises NotAllowed, ValidationError."""
    allow(by, "member.manage", member.institution_id, unit=member.unit_id)
    wanted, moment = sorted(set(scopes)), now()
    if member.left_at is not None or member.mandate_id is not None:
        raise ValidationError({"member": _("A key acts as somebody who works here of their own.")})
    if not wanted or not set(wanted) <= SCOPES.keys():
        raise ValidationError({"scopes": _("Choose what the key may do.")})
    if not moment < expires_at <= moment + LONGEST_LIFE:
        raise ValidationError({"expires_at": _("A key lives a year at most.")})
    alive = AccessKey.objects.filter(
        institution=member.institution_id, revoked_at=None, expires_at__gt=moment
    )
    if alive.count() >= MOST_KEYS:
        raise ValidationError(_("There are %(n)d keys already; end one first.") % {"n": MOST_KEYS})
    public_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = AccessKey(
        institution=member.institution,
        member=member,
        name=name.strip(),
        public_id=public_id,
        hashed=hash_of_secret(secret),
        scopes=" ".join(wanted),
        made_at=moment,
        made_by=by,
        expires_at=expires_at,
    )
    key.full_clean()
    key.save()
    record(
        by=by, did="access_key.made", on=key, member=member.pk, scopes=wanted,
        until=expires_at.isoformat(),
    )  # fmt: skip
    return key, f"{TOKEN_PREFIX}_{public_id}_{secret}"


@transaction.atomic
def revoke_access_key(key: AccessKey, *, by: Member, reason: str = "") -> AccessKey:
    """End a key now; its member may do it too. Raises NotAllowed."""
    if by != key.member:
        allow(by, "member.manage", key.institution_id)
    moment = now()
    if AccessKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=moment):
        key.revoked_at = moment
        record(by=by, did="access_key.revoked", on=key, reason=reason)
    return key


def note_key_used(key: AccessKey) -> None:
    """Keep when a key was used last, to the minute."""
    moment = now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=moment - USE_IS_NOTED)
    AccessKey.objects.filter(stale, pk=key.pk).update(last_used_at=moment)
