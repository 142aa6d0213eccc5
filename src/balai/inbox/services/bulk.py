"""The same deed on many conversations: each in a transaction and with a trace of its own."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from balai.inbox import rules
from balai.inbox.models import Conversation
from balai.inbox.selectors import readable
from balai.people.models import Member
from balai.people.services import NotAllowed

MOST_AT_ONCE = 50  # one page of the queue, which is what a person can have looked at


class Outcome(NamedTuple):
    """What became of one conversation: `refusal` says in words why nothing did, else is empty."""

    conversation_id: int
    refusal: str


def on_each(
    conversation_ids: Sequence[int], deed: Callable[[Conversation], object], *, by: Member
) -> list[Outcome]:
    """Do a verb on each of these conversations, in the order given; what one refuses stops none.

    The verb allows, changes, records and announces for each by itself. What the member may not
    read, and what was sealed, is refused alike: nobody learns that it exists. Raises
    ValidationError for more than MOST_AT_ONCE.
    """
    wanted = list(dict.fromkeys(conversation_ids))
    if len(wanted) > MOST_AT_ONCE:
        raise ValidationError(
            _("Tick at most %(n)d conversations at a time.") % {"n": MOST_AT_ONCE}
        )
    found = readable(by).exclude(state=Conversation.State.SEALED).in_bulk(wanted)
    return [Outcome(pk, _tried(found.get(pk), deed)) for pk in wanted]


def _tried(conversation: Conversation | None, deed: Callable[[Conversation], object]) -> str:
    if conversation is None:
        return _("It is not here any more.")
    try:
        deed(conversation)
    except rules.NotAllowedNow as problem:
        return _why(problem, conversation)
    except NotAllowed as refused:
        return str(refused)
    except ValidationError as wrong:
        return " ".join(wrong.messages)
    return ""


def _why(problem: rules.NotAllowedNow, conversation: Conversation) -> str:
    """Why the state does not allow it, and what would help."""
    if problem.wanted == "no_action" and conversation.intent in rules.NEVER_SET_ASIDE:
        return _("A complaint or an emergency is never set aside; it is owed an answer.")
    if problem.wanted == "no_action" and conversation.state == "new":
        return _("Nobody has said yet what it is. Sort it first.")
    if problem.wanted == "resolved" and conversation.state in rules.WE_OWE:
        return _("It was not answered yet.")
    return _("It is “%(state)s” now; this step does not follow from there.") % {
        "state": conversation.get_state_display()
    }
