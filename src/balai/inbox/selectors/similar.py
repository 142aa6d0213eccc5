"""What was answered to others who asked the like, with personal data covered."""

from typing import NamedTuple

from django.db.models import QuerySet

from balai.inbox.models import Conversation, Message
from balai.inbox.search import search
from balai.inbox.selectors.queue import readable
from balai.library.selectors import distinctive, nearest
from balai.people.models import Member
from balai.understanding.reading import mask, read

MOST_LOOKED_AT = 60  # messages that a search gives
LONGEST_OFFERED = 2_000  # characters
WORDS_TRIED = (3, 2, 1)  # how many of the rarest words must stand in a message, in turn


class Earlier(NamedTuple):
    """An answer of ours and the question to which it was given, both covered."""

    pk: int
    conversation_id: int
    question: str
    text: str


def similar_answers(
    conversation: Conversation, member: Member, question: str, limit: int = 3
) -> list[Earlier]:
    """Answers to questions like this one, in conversations that the member may read; best first."""
    asked = _like(conversation, member, question)
    order = nearest(question, [message.text for message in asked], limit=limit)
    found = (_answered(asked[place]) for place in order)
    return [one for one in found if one is not None]


def earlier_answer(conversation: Conversation, member: Member, message_id: int) -> str:
    """The covered text of an answer that the member may read; empty when there is none."""
    message = Message.objects.filter(
        pk=message_id, institution_id=conversation.institution_id, direction="out", kind="answer"
    ).first()
    if message is None or not _open(member).filter(pk=message.conversation_id).exists():
        return ""
    return covered(message.text)


def _like(conversation: Conversation, member: Member, question: str) -> list[Message]:
    """Citizens' messages with the rarest words of a question, one a conversation."""
    words = distinctive(question)
    for n in WORDS_TRIED:
        if len(words) < n:
            continue
        hits = search(conversation.institution_id, " ".join(words[:n]), limit=MOST_LOOKED_AT)
        others = {hit.conversation_id: hit.message_id for hit in hits.found}
        others.pop(conversation.pk, None)
        seen = _open(member).filter(pk__in=others).exclude(first_answered_at=None)
        ids = [others[pk] for pk in seen.values_list("pk", flat=True)]
        found = Message.objects.filter(pk__in=ids, direction=Message.Direction.IN)
        if messages := list(found.order_by("-pk")):
            return messages
    return []


def _open(member: Member) -> QuerySet[Conversation]:
    return readable(member).exclude(state__in=("sealed", "moderated"))


def _answered(question: Message) -> Earlier | None:
    """The first answer that followed a question."""
    answer = (
        Message.objects.filter(
            conversation_id=question.conversation_id,
            direction=Message.Direction.OUT,
            kind="answer",
            is_automatic=False,
            pk__gt=question.pk,
        )
        .order_by("pk")
        .first()
    )
    if answer is None:
        return None
    return Earlier(
        answer.pk, question.conversation_id, covered(question.text[:300]), covered(answer.text)
    )


def covered(text: str) -> str:
    """The beginning of a text, without the personal data that the machine finds."""
    text = text[:LONGEST_OFFERED]
    [reading] = read([text])
    return mask(text, reading.personal_data)
