"""What the desk does when lower rooms tell it something. Idempotent: facts may be heard twice."""

from balai.desk import services
from balai.desk.events import ConversationEscalated
from balai.inbox.events import ConversationAnswered, ConversationMoved, MessagesTakenIn
from balai.inbox.models import Message
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
    if services.is_wanted(fact.institution_id, "message.received"):
        landed = Message.objects.filter(pk__in=fact.message_ids)
        services.ring(
            fact.institution_id,
            "message.received",
            [
                (str(message), {"message": message, "conversation": conversation})
                for message, conversation in landed.values_list("pk", "conversation_id")
            ],
        )


def note_moved(fact: ConversationMoved) -> None:
    """A conversation moved: rules may act, unless a machine of ours moved it."""
    if not fact.origin:
        services.note_happened(fact.institution_id, [fact.conversation_id], "moved")
    told = {
        "conversation": fact.conversation_id,
        "state": fact.state,
        "version": fact.version,
    }
    key = f"{fact.conversation_id}:{fact.version}"
    services.ring(fact.institution_id, "conversation.moved", [(key, told)])


def note_answered(fact: ConversationAnswered) -> None:
    """An answer of ours is out: other systems are told."""
    told = {"conversation": fact.conversation_id, "message": fact.message_id}
    services.ring(fact.institution_id, "conversation.answered", [(str(fact.message_id), told)])


def note_escalated(fact: ConversationEscalated) -> None:
    """A promised answer passed a step of its time: other systems are told."""
    told = {"conversation": fact.conversation_id, "step": fact.step}
    key = f"{fact.conversation_id}:{fact.step}"
    services.ring(fact.institution_id, "conversation.escalated", [(key, told)])
