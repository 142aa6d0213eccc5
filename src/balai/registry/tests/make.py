"""Plain functions that make official accounts for tests of any room."""

from itertools import count
from typing import Any

from balai.ground.clock import now
from balai.people.models import Institution
from balai.people.tests.make import make_member, make_unit
from balai.registry.models import HandleSeen, OfficialAccount

_next = count(1)


def make_account(
    institution: Institution, state: str = "active", channel: str = "helloworld", **fields: Any
) -> OfficialAccount:
    """An account in any state, with a unit and two contacts of its own."""
    number = next(_next)
    fields = {
        "handle": f"@kota-{number}",
        "platform_user_id": f"user-{number}",
        "requested_at": now(),
        **fields,
    }
    for name, make in (
        ("owner_unit", make_unit),
        ("first_contact", make_member),
        ("second_contact", make_member),
    ):
        if name not in fields:
            fields[name] = make(institution)
    account = OfficialAccount.objects.create(
        institution=institution, state=state, channel=channel, **fields
    )
    HandleSeen.objects.create(account=account, handle=account.handle, seen_at=now())
    return account
