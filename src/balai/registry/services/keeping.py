"""What happens to an account in its life: rest, another owner, other handles, danger, the end."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.people.models import Member, Unit
from balai.people.selectors import SYSTEM, Actor
from balai.people.services import allow
from balai.registry import rules
from balai.registry.events import HandleChanged
from balai.registry.models import HandleSeen, OfficialAccount
from balai.registry.services.moving import State, move, refuse_second
from balai.registry.services.opening import refuse_strangers


@transaction.atomic
def mark_account_dormant(account: OfficialAccount, *, by: Actor, reason: str) -> OfficialAccount:
    """Nobody tends the account for the time being; it stays ours and on record."""
    allow(by, "account.edit", account.institution_id, unit=account.owner_unit_id)
    return move(account, State.DORMANT, by=by, did="account.rested", reason=reason)


@transaction.atomic
def hand_over_account(
    account: OfficialAccount,
    *,
    owner_unit: Unit,
    first_contact: Member,
    second_contact: Member,
    by: Actor,
    reason: str,
) -> OfficialAccount:
    """Give the account to another unit and contacts; `activate_account` ends the hand-over."""
    allow(by, "account.edit", account.institution_id, unit=account.owner_unit_id)
    refuse_strangers(account.institution, owner_unit, first_contact, second_contact)
    return move(
        account,
        State.HANDOVER,
        by=by,
        did="account.handed_over",
        reason=reason,
        facts={"from_unit": account.owner_unit_id, "to_unit": owner_unit.pk},
        owner_unit=owner_unit,
        first_contact=first_contact,
        second_contact=second_contact,
    )


@transaction.atomic
def retire_account(account: OfficialAccount, *, by: Actor, reason: str) -> OfficialAccount:
    """Close the account for good. Its row stays as the tombstone of its handle."""
    allow(by, "account.retire", account.institution_id, unit=account.owner_unit_id)
    _ask_reason(reason)
    return move(
        account, State.RETIRED, by=by, did="account.retired", reason=reason, retired_at=now()
    )


@transaction.atomic
def report_compromise(account: OfficialAccount, *, by: Actor, reason: str) -> OfficialAccount:
    """Ring the bell: the account is perhaps no longer ours. Whoever speaks on accounts may."""
    allow(by, "account.alarm", account.institution_id, unit=account.owner_unit_id)
    _ask_reason(reason)
    return move(account, State.COMPROMISED, by=by, did="account.compromised", reason=reason)


@transaction.atomic
def contain_account(account: OfficialAccount, *, by: Actor, reason: str) -> OfficialAccount:
    """The damage is stopped: keys changed, sessions ended, the public told."""
    allow(by, "account.edit", account.institution_id, unit=account.owner_unit_id)
    return move(account, State.CONTAINED, by=by, did="account.contained", reason=reason)


@transaction.atomic
def restore_account(account: OfficialAccount, *, by: Actor, proof: str) -> OfficialAccount:
    """Control was shown again; `activate_account` lets it speak. Raises ValidationError."""
    allow(by, "account.verify", account.institution_id, unit=account.owner_unit_id)
    if not proof.strip():
        raise ValidationError(_("Write down how control was shown again."))
    return move(
        account, State.RESTORED, by=by, did="account.restored", proof=proof, checked_at=now()
    )


@transaction.atomic
def note_handle(account: OfficialAccount, handle: str, *, by: Actor = SYSTEM) -> bool:
    """Keep a handle that the same account carries now. False when it carried it before already."""
    allow(by, "account.check", account.institution_id, unit=account.owner_unit_id)
    if not handle or rules.plain_handle(handle) == rules.plain_handle(account.handle):
        return False
    before, account.handle = account.handle, handle
    account.save(update_fields=["handle"])
    HandleSeen.objects.create(account=account, handle=handle, seen_at=now())
    record(by=by, did="account.handle_changed", on=account, before=before, after=handle)
    announce(
        HandleChanged(account.pk, account.institution_id, handle=handle),
        scope=account.institution_id,
    )
    return True


@transaction.atomic
def check_identity(
    account: OfficialAccount, *, platform_user_id: str, handle: str, by: Actor = SYSTEM
) -> bool:
    """Compare what the network says with the registry; False when the account is not ours any more.

    The same user under another handle is a new handle; another user is a compromise. An account
    whose user id is not known yet learns it. Raises AlreadyRegistered.
    """
    allow(by, "account.check", account.institution_id, unit=account.owner_unit_id)
    OfficialAccount.objects.select_for_update().get(pk=account.pk)
    account.refresh_from_db()
    if not rules.is_same_identity(account.platform_user_id, platform_user_id):
        _note_stranger(account, platform_user_id, by)
        return False
    if platform_user_id:
        if not account.platform_user_id:
            _learn_identity(account, platform_user_id, by)
        account.checked_at = now()
        account.save(update_fields=["checked_at"])
        note_handle(account, handle, by=by)
    return True


def _learn_identity(account: OfficialAccount, platform_user_id: str, by: Actor) -> None:
    account.platform_user_id = platform_user_id
    refuse_second(account)
    account.save(update_fields=["platform_user_id"])
    record(by=by, did="account.identified", on=account, platform_user_id=platform_user_id)


def _note_stranger(account: OfficialAccount, platform_user_id: str, by: Actor) -> None:
    seen = {"known": account.platform_user_id, "seen": platform_user_id}
    if State.COMPROMISED in rules.MOVES[account.state]:
        move(account, State.COMPROMISED, by=by, did="account.compromised", facts=seen)
    else:  # retired, or known to be in danger: the trace is what counts
        record(by=by, did="account.stranger_seen", on=account, **seen)


def _ask_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError(_("This step needs a reason."))
