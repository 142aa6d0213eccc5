"""A conversation whose matter became a case: which unit it follows, and how it ends with it.

What a case decides was allowed there; here it is only followed, so these verbs act for the system.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.models import Conversation
from balai.inbox.services.moving import allow_on, lock, move, reopen
from balai.people.models import Member
from balai.people.selectors import SYSTEM

State = Conversation.State
_LINKED = (State.LINKED_TO_CASE, State.ANSWERED, State.WAITING_CITIZEN)


@transaction.atomic
def link_to_case(conversation: Conversation, *, case_id: int, by: Member) -> None:
    """The matter goes on in a case. What was answered already keeps its state.

    Raises NotAllowed; ValidationError for what is over, hidden or sealed.
    """
    conversation = lock(conversation)
    if conversation.state not in (State.NEW, State.TRIAGED, *_LINKED):
        raise ValidationError(
            _("This conversation is over, hidden or sealed. Take it up again first.")
        )
    allow_on(conversation, by, "conversation.triage")
    if conversation.state == State.NEW:
        move(conversation, State.TRIAGED)
    if conversation.state == State.TRIAGED:
        move(conversation, State.LINKED_TO_CASE)
    record(by=by, did="conversation.linked_to_case", on=conversation, case=case_id)


@transaction.atomic
def hand_to_case(conversation: Conversation, *, case_id: int) -> str:
    """The citizen wrote again, or the case goes on: the next word is the case's. Gives the state.

    Words of danger stay with the desk, which looks at once. What is hidden or sealed stays so.
    """
    conversation = lock(conversation)
    if conversation.state == State.TRIAGED and conversation.priority == 2:
        return conversation.state
    if conversation.state in (State.RESOLVED, State.CONFIRMED, State.NO_ACTION):
        reopen(conversation)
    if conversation.state == State.NEW:
        move(conversation, State.TRIAGED)
    if conversation.state == State.TRIAGED:
        move(conversation, State.LINKED_TO_CASE)
        record(by=SYSTEM, did="conversation.handed_to_case", on=conversation, case=case_id)
    return conversation.state


@transaction.atomic
def follow_case(
    conversation: Conversation, *, case_id: int, unit_id: int | None, officer_id: int | None
) -> None:
    """The case went to a unit or an officer: who works there reads and answers here."""
    conversation = lock(conversation)
    if conversation.state == State.SEALED:
        return  # it lies on a safe channel, whose keepers do not change with a case
    move(conversation, unit_id=unit_id, assignee_id=officer_id)
    record(
        by=SYSTEM,
        did="conversation.followed_case",
        on=conversation,
        case=case_id,
        unit=unit_id,
        member=officer_id,
    )


@transaction.atomic
def end_with_case(conversation: Conversation, *, case_id: int, confirmed: bool) -> None:
    """The case has its result, or the citizen confirmed it. Where the citizen has just written,
    the conversation waits until somebody has read that."""
    conversation = lock(conversation)
    if conversation.state in _LINKED:
        move(conversation, State.RESOLVED, resolved_at=now())
    if confirmed and conversation.state == State.RESOLVED:
        move(conversation, State.CONFIRMED)
    record(
        by=SYSTEM,
        did="conversation.ended_with_case",
        on=conversation,
        case=case_id,
        confirmed=confirmed,
    )
