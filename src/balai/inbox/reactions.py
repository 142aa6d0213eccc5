"""What the inbox does when channels tell it something. Idempotent: facts may be heard twice."""

from balai.channels.events import AnswerReturned, DispatchSettled
from balai.channels.models import Dispatch
from balai.governance.events import CalendarChanged, TargetChanged
from balai.inbox import services
from balai.inbox.events import MessagesTakenIn
from balai.inbox.models import Message
from balai.inbox.selectors import ANSWER
from balai.inbox.services import sealing
from balai.people.events import MemberLeft


def note_reply_ends(fact: MessagesTakenIn) -> None:
    """Citizens wrote: on some networks the right to answer them ends some time later."""
    services.keep_reply_ends(fact.institution_id, fact.conversation_ids)


def note_dispatch(fact: DispatchSettled) -> None:
    """An answer of ours went one step on its way."""
    if fact.purpose == ANSWER:
        services.note_delivery(Message.objects.get(pk=fact.ref))
    if fact.purpose == services.AWAY and fact.state == Dispatch.State.OUT:
        sent = Dispatch.objects.get(purpose=services.AWAY, ref=fact.ref)
        services.note_away_out(Message.objects.get(pk=fact.ref), sent.remote_id)


def copy_by_mail(fact: DispatchSettled) -> None:
    """An answer on a status page is out: whoever left an address gets it there too."""
    if fact.purpose == ANSWER and fact.state == Dispatch.State.OUT:
        services.send_copy(Message.objects.get(pk=fact.ref))


def note_return(fact: AnswerReturned) -> None:
    """An answer of ours came back undelivered."""
    if fact.purpose == ANSWER and fact.permanent:
        services.note_bounce(Message.objects.get(pk=fact.ref), fact.words)


def note_calendar(fact: CalendarChanged | TargetChanged) -> None:
    """Days, hours or a target changed: open clocks follow, some at a time (sweeps)."""
    services.follow_calendar(fact.institution_id)


def release_work(fact: MemberLeft) -> None:
    """A member left: the open conversations of that person wait for somebody else."""
    services.release_work_of(fact.member_id)
    services.release_tasks_of(fact.member_id)


def lock_what_was_added(fact: MessagesTakenIn) -> None:
    """Citizens wrote again where a conversation was sealed: those words are locked as well."""
    sealing.note_added(fact.conversation_ids)
