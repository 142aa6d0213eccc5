"""Plain functions that make figures, reckonings and assessments for tests of any room."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from balai.analytics.services import count_told
from balai.ground.clock import now
from balai.ground.services import deliver
from balai.inbox import services as inbox
from balai.inbox.models import Conversation
from balai.inbox.tests.talking import came_to, hear, say
from balai.people.models import Institution, Member


def tell_all() -> None:
    """Whoever hears of what happened has heard of it, and figures are kept up."""
    while deliver() or count_told():
        pass


def answered(line, by: Member, text: str = "Lampu jalan mati", **fields) -> Conversation:
    """A citizen was answered, and the answer arrived."""
    talk = hear(line, text, **fields)
    answer = say(talk, by)
    came_to(answer, "out")
    inbox.note_delivery(answer)
    return talk


def overdue(line, text: str = "Air mati", **fields) -> Conversation:
    """A citizen waits for an answer past the deadline."""
    return hear(line, text, **{"due_at": now() - timedelta(hours=1), **fields})


def today_at(institution: Institution) -> date:
    """The present day where the institution is."""
    return now().astimezone(ZoneInfo(institution.zone)).date()
