"""Tell those who answer for it, in time and again, that a promised first response comes near."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from balai.desk.events import ConversationEscalated
from balai.desk.models import ClockRound, Escalated, Notice, Team
from balai.desk.rules.escalating import TOLD, by_the_clock, passed, steps_at
from balai.desk.services.notices import arrangers, tell
from balai.governance.selectors import (
    BeyondCalendar,
    Calendar,
    Measure,
    NoTarget,
    calendar_of,
    target,
)
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.inbox.models import Conversation
from balai.people.models import Institution
from balai.people.selectors import DESK, members_holding

BEFORE_ALL = datetime(1, 1, 2, tzinfo=UTC)
ROUND_EVERY = timedelta(minutes=1)
Minutes = Callable[[datetime, datetime], float]


@transaction.atomic
def escalate_some(limit: int = 100) -> int:
    """Look at some running clocks of one office, in the order in which they are due.

    Each step is told once, ever. Returns how many clocks were looked at, so that a round over many
    goes on at once and then rests for ROUND_EVERY.
    """
    _begin_rounds()
    turn = (
        ClockRound.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(next_at__lte=now())
        .select_related("institution")
        .order_by("next_at", "pk")
        .first()
    )
    if turn is None:
        return 0
    running = list(_after(turn)[:limit])
    measures = _Measures(turn.institution)
    known = _known(running)
    for conversation in running:
        reached = steps_at(measures.share(conversation))
        fresh = [step for step in reached if (conversation.pk, step) not in known]
        if fresh:
            _escalate(conversation, fresh)
    if len(running) < limit:
        turn.due_at, turn.conversation_id = BEFORE_ALL, 0
        turn.next_at = now() + ROUND_EVERY
    else:
        turn.due_at, turn.conversation_id = running[-1].due_at or BEFORE_ALL, running[-1].pk
    turn.save()
    return len(running)


class _Measures:
    """How the clocks of one office count, each asked for once."""

    def __init__(self, institution: Institution) -> None:
        self._institution = institution
        self._calendar: Calendar = calendar_of(institution)
        self._of_clock: dict[str, Minutes] = {}

    def share(self, conversation: Conversation) -> float:
        """Per cent of the time that has passed; 0 where the calendar does not reach."""
        if conversation.due_at is None:
            return 0
        minutes = self._minutes(conversation.clock)
        try:
            return passed(conversation.opened_at, conversation.due_at, now(), minutes)
        except BeyondCalendar:
            return passed(conversation.opened_at, conversation.due_at, now(), by_the_clock)

    def _minutes(self, clock: str) -> Minutes:
        if clock not in self._of_clock:
            try:
                unit = target(self._institution, clock, now().date()).unit
            except NoTarget:
                unit = Measure.CLOCK_MINUTES
            of_service = unit in (Measure.WORKING_MINUTES, Measure.WORKING_DAYS)
            self._of_clock[clock] = self._calendar.working_minutes if of_service else by_the_clock
        return self._of_clock[clock]


def _begin_rounds() -> None:
    without = Institution.objects.exclude(pk__in=ClockRound.objects.values("institution"))
    for institution in without:
        ClockRound.objects.get_or_create(
            institution=institution, defaults={"due_at": BEFORE_ALL, "next_at": now()}
        )


def _after(turn: ClockRound) -> QuerySet[Conversation]:
    return (
        Conversation.objects.filter(
            institution=turn.institution_id,
            is_open=True,
            first_answered_at=None,
            due_at__gte=turn.due_at,
        )
        .exclude(due_at=turn.due_at, pk__lte=turn.conversation_id)
        .exclude(clock="")
        .select_related("institution", "assignee")
        .order_by("due_at", "pk")
    )


def _known(conversations: Iterable[Conversation]) -> set[tuple[int, int]]:
    ids = [conversation.pk for conversation in conversations]
    rows = Escalated.objects.filter(conversation__in=ids)
    return set(rows.values_list("conversation_id", "step"))


def _escalate(conversation: Conversation, steps: list[int]) -> None:
    """Keep every step, and tell once: of the highest."""
    moment = now()
    Escalated.objects.bulk_create(
        Escalated(conversation=conversation, step=step, at=moment) for step in steps
    )
    highest = max(steps)
    told = tell(
        _whom(conversation, highest),
        institution=conversation.institution,
        kind=Notice.Kind.CLOCK,
        key=f"clock:{conversation.pk}:{highest}",
        conversation=conversation,
        facts={"step": highest},
    )
    record(by=DESK, did="conversation.escalated", on=conversation, step=highest, told=told)
    announce(
        ConversationEscalated(conversation.institution_id, conversation.pk, highest),
        scope=conversation.institution_id,
    )


def _whom(conversation: Conversation, step: int) -> set[int]:
    """Who hears of a step; where a place is empty, who arranges the desk or leads its public work.

    Nobody is ever no one: a step always reaches somebody, if the office has members at all.
    """
    institution = conversation.institution
    teams = Team.objects.filter(institution=institution, retired_at=None)
    passed_to = getattr(conversation, "passed", None)
    mine = (
        teams.filter(pk=passed_to.team_id) if passed_to else teams.filter(unit=conversation.unit_id)
    )
    leads = {pk for pk in mine.values_list("lead", flat=True) if pk is not None}
    heads = {pk for pk in mine.values_list("head", flat=True) if pk is not None}
    leads = leads or set(arrangers(institution))
    found: set[int] = set()
    for part in TOLD[step]:
        if part == "officer":
            found |= {conversation.assignee_id} if conversation.assignee_id else leads
        elif part == "lead":
            found |= leads
        elif part == "head":
            found |= heads or _holding("head_of_pr", institution)
        else:
            found |= _holding("leader", institution)
    return found


def _holding(role: str, institution: Institution) -> set[int]:
    return set(members_holding(role, institution).values_list("pk", flat=True))
