"""What the desk does when lower rooms tell it something. Idempotent: facts may be heard twice."""

from balai.desk import services
from balai.inbox.events import ConversationMoved, MessagesTakenIn
from balai.people.events import MemberLeft, UnitDissolved


def note_left(fact: MemberLeft) -> None:
    """No team counts on somebody who left; the inbox gives the work back to everybody."""
    services.forget_member(fact.member_id)


def note_dissolved(fact: UnitDissolved) -> None:
    """A unit is no more: its teams go on without it."""
    services.forget_unit(fact.unit_id)


def note_taken_in(fact: MessagesTakenIn) -> None:
    """Citizens wrote: rules and the away note may answer (sweeps.answer_triggers)."""
    services.note_happened(fact.institution_id, fact.conversation_ids, "taken_in")


def note_moved(fact: ConversationMoved) -> None:
    """A conversation moved: rules may act, unless a machine of ours moved it."""
    if not fact.origin:
        services.note_happened(fact.institution_id, [fact.conversation_id], "moved")
