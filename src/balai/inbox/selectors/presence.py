"""Who else is at a conversation at this moment."""

from datetime import timedelta
from typing import NamedTuple

from balai.ground.clock import now
from balai.inbox.models import Conversation, Presence
from balai.people.models import Member

STILL_THERE = timedelta(seconds=45)  # an open page says so every fifteen


class Present(NamedTuple):
    """A colleague at the same conversation."""

    name: str
    is_writing: bool


def others_at(conversation: Conversation, member: Member) -> list[Present]:
    """The colleagues who have it open now, those who write first."""
    here = Presence.objects.filter(
        conversation=conversation,
        member__institution_id=member.institution_id,
        seen_at__gt=now() - STILL_THERE,
    ).exclude(member=member)
    rows = here.order_by("-is_writing", "member__name")
    return [Present(*row) for row in rows.values_list("member__name", "is_writing")]
