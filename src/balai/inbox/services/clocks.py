"""When the first response is due: the pack's limit, on the institution's own calendar."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import QuerySet

from balai.governance.selectors import Calendar, Target, calendar_of, keep_promise, target
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.models import ClockWalk, Conversation
from balai.inbox.services.moving import move
from balai.people.models import Institution
from balai.people.selectors import SYSTEM

# Older stamps are a sender's wrong clock; the calendar of holidays begins at 2015.
NOTHING_OLDER = datetime(2015, 1, 5, tzinfo=UTC)
BEFORE_ALL = datetime(1, 1, 2, tzinfo=UTC)


class Clocks:
    """The calendars and targets that a batch of work needs, each asked for once."""

    def __init__(self) -> None:
        self._calendars: dict[int, Calendar] = {}
        self._limits: dict[tuple[int, str], Target] = {}

    def due_many(
        self, institution: Institution, clock: str, starts: Sequence[datetime]
    ) -> list[datetime]:
        """The moments until which these clocks run, computed together."""
        calendar = self._calendars.get(institution.pk)
        if calendar is None:
            calendar = self._calendars[institution.pk] = calendar_of(institution)
        limit = self._limits.get((institution.pk, clock))
        if limit is None:
            limit = target(institution, clock, now().date())
            self._limits[institution.pk, clock] = limit
        return calendar.due_many([max(start, NOTHING_OLDER) for start in starts], limit)


def due_many(institution: Institution, clock: str, starts: Sequence[datetime]) -> list[datetime]:
    """The moments until which these clocks run now."""
    return Clocks().due_many(institution, clock, starts)


def follow_calendar(institution_id: int) -> None:
    """The calendar or a target changed: every open clock is to be looked at, from the first."""
    ClockWalk.objects.update_or_create(
        institution_id=institution_id, defaults={"due_at": BEFORE_ALL, "conversation_id": 0}
    )


@transaction.atomic
def recompute_some_clocks(limit: int = 200) -> int:
    """Go on with one walk over open clocks; returns how many were looked at, 0 when none is left.

    Clocks follow the calendar, but no promise is shortened; each that moves is recorded with the
    old and the new moment (domain 4.6). How far the walk came is kept in the same transaction.
    """
    walk = (
        ClockWalk.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("institution")
        .order_by("pk")
        .first()
    )
    if walk is None:
        return 0
    waiting = list(_after(walk)[:limit])
    last = waiting[-1] if waiting else None
    reached = (last and last.due_at) or BEFORE_ALL  # before any of them moves
    clocks = Clocks()
    for clock in sorted({conversation.clock for conversation in waiting}):
        group = [conversation for conversation in waiting if conversation.clock == clock]
        starts = [conversation.opened_at for conversation in group]
        for conversation, at in zip(
            group, clocks.due_many(walk.institution, clock, starts), strict=True
        ):
            _keep_later(conversation, at)
    if last is None or len(waiting) < limit:
        walk.delete()
    else:
        walk.due_at, walk.conversation_id = reached, last.pk
        walk.save(update_fields=["due_at", "conversation_id"])
    return len(waiting)


def _after(walk: ClockWalk) -> QuerySet[Conversation]:
    """Clocks behind the last that was looked at, in the order of the index on what is due."""
    return (
        Conversation.objects.select_for_update(of=("self",))
        .filter(
            institution=walk.institution,
            is_open=True,
            first_answered_at=None,
            due_at__gte=walk.due_at,
        )
        .exclude(due_at=walk.due_at, pk__lte=walk.conversation_id)
        .exclude(clock="")
        .order_by("due_at", "pk")
    )


def _keep_later(conversation: Conversation, at: datetime) -> None:
    before = conversation.due_at
    if before is None or keep_promise(before, at) == before:
        return
    move(conversation, due_at=at)
    record(
        by=SYSTEM,
        did="conversation.due_recomputed",
        on=conversation,
        before=before.isoformat(),
        after=at.isoformat(),
    )
