"""What governance announces."""

from dataclasses import dataclass

from balai.ground.events import Event


@dataclass(frozen=True)
class CalendarChanged(Event):
    """Days off or hours of service were decided: open deadlines are to be computed again."""

    institution_id: int


@dataclass(frozen=True)
class TargetChanged(Event):
    """An institution set itself a stricter target for a clock."""

    institution_id: int
    clock: str
