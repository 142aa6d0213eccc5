"""Ask another unit something about a conversation. It sees the question and the words quoted in
it, never the conversation."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.models import Call, Conversation, Message, SideQuestion, SideWord
from balai.inbox.plain import careful
from balai.inbox.selectors import covered
from balai.inbox.services.calling import call
from balai.inbox.services.moving import allow_on, lock, move
from balai.people.models import Member, Unit
from balai.people.selectors import current_members
from balai.people.services import NotAllowed, allow

MOST_OPEN = 10  # questions of one conversation that wait at a time
MOST_CALLED = 30
State = SideQuestion.State


class NoLongerAsked(Exception):
    """The question was answered or withdrawn meanwhile, or its conversation is sealed."""

    def __init__(self) -> None:
        super().__init__(_("This question no longer waits for an answer. Look again."))


@transaction.atomic
def ask_unit(
    conversation: Conversation, *, unit: Unit, text: str, due_on: date, by: Member
) -> SideQuestion:
    """Ask a unit, with the citizen's newest words quoted and personal data covered in both.

    Raises NotAllowed, NotAllowedNow, ValidationError.
    """
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.note")
    if unit.institution_id != conversation.institution_id:
        raise NotAllowed(_("This member or unit belongs to another institution."))
    if unit.dissolved_on is not None:
        raise ValidationError({"unit": _("This unit was dissolved. Ask the one that took over.")})
    if due_on < now().date():
        raise ValidationError({"due_on": _("This day is over. Choose today or a later day.")})
    if conversation.side_questions.filter(state=State.OPEN).count() >= MOST_OPEN:
        raise ValidationError(_("Too many questions wait here already. Withdraw some first."))
    moment = now()
    asked = Message.objects.get(pk=conversation.last_in_id)
    question = SideQuestion.objects.create(
        institution_id=conversation.institution_id,
        conversation=conversation,
        unit=unit,
        quoted=careful(covered(asked.text)),
        due_on=due_on,
        asked_by=by,
        asked_at=moment,
    )
    _say(question, careful(covered(text)), by, is_answer=False)
    move(conversation)
    record(by=by, did="question.asked", on=conversation, question=question.pk, unit=unit.pk)
    call(_people_of(unit), Call.Kind.ASKED, conversation, by=by, ref=question.pk)
    return question


@transaction.atomic
def answer_question(question: SideQuestion, *, text: str, by: Member) -> SideWord:
    """The unit answers; whoever asked is called. Raises NotAllowed, NoLongerAsked."""
    conversation, question = _locked(question)
    allow(by, "question.answer", question.institution_id, unit=question.unit_id)
    if question.state == State.WITHDRAWN or conversation.state == Conversation.State.SEALED:
        raise NoLongerAsked
    word = _say(question, text, by, is_answer=True)
    question.state, question.answered_at = State.ANSWERED, word.at
    question.save(update_fields=["state", "answered_at"])
    move(conversation)
    record(by=by, did="question.answered", on=conversation, question=question.pk)
    call([question.asked_by], Call.Kind.TOLD, conversation, by=by, ref=word.pk)
    return word


@transaction.atomic
def ask_further(question: SideQuestion, *, text: str, by: Member) -> SideWord:
    """Ask more in the same thread: the unit is waited for again. Raises as answering does."""
    conversation, question = _locked(question)
    allow_on(conversation, by, "conversation.note")
    if question.state == State.WITHDRAWN:
        raise NoLongerAsked
    word = _say(question, careful(covered(text)), by, is_answer=False)
    question.state = State.OPEN
    question.save(update_fields=["state"])
    move(conversation)
    record(by=by, did="question.asked_further", on=conversation, question=question.pk)
    whom = {one.author_id: one.author for one in question.words.select_related("author")}
    call(whom.values(), Call.Kind.ASKED, conversation, by=by, ref=question.pk)
    return word


@transaction.atomic
def withdraw_question(question: SideQuestion, *, by: Member) -> None:
    """The answer is no longer needed. What was said stays. Raises NotAllowed, NoLongerAsked."""
    conversation, question = _locked(question)
    allow_on(conversation, by, "conversation.note")
    if question.state != State.OPEN:
        raise NoLongerAsked
    question.state = State.WITHDRAWN
    question.save(update_fields=["state"])
    Call.objects.filter(kind=Call.Kind.ASKED, ref=question.pk, seen_at=None).delete()
    move(conversation)
    record(by=by, did="question.withdrawn", on=conversation, question=question.pk)


def _say(question: SideQuestion, text: str, by: Member, *, is_answer: bool) -> SideWord:
    if not text.strip():
        raise ValidationError({"text": _("Write the words first.")})
    return SideWord.objects.create(
        question=question, author=by, text=text.strip(), at=now(), is_answer=is_answer
    )


def _locked(question: SideQuestion) -> tuple[Conversation, SideQuestion]:
    conversation = lock(question.conversation)
    found = SideQuestion.objects.select_for_update(of=("self",)).select_related("asked_by", "unit")
    return conversation, found.get(pk=question.pk)


def _people_of(unit: Unit) -> list[Member]:
    return list(current_members(unit.institution_id).filter(unit=unit)[:MOST_CALLED])
