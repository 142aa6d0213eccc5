"""Keep until when a network takes our answer, where it does not take it for ever."""

from collections.abc import Collection

from django.db import transaction

from balai.channels.models import Connection
from balai.channels.selectors import channels_with_windows
from balai.inbox.models import Conversation
from balai.inbox.selectors import rights_of
from balai.inbox.services.moving import lock, move


def keep_reply_ends(institution_id: int, conversation_ids: Collection[int]) -> int:
    """Citizens wrote: note when our right to answer each of them ends. Returns how many moved.

    Costs nothing where no line of the institution knows such an end.
    """
    channels = channels_with_windows()
    if not channels:
        return 0
    lines = Connection.objects.filter(institution_id=institution_id, channel__in=channels)
    found = Conversation.objects.filter(pk__in=conversation_ids, connection__in=lines)
    return sum(_keep(pk) for pk in found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _keep(conversation_id: int) -> bool:
    conversation = lock(Conversation(pk=conversation_id))
    until = rights_of(conversation).until
    if until == conversation.reply_until:
        return False
    move(conversation, reply_until=until)
    return True
