"""What we promise a person: made in an answer, kept or broken with a reason, never forgotten."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.inbox.events import PromiseMoved
from balai.inbox.models import Conversation, Message, Promise
from balai.inbox.services.moving import allow_on, lock
from balai.people.models import Member
from balai.people.selectors import SYSTEM
from balai.people.services import NotAllowed

OVERDUE_AT_ONCE = 200


@transaction.atomic
def make_promise(
    conversation: Conversation,
    *,
    what: str,
    due_at: datetime,
    by: Member,
    owner: Member | None = None,
) -> Promise:
    """Note what our newest answer promises, until when, and who answers for it (else `by`).

    Raises NotAllowed, NotAllowedNow, ValidationError where we have not said anything yet.
    """
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.answer")
    owner = owner or by
    if owner.institution_id != conversation.institution_id or owner.left_at is not None:
        raise NotAllowed(_("This member or unit belongs to another institution."))
    answer = (
        Message.objects.filter(
            conversation=conversation, direction=Message.Direction.OUT, is_automatic=False
        )
        .order_by("-pk")
        .first()
    )
    if answer is None:
        raise ValidationError(_("Answer first: a promise stands in something that we said."))
    promise = Promise.objects.create(
        institution_id=conversation.institution_id,
        citizen_id=conversation.citizen_id,
        conversation=conversation,
        message_id=answer.pk,
        what=what,
        due_at=due_at,
        owner=owner,
        made_by=by,
        made_at=now(),
    )
    record(
        by=by, did="promise.made", on=promise, conversation=conversation.pk, message=answer.pk,
        owner=owner.pk, due_at=due_at.isoformat(),
    )  # fmt: skip
    _tell(promise, Promise.State.OPEN)
    return promise


@transaction.atomic
def keep_promise(promise: Promise, *, by: Member, how: str = "") -> None:
    """Say that what was promised was done."""
    _settle(promise, Promise.State.KEPT, by, how)


@transaction.atomic
def break_promise(promise: Promise, *, by: Member, reason: str) -> None:
    """Say that what was promised was not done, and why. Raises ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it was not kept.")})
    _settle(promise, Promise.State.BROKEN, by, reason)


def note_overdue_promises(limit: int = OVERDUE_AT_ONCE) -> int:
    """Tell once of every promise whose day has passed; returns how many were told."""
    late = Promise.objects.filter(
        state=Promise.State.OPEN, overdue_told_at=None, due_at__lte=now()
    ).order_by("due_at")[:limit]
    return sum(_note_overdue(promise) for promise in late)


@transaction.atomic
def _note_overdue(promise: Promise) -> bool:
    claimed = Promise.objects.filter(
        pk=promise.pk, state=Promise.State.OPEN, overdue_told_at=None
    ).update(overdue_told_at=now())
    if claimed:
        record(by=SYSTEM, did="promise.overdue", on=promise, owner=promise.owner_id)
        _tell(promise, "overdue")
    return bool(claimed)


def _settle(promise: Promise, state: Promise.State, by: Member, reason: str) -> None:
    conversation = lock(promise.conversation)
    if promise.owner_id != by.pk:
        allow_on(conversation, by, "conversation.answer")
    settled = Promise.objects.filter(pk=promise.pk, state=Promise.State.OPEN).update(
        state=state, settled_at=now(), settled_by=by, reason=reason
    )
    if not settled:
        raise ValidationError(_("Somebody has settled this promise already. Look again."))
    record(by=by, did=f"promise.{state}", on=promise, conversation=conversation.pk)
    _tell(promise, state)


def _tell(promise: Promise, state: str) -> None:
    home = promise.institution_id
    announce(PromiseMoved(home, promise.conversation_id, promise.pk, state), scope=home)
