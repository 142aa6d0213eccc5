"""Who is at a conversation. No deed: nothing is recorded or announced, and it soon is forgotten."""

from datetime import timedelta

from django.db import transaction

from balai.ground.clock import now
from balai.inbox.models import Conversation, Presence
from balai.inbox.services.moving import allow_on
from balai.people.models import Member

FORGOTTEN_AFTER = timedelta(minutes=10)


@transaction.atomic
def be_present(conversation: Conversation, *, by: Member, is_writing: bool) -> None:
    """The member has the conversation open now. Raises NotAllowed, NotAllowedNow."""
    allow_on(conversation, by, "conversation.view")
    moment = now()
    Presence.objects.filter(member=by, seen_at__lt=moment - FORGOTTEN_AFTER).delete()
    Presence.objects.update_or_create(
        conversation=conversation,
        member=by,
        defaults={"seen_at": moment, "is_writing": is_writing},
    )
