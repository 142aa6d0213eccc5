"""Parts about the person behind a conversation, hooked into its page by one line each."""

from typing import Any

from django import template

from balai.ground.clock import now
from balai.inbox.forms.citizens import PromiseForm
from balai.inbox.forms.danger import HandOffForm, ResultForm, TakenForm
from balai.inbox.forms.rights import CodeForm, RequestForm
from balai.inbox.models import Conversation
from balai.inbox.selectors import burden, contacts
from balai.people.models import Member
from balai.people.selectors import may

register = template.Library()


@register.inclusion_tag("inbox/citizens/side.html", takes_context=True)
def citizen_side(context: template.Context, conversation: Conversation) -> dict[str, Any]:
    """What was promised here, and the way to all that we know of the person."""
    request = context["request"]
    answers = _may(request.member, conversation, "conversation.answer")
    notes = _may(request.member, conversation, "conversation.note")
    said = answers and conversation.first_answered_at is not None
    form = PromiseForm(institution=conversation.institution, auto_id="promise_%s")
    return {
        "conversation": conversation,
        "promises": contacts.promises_in(conversation),
        "promise_form": form if said else None,
        "may_settle": answers,
        "requests": contacts.requests_in(conversation),
        "request_form": RequestForm(auto_id="request_%s") if notes else None,
        "code_form": CodeForm(auto_id="code_%s"),
        "at": now(),
        "csrf_token": context.get("csrf_token"),
        "shell": context.get("shell"),
    }


@register.inclusion_tag("inbox/citizens/danger.html", takes_context=True)
def danger_side(context: template.Context, conversation: Conversation) -> dict[str, Any]:
    """To whom a call for help was passed; and who else could bear abusive words."""
    member = context["request"].member
    hand_offs = burden.hand_offs_of(conversation)
    answers = _may(member, conversation, "conversation.answer")
    grave = conversation.priority == Conversation.Priority.DANGER
    return {
        "conversation": conversation,
        "hand_offs": hand_offs,
        "shown": bool(hand_offs) or grave,
        "may_hand_off": answers,
        "may_assign": _may(member, conversation, "conversation.assign"),
        "hand_off_form": HandOffForm(auto_id="hand_off_%s"),
        "taken_form": TakenForm(auto_id="taken_%s"),
        "result_form": ResultForm(auto_id="result_%s"),
        "burden": _burden(member, conversation) if answers else None,
        "at": now(),
        "csrf_token": context.get("csrf_token"),
    }


def _burden(member: Member, conversation: Conversation) -> dict[str, Any] | None:
    if not burden.is_abusive(conversation):
        return None
    enough = burden.bears_enough(member)
    return {
        "mine": burden.exposed_today(member),
        "enough": enough,
        "fresher": burden.fresher_officer(conversation, member) if enough else None,
    }


def _may(member: Member, conversation: Conversation, action: str) -> bool:
    home, unit = conversation.institution_id, conversation.unit_id
    return may(member, action, home, unit=unit, owner=conversation.assignee_id)
