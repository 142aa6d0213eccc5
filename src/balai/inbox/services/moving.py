"""How a conversation changes its state: one place that keeps the counters and the version right."""

from typing import Any

from django.db.models import F

from balai.ground.clock import now
from balai.ground.services import announce
from balai.inbox import rules
from balai.inbox.events import ConversationMoved
from balai.inbox.models import Conversation, QueueCount
from balai.people.selectors import Actor, System
from balai.people.services import allow


def lock(conversation: Conversation) -> Conversation:
    """The conversation as it is now, held until the transaction ends."""
    return (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("institution", "connection", "citizen")
        .get(pk=conversation.pk)
    )


def allow_on(conversation: Conversation, by: Actor, action: str) -> None:
    """Return when `by` may do `action` here: in the unit that has it, or as its officer.

    Raises NotAllowed; NotAllowedNow for what was moved to a safe channel, where nobody of the desk
    goes on, whatever the roles.
    """
    allow(
        by,
        action,
        conversation.institution,
        unit=conversation.unit_id,
        owner=conversation.assignee_id,
    )
    if conversation.state == Conversation.State.SEALED:
        raise rules.NotAllowedNow(conversation.state, action)


def move(
    conversation: Conversation, state: str | None = None, by: Actor | None = None, **changes: Any
) -> None:
    """Write changes of a locked conversation; with `state`, check the guard, move the counters.

    What a machine moved carries its name in the fact, so that no machine answers to itself.
    """
    if state is not None:
        intent = changes.get("intent", conversation.intent)
        rules.check_move(conversation.state, state, intent=intent)
    _write(conversation, state, changes, origin=by.name if isinstance(by, System) else "")


def reopen(conversation: Conversation) -> None:
    """Take a locked conversation up again that was over; kept is how often, and how often soon."""
    soon = rules.is_soon(conversation.resolved_at, now())
    move(
        conversation,
        "triaged",
        reopened=conversation.reopened + 1,
        reopened_soon=conversation.reopened_soon + soon,
    )


def put_back(conversation: Conversation) -> None:
    """Our word did not reach or help the citizen: we owe the next one. No officer's move."""
    _write(conversation, "triaged", {})


def set_back(conversation: Conversation, state: str | None, **changes: Any) -> None:
    """A deed is undone: what stood before stands again, also where no officer's move leads."""
    _write(conversation, state, changes)


def end_erased(conversation: Conversation, **changes: Any) -> None:
    """The words of a locked conversation were erased: it is over, and nothing goes on in it."""
    ended = {"resolved_at": conversation.resolved_at or now()}
    _write(conversation, "confirmed", {**changes, **ended})


def _write(
    conversation: Conversation, state: str | None, changes: dict[str, Any], origin: str = ""
) -> None:
    was = rules.counted_as(conversation.state, is_open=conversation.is_open)
    if state is not None:
        changes["state"] = state
        changes["is_open"] = state in rules.WE_OWE
    for name, value in changes.items():
        setattr(conversation, name, value)
    conversation.version += 1
    conversation.save(update_fields=[*changes, "version"])
    is_now = rules.counted_as(conversation.state, is_open=conversation.is_open)
    if is_now != was:
        # In one order with the landing, or two transactions wait for each other for ever.
        for name, step in sorted({was: -1, is_now: +1}.items()):
            _count(conversation.institution_id, name, step)
    announce(
        ConversationMoved(
            conversation.institution_id,
            conversation.pk,
            conversation.state,
            version=conversation.version,
            origin=origin,
        ),
        scope=conversation.institution_id,
    )


def _count(institution_id: int, state: str, step: int) -> None:
    counter = QueueCount.objects.filter(institution_id=institution_id, state=state)
    if not counter.update(n=F("n") + step):
        # Another writer may make the same counter at this moment.
        QueueCount.objects.get_or_create(institution_id=institution_id, state=state)
        counter.update(n=F("n") + step)
