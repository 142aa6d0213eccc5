"""Call members to a conversation: the bell. Nothing is quoted, and nobody's rights grow."""

from collections.abc import Iterable

from django.db import transaction

from balai.ground.clock import now
from balai.ground.services import announce
from balai.inbox.events import MembersCalled
from balai.inbox.models import Call, Conversation
from balai.people.models import Member


def call(
    members: Iterable[Member], kind: str, conversation: Conversation, *, by: Member, ref: int
) -> None:
    """Tell these members once, but never the one who did it. In the caller's transaction."""
    whom = sorted({member.pk for member in members if member.pk != by.pk})
    if not whom:
        return
    moment = now()
    Call.objects.bulk_create(
        (
            Call(member_id=pk, kind=kind, conversation=conversation, ref=ref, by=by, at=moment)
            for pk in whom
        ),
        ignore_conflicts=True,
    )
    here = conversation.institution_id
    announce(MembersCalled(here, conversation.pk, whom), scope=here)


@transaction.atomic
def note_seen(member: Member, *, call_id: int | None = None) -> int:
    """The member looked at one call, or at all of them; how many were new."""
    unseen = Call.objects.filter(member=member, seen_at__isnull=True)
    if call_id is not None:
        unseen = unseen.filter(pk=call_id)
    return unseen.update(seen_at=now())
