"""The official accounts as the public reads them: in words, for machines, and as a signed list."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
from django.http import HttpRequest
from django.urls import reverse

from balai.ground import signing
from balai.ground.clock import now
from balai.people.models import Institution
from balai.registry.models import OfficialAccount
from balai.registry.selectors import Verdict, channel_name, public_accounts, status_of

VALID_FOR = timedelta(days=7)  # an older copy of the list says nothing about today [D]
VERSION = 1


class OwnerOut(msgspec.Struct, frozen=True):
    """Whose account it is."""

    institution: str
    slug: str
    unit: str
    region_code: str


class AccountOut(msgspec.Struct, frozen=True):
    """One account. `platform_user_id` stays when the handle changes: compare that one."""

    channel: str
    handle: str
    platform_user_id: str
    url: str
    kind: str
    status: str
    owner: OwnerOut
    verified_on: str | None
    checked_on: str | None
    retired_on: str | None
    former_handles: list[str]


class VerdictOut(msgspec.Struct, frozen=True):
    """The answer of /api/v1/verify."""

    asked: str
    status: str
    is_ours: bool
    accounts: list[AccountOut]


class SignatureOut(msgspec.Struct, frozen=True):
    """Over the document without this member; see balai.ground.signing."""

    algorithm: str
    key_id: str
    value: str


class ListOut(msgspec.Struct, frozen=True):
    """/.well-known/official-accounts.json."""

    version: int
    issuer: str
    issued_at: str
    expires_at: str
    key: str
    accounts: list[AccountOut]
    signature: SignatureOut


def account_out(account: OfficialAccount, former: Sequence[str] = ()) -> AccountOut:
    """One account as machines read it."""
    owner = account.institution
    return AccountOut(
        channel=account.channel,
        handle=account.handle,
        platform_user_id=account.platform_user_id,
        url=account.url,
        kind=account.kind,
        status=status_of(account),
        owner=OwnerOut(owner.name, owner.slug, account.owner_unit.name, owner.region_code),
        verified_on=_day(account.verified_at),
        checked_on=_day(account.checked_at),
        retired_on=_day(account.retired_at),
        former_handles=list(former),
    )


def told(verdict: Verdict) -> dict[str, Any]:
    """The answer for a page."""
    return {
        "status": verdict.status,
        "is_ours": verdict.is_ours,
        "accounts": [_row(account) for account in verdict.accounts],
    }


def told_machines(asked: str, verdict: Verdict) -> dict[str, Any]:
    """The answer for a program."""
    accounts = [account_out(account) for account in verdict.accounts]
    answer = VerdictOut(asked, verdict.status, verdict.is_ours, accounts)
    plain: dict[str, Any] = msgspec.to_builtins(answer)
    return plain


def by_status(institution: Institution | None = None) -> dict[str, list[dict[str, Any]]]:
    """Every public account, by what the public should think of it."""
    found: dict[str, list[dict[str, Any]]] = {"official": [], "compromised": [], "retired": []}
    for account in public_accounts(institution):
        found[status_of(account)].append(_row(account))
    return found


def document(request: HttpRequest) -> dict[str, Any]:
    """The list that is signed: plain texts and numbers only."""
    issued = now()
    listed = public_accounts().prefetch_related("handles")
    accounts = [
        account_out(one, sorted({seen.handle for seen in one.handles.all()} - {one.handle}))
        for one in listed
    ]
    return {
        "version": VERSION,
        "issuer": request.build_absolute_uri("/"),
        "issued_at": issued.isoformat(timespec="seconds"),
        "expires_at": (issued + VALID_FOR).isoformat(timespec="seconds"),
        "key": request.build_absolute_uri(reverse("portal:signing_key")),
        "accounts": msgspec.to_builtins(accounts),
    }


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the signed list."""
    made = msgspec.json.schema(ListOut)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def is_fresh_and_genuine(listed: dict[str, Any]) -> bool:
    """Whether a copy of the list is ours and not too old to say something."""
    return signing.is_genuine(listed) and str(listed.get("expires_at", "")) > now().isoformat(
        timespec="seconds"
    )


def _row(account: OfficialAccount) -> dict[str, Any]:
    return {"account": account, "channel": channel_name(account.channel)}


def _day(at: Any) -> str | None:
    return at.date().isoformat() if at else None
