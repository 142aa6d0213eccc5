"""What the leader does in person (domain 3.5 O6, 3.4 L1): acts on record, absence visible."""

from datetime import datetime, timedelta
from typing import NamedTuple

from balai.channels.models import Dispatch
from balai.ground.clock import first_id_at
from balai.inbox.models import Message
from balai.inbox.selectors import ANSWER
from balai.people.models import Grant, Member, Role
from balai.readiness.rules.figures import Figure, counted
from balai.readiness.selectors.signals.answering import conversation_rows
from balai.readiness.selectors.signals.window import CountedRow, Window

A_WEEK = timedelta(days=7)


class _Answer(NamedTuple):
    conversation_id: int
    sent_at: datetime


def weeks(asked: Window, n_min: int) -> Figure:
    """Weeks with at least one answer by the leader in person that arrived / weeks.

    Whole weeks are counted back from the last day, as far as the institution is on Balai. An answer
    counts for whoever held the role when it was written; a role that was lent does not count.
    """
    begins = max(asked.begins_at, asked.institution.created_at)
    whole = max((asked.ends_at - begins) // A_WEEK, 0)
    back = (asked.ends_at - answer.sent_at for answer in _answers(asked))
    lived = {age // A_WEEK for age in back if timedelta(0) < age < whole * A_WEEK}
    return counted(len(lived), whole, n=whole, n_min=n_min)


def rows(asked: Window, reader: Member, limit: int) -> list[CountedRow]:
    """The conversations in which the leader answered, the newest first."""
    answers = sorted(_answers(asked), key=lambda one: one.sent_at, reverse=True)
    ids = list(dict.fromkeys(one.conversation_id for one in answers))[:limit]
    return conversation_rows(reader, ids, fulfil=True)


def _answers(asked: Window) -> list[_Answer]:
    terms = list(
        Grant.objects.filter(member__institution=asked.institution, role=Role.LEADER).values_list(
            "member_id", "granted_at", "ended_at"
        )
    )
    if not terms:
        return []
    said = Message.objects.filter(
        id__gte=first_id_at(asked.begins_at),  # ids rise with arrival: nothing older is read
        institution_id=asked.institution.pk,
        author_id__in={member for member, _from, _until in terms},
        direction=Message.Direction.OUT,
        is_automatic=False,
        sent_at__gte=asked.begins_at,
        sent_at__lt=asked.ends_at,
    )
    found = {
        number: (author, _Answer(conversation, sent_at))
        for number, author, conversation, sent_at in said.values_list(
            "id", "author_id", "conversation_id", "sent_at"
        )
    }
    arrived = Dispatch.objects.filter(
        purpose=ANSWER, ref__in=list(found), state=Dispatch.State.OUT, returned_at=None
    )
    came = (found[number] for number in arrived.values_list("ref", flat=True))
    return [
        answer
        for author, answer in came
        if any(
            author == member and since <= answer.sent_at and (not until or answer.sent_at < until)
            for member, since, until in terms
        )
    ]
