"""What a person decides about a conversation: what it is, who owes the answer, where it goes."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox import rules
from balai.inbox.models import Conversation, Correction, Message
from balai.inbox.selectors import identity_of
from balai.inbox.services.clocks import due_many
from balai.inbox.services.moving import allow_on, lock, move, reopen
from balai.inbox.services.sparing import note_exposure
from balai.people.models import Member, Unit
from balai.people.selectors import SYSTEM, Actor
from balai.people.services import NotAllowed

CORRECTABLE = ("intent", "priority", "language", "sentiment")


@transaction.atomic
def triage(conversation: Conversation, *, by: Member, said: Mapping[str, str | int]) -> None:
    """Say what this is. Where the person differs from the machine, both are kept."""
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.triage")
    message = Message.objects.get(pk=conversation.last_in_id)
    changes: dict[str, Any] = {
        name: said[name]
        for name in CORRECTABLE
        if name in said and said[name] != getattr(conversation, name)
    }
    for name, value in changes.items():
        _keep_correction(conversation, message, name, str(value), by)
    due = _new_due(conversation, changes)
    # A complaint that was set aside by mistake is owed an answer again.
    must_not_rest = changes.get("intent") in rules.NEVER_SET_ASIDE
    waits = conversation.state == "new" or (conversation.state == "no_action" and must_not_rest)
    move(conversation, "triaged" if waits else None, None, **changes, **due)
    record(by=by, did="conversation.triaged", on=conversation, changed=sorted(changes))


@transaction.atomic
def raise_priority(conversation: Conversation, *, to: int, by: Actor, reason: str = "") -> bool:
    """Say that it is more urgent than it was; never less. False when it was so already."""
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.triage")
    if to <= conversation.priority:
        return False
    changes: dict[str, Any] = {"priority": to}
    move(conversation, None, by, **changes, **_new_due(conversation, changes))
    record(by=by, did="conversation.raised", on=conversation, reason=reason, priority=to)
    return True


@transaction.atomic
def assign(
    conversation: Conversation,
    *,
    by: Actor,
    to: Member | None = None,
    unit: Unit | None = None,
    reason: str = "",
) -> None:
    """Give the conversation to a unit, to an officer, to both, or (with neither) back to all."""
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.assign")
    if unit is None and to is not None:
        unit = to.unit
    home = conversation.institution_id
    if any(whom is not None and whom.institution_id != home for whom in (to, unit)):
        raise NotAllowed(_("This member or unit belongs to another institution."))
    move(conversation, by=by, assignee=to, unit=unit)
    note_exposure(conversation, to)
    record(
        by=by,
        did="conversation.assigned",
        on=conversation,
        reason=reason,
        unit=unit.pk if unit else None,
        member=to.pk if to else None,
    )


@transaction.atomic
def release_work_of(member_id: int) -> int:
    """A member left: what was assigned to that person goes back to everybody. Returns how many.

    So does what waits for the citizen: when they write again, nobody would look after it.
    """
    left_behind = Conversation.objects.filter(assignee_id=member_id)
    unfinished = left_behind.exclude(state__in=rules.DONE)
    held = list(unfinished.order_by("id").select_for_update(of=("self",)))
    for conversation in held:
        move(conversation, assignee=None)
        record(by=SYSTEM, did="conversation.released", on=conversation, member=member_id)
    return len(held)


@transaction.atomic
def set_aside(conversation: Conversation, *, by: Member, reason: str) -> None:
    """No answer is needed (praise, spam, off topic). Refused for complaints and emergencies."""
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.close")
    move(conversation, "no_action")
    record(by=by, did="conversation.set_aside", on=conversation, reason=reason)


@transaction.atomic
def resolve(conversation: Conversation, *, by: Member) -> None:
    """What was asked has been answered."""
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.close")
    move(conversation, "resolved", resolved_at=now())
    record(by=by, did="conversation.resolved", on=conversation)


@transaction.atomic
def take_up_again(conversation: Conversation, *, by: Member, reason: str) -> None:
    """Reopen what was resolved or set aside. What was hidden is another right's (`restore`)."""
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.triage")
    if conversation.state == Conversation.State.MODERATED:
        raise rules.NotAllowedNow(conversation.state, "triaged")
    reopen(conversation)
    record(by=by, did="conversation.taken_up_again", on=conversation, reason=reason)


@transaction.atomic
def open_identity(conversation: Conversation, *, by: Member, reason: str) -> dict[str, str]:
    """Show who the citizen is. Every opening is recorded with its reason."""
    allow_on(conversation, by, "conversation.identity")
    record(by=by, did="conversation.identity_opened", on=conversation, reason=reason)
    return identity_of(conversation)


def _keep_correction(
    conversation: Conversation, message: Message, field: str, said: str, by: Member
) -> None:
    reading = message.reading or {}
    Correction.objects.create(
        conversation=conversation,
        message_id=message.pk,
        field=field,
        read=str(getattr(conversation, field)),
        model=str(reading.get("model", "")),
        said=said,
        by=by,
        at=now(),
    )


def _new_due(conversation: Conversation, changes: Mapping[str, str | int]) -> dict[str, Any]:
    """A new intent or urgency may bring another clock; it still starts when the citizen spoke."""
    if conversation.first_answered_at or not {"intent", "priority"} & set(changes):
        return {}
    clock = rules.clock_for(
        str(changes.get("intent", conversation.intent)),
        int(changes.get("priority", conversation.priority)),
    )
    if clock == conversation.clock:
        return {}
    (due,) = due_many(conversation.institution, clock, [conversation.opened_at])
    return {"clock": clock, "due_at": due}
