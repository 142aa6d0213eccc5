"""What the pages of the registry show, gathered and put into words."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from balai.governance.selectors import entries_of
from balai.people.models import Member
from balai.people.selectors import may_somewhere
from balai.registry import rules, steps, wording
from balai.registry.models import FalseAccount, OfficialAccount
from balai.registry.selectors import (
    accounts_of,
    accounts_without_two_contacts,
    false_accounts_of,
)


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
        "false_open": false_accounts_of(member.institution).filter(state="reported").count(),
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


def false_accounts_page(member: Member, state: str) -> dict[str, Any]:
    """Reports of false accounts with the steps that this reader may take now."""
    everything = list(false_accounts_of(member.institution))
    labels, counts = dict(FalseAccount.State.choices), Counter(one.state for one in everything)
    may_judge = may_somewhere(member, "account.alarm", member.institution_id)
    return {
        "reports": [
            {
                "report": one,
                "channel": wording.channel(one.channel) if one.channel else "",
                "look": wording.REPORT_LOOKS[one.state],
                "steps": [
                    {"wanted": step, "title": wording.REPORT_STEPS[step]}
                    for step in wording.REPORT_STEPS
                    if may_judge and step in rules.REPORT_MOVES[one.state]
                ],
            }
            for one in everything
            if state in ("", one.state)
        ],
        "states": [
            {"code": code, "label": labels[code], "count": counts[code]}
            for code in labels
            if counts[code]
        ],
        "state": state if state in counts else "",
        "total": len(everything),
        "may_report": may_judge,
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
