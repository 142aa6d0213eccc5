"""The hold: nothing routine leaves while it lasts. Afterwards a person decides post by post."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.people.models import Institution, Member
from balai.people.services import allow
from balai.publishing import rules
from balai.publishing.events import HoldChanged
from balai.publishing.models import Hold, Variant
from balai.publishing.selectors import hold_of
from balai.publishing.services.moving import CannotMove, fresh, move
from balai.publishing.services.sending import take_from_the_door
from balai.publishing.services.writing import allow_writing

State = Variant.State


@transaction.atomic
def begin_hold(institution: Institution, *, reason: str, by: Member) -> Hold:
    """Hold back everything routine that would leave by itself. Raises ValidationError when a hold
    is on already."""
    allow(by, "post.hold", institution)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: everybody who waits will read it.")})
    Institution.objects.select_for_update().get(pk=institution.pk)
    if hold_of(institution) is not None:
        raise ValidationError(_("Posts are held back already."))
    hold = Hold(institution=institution, reason=reason.strip(), began_at=now(), began_by=by)
    hold.full_clean()
    hold.save()
    record(by=by, did="hold.began", on=hold, reason=reason)
    leaving = [State.SCHEDULED, State.PUBLISHING]
    for waiting in Variant.objects.filter(institution=institution, state__in=leaving):
        variant = fresh(waiting)
        stops = rules.after_hold(variant.state, variant.item.purpose) == State.HELD
        if stops and (variant.state == State.SCHEDULED or take_from_the_door(variant)):
            move(variant, State.HELD, by=by, did="post.held", reason=reason, note=reason)
    announce(HoldChanged(institution.pk, hold.pk, True), scope=institution.pk)
    return hold


@transaction.atomic
def end_hold(institution: Institution, *, reason: str, by: Member) -> None:
    """End the hold. What was held stays held until somebody decides on each. Raises
    ValidationError when none is on."""
    allow(by, "post.hold", institution)
    hold = hold_of(institution)
    if hold is None:
        raise ValidationError(_("Nothing is held back."))
    hold.ended_at, hold.ended_by = now(), by
    hold.save(update_fields=["ended_at", "ended_by"])
    record(by=by, did="hold.ended", on=hold, reason=reason)
    announce(HoldChanged(institution.pk, hold.pk, False), scope=institution.pk)


@transaction.atomic
def let_go(variant: Variant, *, by: Member) -> Variant:
    """What was held back is approved as before and gets a new time. Raises CannotMove, and
    ValidationError while the hold is on."""
    variant = fresh(variant)
    allow(by, "post.publish", variant.institution_id)
    if variant.state != State.HELD:
        raise CannotMove(variant.state, State.APPROVED)
    hold = hold_of(variant.institution_id)
    if hold is not None and variant.item.purpose in rules.ROUTINE:
        raise ValidationError(_("Posts are still held back: %(why)s") % {"why": hold.reason})
    return move(variant, State.APPROVED, by=by, did="post.let_go", at=None)


@transaction.atomic
def cancel(variant: Variant, *, reason: str, by: Member) -> Variant:
    """Say that a variant will not be published. Raises CannotMove when it left already."""
    variant = fresh(variant)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    allow_writing(variant.item, by)
    if variant.state not in rules.BEFORE_OUT or variant.state == State.PUBLISHING:
        raise CannotMove(variant.state, State.CANCELLED)
    return move(
        variant, State.CANCELLED, by=by, did="post.cancelled", reason=reason, at=None, note=reason
    )
