"""Time: one way to ask for now, and ids that rise with arrival. No calendar law lives here."""

from datetime import UTC, datetime

ID_EPOCH_MS = 1_767_225_600_000  # 2026-01-01T00:00Z; ids of earlier arrivals would be negative
ID_ROOM_BITS = 20  # a million arrivals in one millisecond


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def first_id_at(moment: datetime) -> int:
    """The smallest id that an arrival at `moment` can get; negative before 2026."""
    return (int(moment.timestamp() * 1000) - ID_EPOCH_MS) << ID_ROOM_BITS


def moment_of_id(number: int) -> datetime:
    """When the arrival with this id was given its number, to the millisecond."""
    return datetime.fromtimestamp(((number >> ID_ROOM_BITS) + ID_EPOCH_MS) / 1000, UTC)
