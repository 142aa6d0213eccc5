"""When the first response is due: the pack's limit, on the institution's own calendar."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from balai.governance.rules import Calendar
from balai.governance.selectors import Target, calendar_of, target
from balai.ground.clock import now
from balai.people.models import Institution

# Older stamps are a sender's wrong clock; the calendar of holidays begins at 2015.
NOTHING_OLDER = datetime(2015, 1, 5, tzinfo=UTC)


def due_many(institution: Institution, clock: str, starts: Sequence[datetime]) -> list[datetime]:
    """The moments until which these clocks run, computed together."""
    calendar = calendar_of(institution)
    limit = target(institution, clock, now().date())
    return _due(calendar, limit, [max(start, NOTHING_OLDER) for start in starts])


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
