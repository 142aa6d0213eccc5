"""A second person reads an answer before it leaves, where a policy of the office asks for it."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.inbox.events import DeskArranged
from balai.inbox.models import Call, Conversation, Draft, HeldAnswer, Message, ReplyPolicy
from balai.inbox.selectors import ANSWER, answer_that_waits, policies_of, policy_for, signed
from balai.inbox.services.answering import check_answer, say
from balai.inbox.services.calling import call
from balai.inbox.services.moving import allow_on, lock, move
from balai.inbox.services.refusals import AnswerWaits, NotWaiting
from balai.library.services import note_use
from balai.people.models import Institution, Member
from balai.people.selectors import current_members
from balai.people.services import NotAllowed, allow, refuse_same_person

MOST_POLICIES = 30  # that a person can still keep in mind
MOST_CALLED = 30
State = HeldAnswer.State


@transaction.atomic
def add_policy(institution: Institution, *, by: Member, **said: Any) -> ReplyPolicy:
    """Ask for a second person on such answers from now on. Raises NotAllowed, ValidationError."""
    allow(by, "desk.arrange", institution)
    if policies_of(institution).count() >= MOST_POLICIES:
        raise ValidationError(
            _("There are %(n)d policies already; end one that nobody needs.") % {"n": MOST_POLICIES}
        )
    policy = ReplyPolicy(institution=institution, added_at=now(), **said)
    for part in (policy.label, policy.connection, policy.unit):
        if part is not None and part.institution_id != institution.pk:
            raise NotAllowed(_("This belongs to another institution."))
    policy.full_clean()
    policy.save()
    record(by=by, did="reply_policy.added", on=policy)
    announce(DeskArranged(institution.pk), scope=institution.pk)
    return policy


@transaction.atomic
def end_policy(policy: ReplyPolicy, *, by: Member) -> None:
    """Such answers leave again without a second person. What waits goes on waiting."""
    allow(by, "desk.arrange", policy.institution_id)
    policy.ended_at = now()
    policy.save(update_fields=["ended_at"])
    record(by=by, did="reply_policy.ended", on=policy)
    announce(DeskArranged(policy.institution_id), scope=policy.institution_id)


@transaction.atomic
def hold_answer(
    conversation: Conversation,
    *,
    text: str,
    by: Member,
    form_key: str,
    after: int,
    asks_back: bool = False,
    in_addition: bool = False,
    articles: Sequence[int] = (),
    fun_reason: str = "",
) -> HeldAnswer:
    """Keep an answer, in the very words that would leave, until a second person approves it.

    The citizen's clock goes on. Other words of the same author replace those that wait: what was
    read before is void. Raises AnswerWaits for somebody else's, and what `answer` raises.
    """
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.answer")
    kept = HeldAnswer.objects.filter(form_key=form_key).first()
    if kept is not None:
        return kept
    text = signed(text, by)
    check_answer(conversation, text, after, in_addition=in_addition, fun_reason=fun_reason)
    policy = policy_for(conversation, by)
    if policy is None:
        raise ValidationError(_("Nobody need read it any more. Send it again, and it leaves."))
    waiting = answer_that_waits(conversation)
    if waiting is not None:
        if waiting.author_id != by.pk:
            raise AnswerWaits(waiting)
        HeldAnswer.objects.filter(pk=waiting.pk).update(state=State.REPLACED, decided_at=now())
    held = HeldAnswer.objects.create(
        institution_id=conversation.institution_id,
        conversation=conversation,
        policy=policy,
        author=by,
        text=text,
        text_hash=hash_of(text),
        asks_back=asks_back,
        in_addition=in_addition,
        articles=sorted(set(articles)),
        fun_reason=fun_reason,
        seen_id=after,
        form_key=form_key,
        held_at=now(),
    )
    move(conversation, assignee=conversation.assignee or by)
    record(
        by=by,
        did="answer.held",
        on=conversation,
        held=held.pk,
        policy=policy.pk,
        text_hash=held.text_hash,
    )
    Draft.objects.filter(conversation=conversation, member=by).delete()
    call(_approvers(conversation), Call.Kind.HELD, conversation, by=by, ref=held.pk)
    return held


@transaction.atomic
def approve_answer(held: HeldAnswer, *, by: Member, text_hash: str) -> Message:
    """Let it leave: in the words that were read (`text_hash`), by somebody who did not write it.

    It goes the way of every answer, with its undo window. Raises NotAllowed for the author and a
    deputy of the author, NotWaiting, and what `answer` raises when the conversation moved on.
    """
    conversation, held = _decided(held, by)
    if text_hash != held.text_hash or hash_of(held.text) != held.text_hash:
        raise NotWaiting
    check_answer(
        conversation,
        held.text,
        held.seen_id,
        in_addition=held.in_addition,
        fun_reason=held.fun_reason,
    )
    message = say(
        conversation,
        held.text,
        f"{ANSWER}:{held.form_key}",
        author=held.author,
        after=held.seen_id,
        asks_back=held.asks_back,
    )
    HeldAnswer.objects.filter(pk=held.pk).update(
        state=State.RELEASED, decided_by=by, decided_at=now(), message_id=message.pk
    )
    record(
        by=by,
        did="answer.approved",
        on=conversation,
        reason=held.fun_reason,
        held=held.pk,
        text_hash=held.text_hash,
        author=held.author_id,
        message=message.pk,
    )
    note_use(held.articles, by=held.author)
    call([held.author], Call.Kind.RELEASED, conversation, by=by, ref=held.pk)
    return message


@transaction.atomic
def return_answer(held: HeldAnswer, *, by: Member, reason: str) -> None:
    """Say what must change. The words go back to their author's draft. Raises as approving does."""
    conversation, held = _decided(held, by)
    if not reason.strip():
        raise ValidationError(_("Say what must change."))
    HeldAnswer.objects.filter(pk=held.pk).update(
        state=State.RETURNED, decided_by=by, decided_at=now(), reason=reason.strip()
    )
    _back_to_draft(held)
    move(conversation)
    record(by=by, did="answer.returned", on=conversation, held=held.pk, author=held.author_id)
    call([held.author], Call.Kind.RETURNED, conversation, by=by, ref=held.pk)


@transaction.atomic
def withdraw_answer(held: HeldAnswer, *, by: Member) -> None:
    """The author takes it back before anybody decided; it is a draft again."""
    conversation = lock(held.conversation)
    allow_on(conversation, by, "conversation.answer")
    held = _waiting(held)
    if held.author_id != by.pk:
        raise NotAllowed(_("Only its author takes it back; others return it with a reason."))
    HeldAnswer.objects.filter(pk=held.pk).update(state=State.WITHDRAWN, decided_at=now())
    _back_to_draft(held)
    move(conversation)
    record(by=by, did="answer.withdrawn", on=conversation, held=held.pk)


def hash_of(text: str) -> str:
    """The fingerprint of the words that leave."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _decided(held: HeldAnswer, by: Member) -> tuple[Conversation, HeldAnswer]:
    """Conversation and answer, locked, for somebody who may decide on it."""
    conversation = lock(held.conversation)
    allow_on(conversation, by, "conversation.approve")
    refuse_same_person(held.author_id, by, ("author", "approver"))
    return conversation, _waiting(held)


def _waiting(held: HeldAnswer) -> HeldAnswer:
    """The answer as it is now. Raises NotWaiting."""
    now_held = (
        HeldAnswer.objects.select_for_update(of=("self",)).select_related("author").get(pk=held.pk)
    )
    if now_held.state != State.WAITING:
        raise NotWaiting
    return now_held


def _back_to_draft(held: HeldAnswer) -> None:
    Draft.objects.update_or_create(
        conversation_id=held.conversation_id,
        member=held.author,
        defaults={
            "text": held.text,
            "asks_back": held.asks_back,
            "articles": held.articles,
            "saved_at": now(),
        },
    )


def _approvers(conversation: Conversation) -> list[Member]:
    """Who may decide here, by the roles granted to them."""
    roles = ("head_of_pr", "case_coordinator", "crisis_lead")
    here = current_members(conversation.institution_id)
    reach = Q(grants__unit=None) | Q(grants__unit=conversation.unit)
    found = here.filter(reach, grants__role__in=roles, grants__ended_at=None)
    return list(found.distinct()[:MOST_CALLED])
