"""When and for whom something is counted."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from balai.people.models import Institution


@dataclass(frozen=True)
class Window:
    """Local days of the institution, both included, looked at `at`."""

    institution: Institution
    first: date
    last: date
    at: datetime

    @property
    def begins_at(self) -> datetime:
        return self._midnight(self.first)

    @property
    def ends_at(self) -> datetime:
        """The moment after the last day."""
        return self._midnight(self.last + timedelta(days=1))

    def _midnight(self, on: date) -> datetime:
        zone = ZoneInfo(self.institution.zone)
        return datetime.combine(on, time(), zone).astimezone(UTC)


class CountedRow(NamedTuple):
    """One row behind a figure. `fulfils` is None where it is neither for nor against."""

    words: str
    url: str
    at: datetime | None
    fulfils: bool | None
