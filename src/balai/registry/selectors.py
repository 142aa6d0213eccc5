"""Reads: which official accounts there are, and whose a handle is or was."""

from typing import NamedTuple

from django.db.models import Case, Q, QuerySet, When

from balai.ground.secrets import pseudonym
from balai.people.models import Institution
from balai.registry import rules
from balai.registry.models import FalseAccount, HandleSeen, OfficialAccount
from balai.registry.rules import naming
from balai.registry.wording import CHANNELS
from balai.registry.wording import channel as channel_name

__all__ = [
    "CHANNELS",
    "Verdict",
    "account_by_handle",
    "accounts_of",
    "accounts_without_two_contacts",
    "channel_name",
    "control_token",
    "false_accounts_of",
    "public_accounts",
    "status_of",
    "verify",
]


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


class Verdict(NamedTuple):
    """Whether an account is ours.

    `status`: official; retired, compromised (ours, but trust nothing that it says now);
    former_handle (the name was ours, whoever carries it now is not); other_identity (our name with
    another user behind it); not_ours. `accounts` are the ones of ours that are meant.
    """

    status: str
    accounts: list[OfficialAccount]

    @property
    def is_ours(self) -> bool:
        return self.status in ("official", "retired", "compromised")


_STATUS = {
    **dict.fromkeys(rules.OURS, "official"),
    "retired": "retired",
    "compromised": "compromised",
    "contained": "compromised",
}
_RANK = ("official", "compromised", "retired")


def public_accounts(institution: Institution | int | None = None) -> QuerySet[OfficialAccount]:
    """Accounts of which control was shown once, also those that were closed or lost since."""
    found = OfficialAccount.objects.filter(state__in=list(_STATUS), verified_at__isnull=False)
    if institution is not None:
        found = found.filter(institution=institution)
    return found.select_related("institution", "owner_unit").order_by("channel", "handle", "id")


def status_of(account: OfficialAccount) -> str:
    """What the public is told of a public account: official, retired or compromised."""
    return _STATUS[account.state]


def verify(text: str, *, channel: str = "", user_id: str = "") -> Verdict:
    """Whether an address, a handle or an id is ours. The platform's immutable id decides (R35)."""
    asked = naming.named(text, channel)
    identity = user_id.strip() or asked.user_id
    where = Q(channel=asked.channel) if asked.channel else Q()
    if identity:
        by_id = list(public_accounts().filter(where, platform_user_id=identity))
        if by_id:
            return _verdict(by_id)
    same = _called(asked, where) if asked.handle else []
    if identity and same:
        return Verdict("other_identity", same)
    if same:
        return _verdict(same)
    return _formerly(asked, where) if asked.handle else Verdict("not_ours", [])


def false_accounts_of(institution: Institution | int, state: str = "") -> QuerySet[FalseAccount]:
    """Reports of false accounts, what waits for a look first, then the newest."""
    found = FalseAccount.objects.filter(institution=institution).select_related("decided_by")
    if state:
        found = found.filter(state=state)
    waits = Case(When(state__in=list(rules.REPORT_OPEN), then=0), default=1)
    return found.order_by(waits, "-last_reported_at")


def _called(asked: naming.Named, where: Q) -> list[OfficialAccount]:
    spelt = Q()
    for way in {asked.handle, f"@{asked.handle}", asked.handle.split("@")[0]}:
        spelt |= Q(handle__iexact=way) | Q(handle__iexact=f"@{way}")
    spelt |= Q(url__icontains=asked.handle.split("@")[0])
    candidates = public_accounts().filter(where, spelt)
    return [
        one
        for one in candidates
        if asked.handle in naming.of_record(one.channel, one.handle, one.url)
    ]


def _verdict(accounts: list[OfficialAccount]) -> Verdict:
    """A name that is used again counts as what it is now: the best standing on each network."""
    ranked = sorted(accounts, key=lambda one: (_RANK.index(status_of(one)), -one.pk))
    best = status_of(ranked[0])
    return Verdict(best, [one for one in ranked if status_of(one) == best])


def _formerly(asked: naming.Named, where: Q) -> Verdict:
    here = Q(account__in=public_accounts().filter(where))
    spelt = Q(handle__iexact=asked.handle) | Q(handle__iexact=f"@{asked.handle}")
    seen = HandleSeen.objects.filter(here, spelt).values_list("account", flat=True)
    accounts = list(public_accounts().filter(pk__in=list(seen)))
    return Verdict("former_handle" if accounts else "not_ours", accounts)
