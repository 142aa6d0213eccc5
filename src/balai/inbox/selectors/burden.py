"""Who bears how much: calls for help under way, and abusive words shared among officers."""

from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from balai.ground.clock import now
from balai.inbox.models import Conversation, Exposure, HandOff, Message
from balai.inbox.selectors.queue import readable
from balai.people.models import Institution, Member
from balai.people.selectors import current_members, may

ABUSIVE_A_DAY = 8  # conversations with abusive words that one officer is given in a day [D]
MOST_SHOWN = 100
LOOKED_AT = 50  # colleagues among whom somebody fresher is looked for


def hand_offs_of(conversation: Conversation) -> list[HandOff]:
    """To whom this call for help was passed, the newest first."""
    return list(conversation.handed_off.select_related("by").order_by("-pk")[:10])


def open_hand_offs(member: Member) -> list[HandOff]:
    """Calls for help without a result that the member may read; unanswered and late ones first."""
    found = HandOff.objects.filter(
        institution_id=member.institution_id, result="", conversation__in=readable(member)
    ).exclude(conversation__state=Conversation.State.SEALED)
    shown = found.select_related("conversation", "by").order_by("due_at")[:MOST_SHOWN]
    return sorted(shown, key=lambda one: (one.acknowledged_at is not None, one.due_at))


def is_abusive(conversation: Conversation) -> bool:
    """Whether somebody or the machine found abusive words in what the citizen said last."""
    if conversation.intent == Conversation.Intent.ABUSE:
        return True
    last = Message.objects.filter(pk=conversation.last_in_id).values_list("reading", flat=True)
    return bool(((last.first() or {}).get("abuse") or {}).get("abusive"))


def day_of(institution: Institution) -> date:
    """Today, in the institution's zone."""
    return now().astimezone(ZoneInfo(institution.zone)).date()


def exposed_today(member: Member) -> int:
    """How many conversations with abusive words the member was given today."""
    return Exposure.objects.filter(member=member, on=day_of(member.institution)).count()


def bears_enough(member: Member) -> bool:
    """Whether the member has had the day's share of abusive words."""
    return exposed_today(member) >= ABUSIVE_A_DAY


def fresher_officer(conversation: Conversation, instead_of: Member) -> Member | None:
    """Who may answer it and had the fewest abusive words today, below the cap; else None."""
    today = day_of(conversation.institution)
    counted = (
        current_members(conversation.institution_id)
        .exclude(pk=instead_of.pk)
        .annotate(borne=Count("exposures", filter=Q(exposures__on=today)))
        .order_by("borne", "pk")[:LOOKED_AT]
    )
    home, unit = conversation.institution_id, conversation.unit_id
    for member in counted:
        if member.borne < ABUSIVE_A_DAY and may(member, "conversation.answer", home, unit=unit):
            return member
    return None
