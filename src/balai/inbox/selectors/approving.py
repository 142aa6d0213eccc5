"""Which answers wait for a second person, and by which policy."""

from django.db.models import QuerySet

from balai.inbox import rules
from balai.inbox.models import Conversation, HeldAnswer, Labelling, ReplyPolicy
from balai.inbox.selectors.queue import readable
from balai.people.models import Institution, Member
from balai.people.selectors import held_by, units_under

MOST_WAITING = 50  # shown at once, the oldest first


def policies_of(institution: Institution | int) -> QuerySet[ReplyPolicy]:
    """The policies in force, the oldest first."""
    pk = institution if isinstance(institution, int) else institution.pk
    here = ReplyPolicy.objects.filter(institution_id=pk, ended_at__isnull=True)
    return here.select_related("label", "connection", "unit").order_by("id")


def policy_for(conversation: Conversation, author: Member) -> ReplyPolicy | None:
    """The policy by which a second person reads what this author answers here; None: none does."""
    policies = {one.pk: one for one in policies_of(conversation.institution_id)}
    if not policies:
        return None
    labels = Labelling.objects.filter(conversation=conversation)
    occasion = rules.Occasion(
        intent=conversation.intent,
        label_ids=frozenset(labels.values_list("label_id", flat=True)),
        connection_id=conversation.connection_id,
        sensitivity=frozenset(filter(None, conversation.sensitivity.split(","))),
        unit_id=conversation.unit_id,
        author_roles=frozenset(held.role for held in held_by(author)),
    )
    found = rules.policy_that_holds([_as_rule(one) for one in policies.values()], occasion)
    return policies[found] if found else None


def answer_that_waits(conversation: Conversation) -> HeldAnswer | None:
    """The answer in this conversation that waits for approval."""
    waiting = HeldAnswer.objects.filter(conversation=conversation, state=HeldAnswer.State.WAITING)
    return waiting.select_related("author", "policy").first()


def returned_to(member: Member, conversation: Conversation) -> HeldAnswer | None:
    """The member's last answer here, when it was returned and none was written since."""
    mine = HeldAnswer.objects.filter(conversation=conversation, author=member)
    last = mine.select_related("decided_by").order_by("-pk").first()
    return last if last is not None and last.state == HeldAnswer.State.RETURNED else None


def answers_that_wait(member: Member) -> list[HeldAnswer]:
    """What waits for approval in conversations that the member may read, the oldest first."""
    return list(_waiting(member).order_by("pk")[:MOST_WAITING])


def _waiting(member: Member) -> QuerySet[HeldAnswer]:
    here = HeldAnswer.objects.filter(
        institution_id=member.institution_id, state=HeldAnswer.State.WAITING
    )
    return here.filter(conversation__in=readable(member).exclude(state="sealed")).select_related(
        "author", "policy", "conversation__connection", "conversation__citizen"
    )


def _as_rule(one: ReplyPolicy) -> rules.Policy:
    return rules.Policy(
        id=one.pk,
        intent=one.intent,
        label_id=one.label_id,
        connection_id=one.connection_id,
        sensitivity=one.sensitivity,
        unit_ids=units_under(one.institution_id, [one.unit_id]) if one.unit_id else None,
        author_role=one.author_role,
    )
