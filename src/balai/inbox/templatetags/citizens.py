"""Parts about the person behind a conversation, hooked into its page by one line each."""

from typing import Any

from django import template

from balai.ground.clock import now
from balai.inbox.forms.citizens import PromiseForm
from balai.inbox.models import Conversation
from balai.inbox.selectors import contacts
from balai.people.models import Member
from balai.people.selectors import may

register = template.Library()


@register.inclusion_tag("inbox/citizens/side.html", takes_context=True)
def citizen_side(context: template.Context, conversation: Conversation) -> dict[str, Any]:
    """What was promised here, and the way to all that we know of the person."""
    request = context["request"]
    answers = _may(request.member, conversation, "conversation.answer")
    said = answers and conversation.first_answered_at is not None
    form = PromiseForm(institution=conversation.institution, auto_id="promise_%s")
    return {
        "conversation": conversation,
        "promises": contacts.promises_in(conversation),
        "promise_form": form if said else None,
        "may_settle": answers,
        "at": now(),
        "csrf_token": context.get("csrf_token"),
        "shell": context.get("shell"),
    }


def _may(member: Member, conversation: Conversation, action: str) -> bool:
    home, unit = conversation.institution_id, conversation.unit_id
    return may(member, action, home, unit=unit, owner=conversation.assignee_id)
