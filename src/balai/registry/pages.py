"""What the pages of the registry show, gathered and put into words."""

from typing import Any

from django.utils.translation import gettext as _

from balai.governance.selectors import entries_of
from balai.people.models import Member
from balai.registry import steps, wording
from balai.registry.models import OfficialAccount
from balai.registry.selectors import accounts_of, accounts_without_two_contacts


def accounts_page(member: Member, state: str) -> dict[str, Any]:
    """All accounts of the institution, or those in one state; what wants attention first."""
    everything = list(accounts_of(member.institution))
    counts: dict[str, int] = {}
    for account in everything:
        counts[account.state] = counts.get(account.state, 0) + 1
    shown = [account for account in everything if state in ("", account.state)]
    return {
        "accounts": [_row(account) for account in shown],
        "states": [
            {"code": code, "label": label, "count": counts[code]}
            for code, label in OfficialAccount.State.choices
            if code in counts
        ],
        "state": state if state in counts else "",
        "total": len(everything),
        "alone": accounts_without_two_contacts(member.institution).count(),
    }


def account_page(member: Member, account: OfficialAccount) -> dict[str, Any]:
    """One account: what is on record, what may be done now, and what was done."""
    return {
        **_row(account),
        "steps": steps.open_steps(member, account),
        "handles": account.handles.order_by("-seen_at"),
        "deeds": _deeds(account),
        "left": [
            contact
            for contact in (account.first_contact, account.second_contact)
            if contact.left_at is not None
        ],
    }


def _row(account: OfficialAccount) -> dict[str, Any]:
    return {
        "account": account,
        "channel": wording.channel(account.channel),
        "look": wording.LOOKS[account.state],
    }


def _deeds(account: OfficialAccount) -> list[dict[str, Any]]:
    entries = list(entries_of(account))
    ids = [int(who[7:]) for who in {e.actor for e in entries} if who.startswith("member:")]
    names = dict(Member.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        {
            "words": wording.DEEDS.get(entry.did, entry.did),
            "at": entry.at,
            "by": names.get(int(entry.actor[7:])) if entry.actor[7:].isdigit() else _("the system"),
            "reason": entry.reason,
            "is_danger": entry.did in ("account.compromised", "account.stranger_seen"),
        }
        for entry in entries
    ]
