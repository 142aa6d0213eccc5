"""Share abusive words fairly: whom they were given to on a day is counted."""

from django.db import transaction

from balai.inbox.models import Conversation, Exposure
from balai.inbox.selectors.burden import day_of, is_abusive
from balai.people.models import Member


@transaction.atomic
def note_exposure(conversation: Conversation, member: Member | None) -> bool:
    """An officer was given this conversation; counted once a day when its words are abusive."""
    if member is None or not is_abusive(conversation):
        return False
    return Exposure.objects.get_or_create(
        member=member, conversation=conversation, on=day_of(conversation.institution)
    )[1]
