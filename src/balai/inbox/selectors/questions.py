"""What the desk asks units: as the unit sees it, and as it stands in the conversation."""

from typing import NamedTuple

from django.db.models import Prefetch, QuerySet

from balai.inbox.models import Conversation, SideQuestion, SideWord
from balai.people.models import Member
from balai.people.selectors import reach_of

SHOWN = 50


class Thread(NamedTuple):
    """A question with all its turns."""

    question: SideQuestion
    words: list[SideWord]


def questions_to(member: Member, *, answered: bool = False) -> list[SideQuestion]:
    """What the member's units are asked, the nearest day first; or what they answered last."""
    state = SideQuestion.State.ANSWERED if answered else SideQuestion.State.OPEN
    order = ("-answered_at",) if answered else ("due_on", "id")
    return list(_to(member).filter(state=state).order_by(*order)[:SHOWN])


def question_to(member: Member, question_id: int) -> Thread:
    """One of them. Raises ObjectDoesNotExist, also for what is no longer asked."""
    found = _to(member).exclude(state=SideQuestion.State.WITHDRAWN).get(pk=question_id)
    return Thread(found, list(found.words.all()))


def questions_in(conversation: Conversation) -> list[Thread]:
    """What was asked about a conversation, the newest first."""
    found = _with_words(conversation.side_questions.all()).order_by("-id")[:SHOWN]
    return [Thread(one, list(one.words.all())) for one in found]


def answer_of_unit(conversation: Conversation, word_id: int) -> SideWord | None:
    """An answer that a unit gave about this very conversation."""
    here = SideWord.objects.filter(question__conversation=conversation, is_answer=True)
    return here.select_related("question__unit").filter(pk=word_id).first()


def _to(member: Member) -> QuerySet[SideQuestion]:
    """Questions to the units for which the member may answer, while nothing of them is sealed."""
    here = SideQuestion.objects.filter(institution_id=member.institution_id).exclude(
        conversation__state=Conversation.State.SEALED
    )
    reach = reach_of(member, "question.answer", member.institution_id)
    if not reach.everywhere:
        here = here.filter(unit_id__in=sorted(reach.unit_ids))
    return _with_words(here)


def _with_words(found: QuerySet[SideQuestion]) -> QuerySet[SideQuestion]:
    words = SideWord.objects.select_related("author").order_by("id")
    return found.select_related("unit", "asked_by", "conversation").prefetch_related(
        Prefetch("words", words)
    )
