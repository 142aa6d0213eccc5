"""From the wish for an account to the day it speaks for the institution."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.people.models import Institution, Member, Unit
from balai.people.selectors import Actor
from balai.people.services import allow, refuse_same_person
from balai.registry.events import AccountMoved
from balai.registry.models import HandleSeen, OfficialAccount
from balai.registry.selectors import account_by_handle
from balai.registry.services.moving import AlreadyRegistered, State, move


@transaction.atomic
def request_account(
    *,
    institution: Institution,
    channel: str,
    handle: str,
    owner_unit: Unit,
    first_contact: Member,
    second_contact: Member,
    by: Actor,
    kind: str = OfficialAccount.Kind.INSTITUTION,
    url: str = "",
    policy_url: str = "",
    opened_on: date | None = None,
) -> OfficialAccount:
    """Ask for an account to become official; somebody else approves it.

    Raises AlreadyRegistered, and ValidationError for contacts or a unit of another institution.
    """
    allow(by, "account.request", institution, unit=owner_unit)
    refuse_strangers(institution, owner_unit, first_contact, second_contact)
    known = account_by_handle(channel, handle)
    if known is not None and known.state != State.RETIRED and known.handle == handle:
        raise AlreadyRegistered(_("This handle stands in the registry already."))
    account = OfficialAccount(
        institution=institution,
        channel=channel,
        handle=handle,
        url=url,
        kind=kind,
        owner_unit=owner_unit,
        first_contact=first_contact,
        second_contact=second_contact,
        policy_url=policy_url,
        opened_on=opened_on,
        requested_by=by if isinstance(by, Member) else None,
        requested_at=now(),
    )
    account.full_clean(validate_constraints=False)
    account.save()
    HandleSeen.objects.create(account=account, handle=handle, seen_at=account.requested_at)
    record(by=by, did="account.requested", on=account, channel=channel, handle=handle)
    announce(
        AccountMoved(account.pk, institution.pk, before="", after=account.state),
        scope=institution.pk,
    )
    return account


@transaction.atomic
def approve_account(account: OfficialAccount, *, by: Member) -> OfficialAccount:
    """Say yes to a request of somebody else. Raises NotAllowed, CannotMove."""
    allow(by, "account.approve", account.institution_id, unit=account.owner_unit_id)
    refuse_same_person(account.requested_by_id, by, ("requester", "approver"))
    return move(account, State.APPROVED, by=by, did="account.approved", approved_by=by)


@transaction.atomic
def register_account(account: OfficialAccount, *, by: Actor) -> OfficialAccount:
    """Write the approved account into the registry. Raises NotAllowed, CannotMove."""
    allow(by, "account.edit", account.institution_id, unit=account.owner_unit_id)
    return move(account, State.REGISTERED, by=by, did="account.registered")


@transaction.atomic
def verify_account(
    account: OfficialAccount, *, platform_user_id: str, proof: str, by: Actor
) -> OfficialAccount:
    """Write down how control was shown, and the platform's user id that never changes.

    Raises ValidationError where one of both is missing, or the id differs from the one known.
    """
    allow(by, "account.verify", account.institution_id, unit=account.owner_unit_id)
    if not platform_user_id.strip() or not proof.strip():
        raise ValidationError(
            _("Verification needs the platform's user id and how control was shown.")
        )
    if account.platform_user_id not in ("", platform_user_id):
        raise ValidationError(_("The platform's user id is not the one that is on record."))
    moment = now()
    return move(
        account,
        State.VERIFIED,
        by=by,
        did="account.verified",
        facts={"platform_user_id": platform_user_id},
        platform_user_id=platform_user_id,
        proof=proof,
        verified_at=moment,
        checked_at=moment,
    )


@transaction.atomic
def activate_account(account: OfficialAccount, *, by: Actor) -> OfficialAccount:
    """Let the account speak: after verification, dormancy, hand-over or restoration."""
    allow(by, "account.edit", account.institution_id, unit=account.owner_unit_id)
    return move(account, State.ACTIVE, by=by, did="account.activated")


def refuse_strangers(institution: Institution, unit: Unit, *contacts: Member) -> None:
    if len({contact.pk for contact in contacts}) < len(contacts):
        raise ValidationError(_("An account needs two different contacts."))
    ours = unit.institution_id == institution.pk and unit.dissolved_on is None
    if not ours or any(
        contact.institution_id != institution.pk or contact.left_at for contact in contacts
    ):
        raise ValidationError(_("Unit and contacts must be at work in this institution."))
