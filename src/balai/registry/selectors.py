"""Reads: which official accounts there are, and whose a handle is or was."""

from django.db.models import Q, QuerySet

from balai.ground.secrets import pseudonym
from balai.people.models import Institution
from balai.registry import rules
from balai.registry.models import HandleSeen, OfficialAccount


def accounts_of(
    institution: Institution | int, *, with_retired: bool = True
) -> QuerySet[OfficialAccount]:
    """The institution's accounts by channel and handle, the closed ones too unless left out."""
    number = institution if isinstance(institution, int) else institution.pk
    found = OfficialAccount.objects.filter(institution=number).select_related(
        "owner_unit", "first_contact", "second_contact"
    )
    if not with_retired:
        found = found.exclude(state=OfficialAccount.State.RETIRED)
    return found.order_by("channel", "handle", "id")


def account_by_handle(channel: str, handle: str) -> OfficialAccount | None:
    """Whose a handle is, also a retired account's; else who carried it last; else None."""
    wanted = rules.plain_handle(handle)
    spelt = Q(handle__iexact=wanted) | Q(handle__iexact=f"@{wanted}")
    here = OfficialAccount.objects.filter(spelt, channel=channel).order_by("-id")
    present = here.exclude(state=OfficialAccount.State.RETIRED).first()
    if present is not None:
        return present
    seen = HandleSeen.objects.filter(spelt, account__channel=channel).order_by("-seen_at", "-id")
    last = seen.select_related("account").first()
    return here.first() or (last.account if last else None)


def accounts_without_two_contacts(institution: Institution | int) -> QuerySet[OfficialAccount]:
    """Accounts in use of which a contact has left: somebody has to be named."""
    left = Q(first_contact__left_at__isnull=False) | Q(second_contact__left_at__isnull=False)
    return accounts_of(institution, with_retired=False).filter(left)


def control_token(account: OfficialAccount) -> str:
    """The word that proves control when it stands in the account's profile or in a post."""
    key = account.institution.pseudonym_key
    return f"balai-{pseudonym(key, 'control of account', str(account.pk))[:16]}"
