"""Danger passed on to those who help: to whom, when, who took it, and what came of it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.inbox.events import HandOffMoved
from balai.inbox.models import Conversation, HandOff
from balai.inbox.services.clocks import due_many
from balai.inbox.services.moving import allow_on, lock
from balai.people.models import Member
from balai.people.selectors import SYSTEM

# Domain 4.6 gives a call for help five minutes by the wall until somebody acknowledges it. The same
# limit runs again for the service to which it was passed [D].
ACKNOWLEDGED = "emergency_acknowledgement"
OVERDUE_AT_ONCE = 100


@transaction.atomic
def hand_off(conversation: Conversation, *, service: str, number: str, by: Member) -> HandOff:
    """Note that a call for help was passed to an emergency service. Its clock runs from now.

    Raises NotAllowed, NotAllowedNow.
    """
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.answer")
    moment = now()
    (due,) = due_many(conversation.institution, ACKNOWLEDGED, [moment])
    made = HandOff.objects.create(
        institution_id=conversation.institution_id,
        conversation=conversation,
        service=service,
        number=number,
        by=by,
        at=moment,
        due_at=due,
    )
    record(by=by, did="danger.handed_off", on=made, conversation=conversation.pk, service=service)
    _tell(made, "handed_off")
    return made


@transaction.atomic
def acknowledge(made: HandOff, *, who: str, by: Member) -> None:
    """Somebody there took it: note their function or call sign. Raises ValidationError twice."""
    allow_on(lock(made.conversation), by, "conversation.answer")
    taken = HandOff.objects.filter(pk=made.pk, acknowledged_at=None, result="").update(
        acknowledged_at=now(), acknowledged_by=who
    )
    if not taken:
        raise ValidationError(_("This was acknowledged already."))
    record(by=by, did="danger.acknowledged", on=made)
    _tell(made, "acknowledged")


@transaction.atomic
def close_hand_off(made: HandOff, *, result: str, note: str, by: Member) -> None:
    """Say what came of it. Whom nobody reached is to be passed on again.

    Raises ValidationError when somebody said so before.
    """
    allow_on(lock(made.conversation), by, "conversation.answer")
    closed = HandOff.objects.filter(pk=made.pk, result="").update(
        result=result, result_note=note, result_at=now()
    )
    if not closed:
        raise ValidationError(_("The result was noted already."))
    record(by=by, did="danger.closed", on=made, result=result)
    _tell(made, result)


def note_overdue_hand_offs(limit: int = OVERDUE_AT_ONCE) -> int:
    """Tell once of each that nobody there acknowledged in time; returns how many were told."""
    late = HandOff.objects.filter(
        acknowledged_at=None, overdue_told_at=None, result="", due_at__lte=now()
    ).order_by("due_at")[:limit]
    return sum(_note_overdue(made) for made in late)


@transaction.atomic
def _note_overdue(made: HandOff) -> bool:
    claimed = HandOff.objects.filter(
        pk=made.pk, acknowledged_at=None, overdue_told_at=None, result=""
    ).update(overdue_told_at=now())
    if claimed:
        record(by=SYSTEM, did="danger.not_acknowledged", on=made)
        _tell(made, "overdue")
    return bool(claimed)


def _tell(made: HandOff, state: str) -> None:
    home = made.institution_id
    announce(HandOffMoved(home, made.conversation_id, made.pk, state), scope=home)
