"""What officers say and hand to each other in a conversation: notes, mentions, tasks."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox import rules
from balai.inbox.landing import OurWords, open_store
from balai.inbox.models import Call, Conversation, Message, Task
from balai.inbox.selectors import readable
from balai.inbox.services.calling import call
from balai.inbox.services.moving import allow_on, lock, move
from balai.people.models import Member
from balai.people.selectors import SYSTEM, current_members
from balai.people.services import NotAllowed

MOST_MENTIONED = 10
MOST_TASKS = 30  # not yet done in one conversation


@transaction.atomic
def write_note(
    conversation: Conversation, *, text: str, by: Member, mentions: Iterable[Member] = ()
) -> Message:
    """A note that only the office sees. Those who are picked or named as "@Siti Rahma" are called.

    A mention widens nobody's rights. Raises ValidationError for who may not read the conversation.
    """
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.note")
    whom = _mentioned(conversation, text, mentions)
    number = open_store().append(
        OurWords(
            institution_id=conversation.institution_id,
            connection_id=conversation.connection_id,
            conversation_id=conversation.pk,
            direction=Message.Direction.NOTE,
            kind="note",
            text=text,
            sent_at=now(),
            author_id=by.pk,
            extra={"mentions": sorted(one.pk for one in whom)} if whom else {},
        )
    )
    move(conversation)
    record(by=by, did="conversation.noted", on=conversation, message=number)
    call(whom, Call.Kind.MENTION, conversation, by=by, ref=number)
    return Message.objects.get(pk=number)


@transaction.atomic
def give_task(
    conversation: Conversation,
    *,
    what: str,
    by: Member,
    who: Member | None = None,
    until: date | None = None,
) -> Task:
    """Something to do for this conversation, until a day, by a member who may read it (or by
    whoever takes it). Raises NotAllowed, ValidationError."""
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.note")
    if until is not None and until < now().date():
        raise ValidationError({"until": _("This day is over. Choose today or a later day.")})
    if conversation.tasks.filter(done_at=None).count() >= MOST_TASKS:
        raise ValidationError(_("Too many tasks wait here already. Do or end some of them first."))
    if who is not None:
        _refuse_who_may_not_read(conversation, [who])
    task = Task.objects.create(
        conversation=conversation, what=what, who=who, until=until, by=by, at=now()
    )
    move(conversation)
    record(
        by=by,
        did="task.given",
        on=conversation,
        task=task.pk,
        member=who.pk if who else None,
    )
    call([who] if who else [], Call.Kind.TASK, conversation, by=by, ref=task.pk)
    return task


@transaction.atomic
def do_task(task: Task, *, by: Member) -> None:
    """It is done. Twice is no error."""
    conversation, task = _held(task, by)
    if task.done_at is not None:
        return
    task.done_at, task.done_by = now(), by
    task.save(update_fields=["done_at", "done_by"])
    move(conversation)
    record(by=by, did="task.done", on=conversation, task=task.pk)
    call([task.by], Call.Kind.TASK_DONE, conversation, by=by, ref=task.pk)


@transaction.atomic
def undo_task(task: Task, *, by: Member) -> None:
    """It was not done after all."""
    conversation, task = _held(task, by)
    if task.done_at is None:
        return
    task.done_at = task.done_by = None
    task.save(update_fields=["done_at", "done_by"])
    Call.objects.filter(kind=Call.Kind.TASK_DONE, ref=task.pk).delete()
    move(conversation)
    record(by=by, did="task.undone", on=conversation, task=task.pk)


@transaction.atomic
def release_tasks_of(member_id: int) -> int:
    """A member left: what that person had to do waits for whoever takes it."""
    mine = Task.objects.filter(who_id=member_id, done_at=None)
    for task in mine.select_related("conversation__institution"):
        record(by=SYSTEM, did="task.released", on=task.conversation, task=task.pk)
    return mine.update(who=None)


def _held(task: Task, by: Member) -> tuple[Conversation, Task]:
    """Conversation and task, locked, for who may note there or has the task in hand."""
    conversation = lock(task.conversation)
    locked = Task.objects.select_for_update(of=("self",)).select_related("by").get(pk=task.pk)
    is_mine = locked.who_id == by.pk and readable(by).filter(pk=conversation.pk).exists()
    if not is_mine or conversation.state == Conversation.State.SEALED:
        allow_on(conversation, by, "conversation.note")
    return conversation, locked


def _mentioned(conversation: Conversation, text: str, picked: Iterable[Member]) -> list[Member]:
    whom = {one.pk: one for one in picked}
    if any(one.institution_id != conversation.institution_id for one in whom.values()):
        raise NotAllowed(_("This member or unit belongs to another institution."))
    if "@" in text:
        here = {one.pk: one for one in current_members(conversation.institution_id)}
        named = rules.named_in(text, {pk: one.name for pk, one in here.items()})
        whom |= {pk: here[pk] for pk in named}
    if len(whom) > MOST_MENTIONED:
        raise ValidationError(_("Mention at most %(n)d people in a note.") % {"n": MOST_MENTIONED})
    _refuse_who_may_not_read(conversation, whom.values())
    return list(whom.values())


def _refuse_who_may_not_read(conversation: Conversation, whom: Iterable[Member]) -> None:
    blind = [one.name for one in whom if not readable(one).filter(pk=conversation.pk).exists()]
    if blind:
        raise ValidationError(
            _(
                "%(names)s may not read this conversation, and a mention does not change that. "
                "Assign it to their unit, or ask the unit a question."
            )
            % {"names": ", ".join(sorted(blind))}
        )
