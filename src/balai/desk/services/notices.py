"""Tell members what they should know now; each thing once."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from balai.desk.models import Notice
from balai.ground.clock import now
from balai.inbox.models import Conversation
from balai.people.models import Institution, Member
from balai.people.selectors import current_members, members_holding

ARRANGERS = ("case_coordinator", "head_of_pr", "system_admin")


@transaction.atomic
def tell(
    member_ids: Iterable[int],
    *,
    institution: Institution,
    kind: str,
    key: str,
    conversation: Conversation | None = None,
    facts: Mapping[str, Any] | None = None,
) -> int:
    """Give these members a notice; who got it under this key before gets none. How many got it."""
    wanted = set(member_ids)
    here = current_members(institution).filter(pk__in=wanted).values_list("pk", flat=True)
    known = set(Notice.objects.filter(key=key, member__in=wanted).values_list("member", flat=True))
    rows = [
        Notice(
            institution=institution,
            member_id=pk,
            kind=kind,
            key=key,
            conversation=conversation,
            facts=dict(facts or {}),
            at=now(),
        )
        for pk in sorted(set(here) - known)
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def read_notices(*, by: Member, up_to: int) -> int:
    """Mark one's own notices up to this id as read; returns how many."""
    mine = Notice.objects.filter(member=by, read_at=None, pk__lte=up_to)
    return mine.update(read_at=now())


def arrangers(institution: Institution) -> list[int]:
    """Who is told about the desk itself: the first of ARRANGERS that somebody here holds."""
    for role in ARRANGERS:
        found = list(members_holding(role, institution).values_list("pk", flat=True))
        if found:
            return found
    return []
