"""When a post leaves."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.people.models import Member
from balai.people.selectors import SYSTEM
from balai.people.services import allow
from balai.publishing import rules
from balai.publishing.models import Item, Variant
from balai.publishing.selectors import hold_of
from balai.publishing.services.approving import approve_in_one_step, ready_drafts
from balai.publishing.services.moving import CannotMove, fresh, lock, move

State = Variant.State
UNDO_WINDOW = timedelta(seconds=20)  # as for answers (domain R44)
FARTHEST = timedelta(days=366)


@transaction.atomic
def schedule(variant: Variant, *, at: datetime | None, by: Member) -> Variant:
    """Let an approved variant leave at a moment; None: as soon as the undo window is over.

    Raises CannotMove, and ValidationError for a moment that is past, far away, or beyond what the
    approval holds for, and while posts are held back.
    """
    variant = fresh(variant)
    allow(by, "post.publish", variant.institution_id)
    moment = at or now() + UNDO_WINDOW
    if moment <= now():
        raise ValidationError({"at": _("This moment is past. Choose a later one.")})
    if moment > now() + FARTHEST:
        raise ValidationError({"at": _("Choose a moment within a year.")})
    if variant.state == State.SCHEDULED:
        move(variant, State.APPROVED, by=by, did="post.unscheduled", at=None)
    if variant.state != State.APPROVED:
        raise CannotMove(variant.state, State.SCHEDULED)
    if rules.has_lapsed(variant.approved_at, moment):
        raise ValidationError(
            {"at": _("By then the approval is too old. Choose an earlier moment.")}
        )
    hold = hold_of(variant.institution_id)
    if hold is not None and rules.after_hold(State.SCHEDULED, variant.item.purpose) == State.HELD:
        raise ValidationError(
            _("Posts are held back: %(reason)s. Only warnings and corrections leave now.")
            % {"reason": hold.reason}
        )
    return move(variant, State.SCHEDULED, by=by, did="post.scheduled", at=moment)


@transaction.atomic
def unschedule(variant: Variant, *, by: Member) -> Variant:
    """Take a variant out of the schedule; it stays approved. Raises CannotMove when it left."""
    variant = fresh(variant)
    allow(by, "post.publish", variant.institution_id)
    if variant.state != State.SCHEDULED:
        raise CannotMove(variant.state, State.APPROVED)
    return move(variant, State.APPROVED, by=by, did="post.unscheduled", at=None)


@transaction.atomic
def publish_in_one_step(item: Item, *, reason: str, by: Member) -> list[Variant]:
    """An emergency: one person sends a warning or a correction at once; another one reads it
    within a day. Raises Unready, and ValidationError for any other purpose or without a reason."""
    item = lock(item)
    allow(by, "post.hold", item.institution)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it cannot wait for a second person.")})
    if not rules.may_skip_approval(item.purpose):
        raise ValidationError(
            _("Only safety warnings and corrections may leave in one step. Give it to review.")
        )
    moment = now()
    sent = []
    for variant in ready_drafts(item):
        if variant.state != State.IN_REVIEW:
            move(variant, State.IN_REVIEW, by=by, did="post.submitted")
        approve_in_one_step(variant, by=by, words=reason)
        move(variant, State.APPROVED, by=by, did="post.one_step", approved_at=moment, reason=reason)
        sent.append(move(variant, State.SCHEDULED, by=by, did="post.scheduled", at=moment))
    owe_review(item)
    return sent


def owe_review(item: Item) -> None:
    """A second person reads it within a day."""
    item.review_due_at, item.reviewed_at = now() + rules.AFTER_REVIEW_WITHIN, None
    item.save(update_fields=["review_due_at", "reviewed_at"])
    record(by=SYSTEM, did="post.review_owed", on=item)
