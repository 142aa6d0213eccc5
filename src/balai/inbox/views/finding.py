"""Which conversation is meant, and what this reader may do with it and has opened."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404

from balai.channels.models import Connection
from balai.ground.clock import now
from balai.inbox import rules, selectors
from balai.inbox.models import Conversation
from balai.people.middleware import StaffRequest
from balai.people.selectors import may

OPENED = "inbox.opened"  # session: conversation id -> until when its identity stands open
OPEN_FOR = timedelta(minutes=15)


class Allowed(NamedTuple):
    """The deeds that this reader may do now: rights and the conversation's state together."""

    answer: bool
    note: bool
    triage: bool
    assign: bool
    set_aside: bool
    resolve: bool
    reopen: bool
    seal: bool
    moderate: bool
    restore: bool
    identity: bool


def conversation_of(request: StaffRequest, conversation_id: int) -> Conversation:
    """The conversation, if the reader may see it; what others may see does not exist here."""
    try:
        return selectors.open_to(request.member, conversation_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def unsealed(request: StaffRequest, conversation_id: int) -> Conversation:
    """The same for whoever wants to do something: to what was sealed nothing is done here."""
    found = conversation_of(request, conversation_id)
    if found.state == Conversation.State.SEALED:
        raise Http404
    return found


def allowed(request: StaffRequest, conversation: Conversation) -> Allowed:
    """What the page offers. The verbs decide again."""

    def right(action: str) -> bool:
        institution, unit = conversation.institution_id, conversation.unit_id
        return may(request.member, f"conversation.{action}", institution, unit=unit)

    moves = rules.MOVES[conversation.state]
    sealed = conversation.state == Conversation.State.SEALED
    never = conversation.intent in rules.NEVER_SET_ASIDE
    moderated = conversation.state == Conversation.State.MODERATED
    closed = conversation.connection.state == Connection.State.CLOSED
    closes, sorts = right("close"), right("triage")
    return Allowed(
        answer="answered" in moves and not closed and right("answer"),
        note=not sealed and right("note"),
        triage=not sealed and sorts,
        assign=not sealed and right("assign"),
        set_aside="no_action" in moves and closes and not never,
        resolve="resolved" in moves and closes,
        reopen=conversation.state in rules.DONE and "triaged" in moves and sorts and not moderated,
        seal="sealed" in moves and right("seal"),
        moderate="moderated" in moves and right("moderate"),
        restore=moderated
        and right("restore")
        and selectors.moderated_by(conversation) != request.member.pk,
        identity=not sealed and right("identity"),
    )


def open_until(request: StaffRequest, conversation: Conversation) -> datetime | None:
    """Until when this reader has the citizen's identity open; None when it is closed."""
    kept = request.session.get(OPENED, {}).get(str(conversation.pk))
    until = datetime.fromisoformat(kept) if kept else None
    return until if until is not None and until > now() else None


def keep_open(request: StaffRequest, conversation: Conversation) -> None:
    """Let the identity stand open for this reader for a while; the opening was recorded."""
    moment = now()
    opened = request.session.get(OPENED, {})
    fresh = {pk: until for pk, until in opened.items() if datetime.fromisoformat(until) > moment}
    fresh[str(conversation.pk)] = (moment + OPEN_FOR).isoformat()
    request.session[OPENED] = fresh
