"""When the first response is due: the pack's limit, on the institution's own calendar."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

from balai.governance.selectors import Calendar, Target, calendar_of, keep_promise, target
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.models import Conversation
from balai.inbox.services.moving import move
from balai.people.models import Institution
from balai.people.selectors import SYSTEM

# Older stamps are a sender's wrong clock; the calendar of holidays begins at 2015.
NOTHING_OLDER = datetime(2015, 1, 5, tzinfo=UTC)


def due_many(institution: Institution, clock: str, starts: Sequence[datetime]) -> list[datetime]:
    """The moments until which these clocks run, computed together."""
    calendar = calendar_of(institution)
    limit = target(institution, clock, now().date())
    return _due(calendar, limit, [max(start, NOTHING_OLDER) for start in starts])


def recompute_open_clocks(institution: Institution) -> int:
    """After the calendar or a target changed: open clocks follow it, but no promise is shortened.

    Returns how many moments moved; each is recorded with the old and the new one (domain 4.6).
    """
    moved = 0
    for clock in _open(institution).values_list("clock", flat=True).distinct():
        waiting = list(_open(institution).filter(clock=clock).select_for_update(of=("self",)))
        computed = due_many(institution, clock, [c.opened_at for c in waiting])
        for conversation, at in zip(waiting, computed, strict=True):
            before = conversation.due_at
            if before is not None and keep_promise(before, at) != before:
                move(conversation, due_at=at)
                record(
                    by=SYSTEM,
                    did="conversation.due_recomputed",
                    on=conversation,
                    before=before.isoformat(),
                    after=at.isoformat(),
                )
                moved += 1
    return moved


def _open(institution: Institution) -> QuerySet[Conversation]:
    return Conversation.objects.filter(
        institution=institution, is_open=True, first_answered_at=None, due_at__isnull=False
    ).exclude(clock="")


def _due(calendar: Calendar, limit: Target, starts: list[datetime]) -> list[datetime]:
    match limit.unit:
        case "working_minutes":
            return calendar.due_many(starts, limit.limit)
        case "working_days":
            return [calendar.deadline(start, limit.limit) for start in starts]
        case "clock_minutes":
            return [start + timedelta(minutes=limit.limit) for start in starts]
        case "clock_hours":
            return [start + timedelta(hours=limit.limit) for start in starts]
        case unit:
            raise ValueError(f"no clock is measured in {unit}")
