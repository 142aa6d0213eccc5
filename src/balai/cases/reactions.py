"""What cases do when lower rooms tell them something. Idempotent: facts may be heard twice."""

from balai.cases import services
from balai.governance.events import CalendarChanged, TargetChanged
from balai.inbox.events import CitizenErased, MessagesTakenIn
from balai.people.events import MemberLeft


def note_words(fact: MessagesTakenIn) -> None:
    """Citizens wrote, some of them in threads of cases."""
    services.note_words(fact.conversation_ids)


def note_calendar(fact: CalendarChanged | TargetChanged) -> None:
    """Days, hours or a target changed: running clocks follow, some at a time (sweeps)."""
    services.follow_calendar(fact.institution_id)


def release_work(fact: MemberLeft) -> None:
    """A member left: that person's cases are the whole unit's again."""
    services.release_cases_of(fact.member_id)


def forget_words(fact: CitizenErased) -> None:
    """A person's words were erased: what cases copied of them goes too."""
    services.forget_words(fact.conversation_ids)
