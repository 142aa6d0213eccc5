"""One step in the life of an account: lock, check, change, record, announce."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.ledger import record
from balai.ground.services import announce
from balai.people.selectors import Actor
from balai.registry import rules
from balai.registry.events import AccountCompromised, AccountMoved, AccountRetired
from balai.registry.models import OfficialAccount

State = OfficialAccount.State


class CannotMove(ValidationError):
    """The account's state does not allow this step; says so to a person."""


class AlreadyRegistered(ValidationError):
    """The platform's user id, or the handle, stands in the registry already."""


@transaction.atomic
def move(
    account: OfficialAccount,
    wanted: str,
    *,
    by: Actor,
    did: str,
    reason: str = "",
    facts: dict[str, Any] | None = None,
    **changes: Any,
) -> OfficialAccount:
    """Take the account to a state with the given changes. The caller has allowed it.

    Raises CannotMove and AlreadyRegistered.
    """
    OfficialAccount.objects.select_for_update().get(pk=account.pk)
    account.refresh_from_db()
    before = account.state
    for name, value in changes.items():
        setattr(account, name, value)
    try:
        rules.check_move(before, wanted, platform_user_id=account.platform_user_id)
    except rules.NotAllowedNow as no:
        raise CannotMove(
            _("An account that is “%(before)s” cannot become “%(after)s”.")
            % {"before": State(before).label, "after": State(wanted).label}
        ) from no
    account.state = wanted
    refuse_second(account)
    account.save(update_fields=["state", *changes])
    record(by=by, did=did, on=account, reason=reason, before=before, after=wanted, **(facts or {}))
    announce(*_facts_of(account, before), scope=account.institution_id)
    return account


def refuse_second(account: OfficialAccount) -> None:
    """Raise AlreadyRegistered when another row has the same user of the same platform."""
    if not account.platform_user_id:
        return
    same = OfficialAccount.objects.filter(
        channel=account.channel, platform_user_id=account.platform_user_id
    )
    if same.exclude(pk=account.pk).exists():
        raise AlreadyRegistered(_("This account of the platform stands in the registry already."))


def _facts_of(
    account: OfficialAccount, before: str
) -> list[AccountMoved | AccountCompromised | AccountRetired]:
    where = {"account_id": account.pk, "institution_id": account.institution_id}
    told: list[AccountMoved | AccountCompromised | AccountRetired] = [
        AccountMoved(**where, before=before, after=account.state)
    ]
    if account.state == State.COMPROMISED:
        told.append(AccountCompromised(**where))
    if account.state == State.RETIRED:
        told.append(AccountRetired(**where))
    return told
