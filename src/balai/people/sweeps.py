"""What people does when time passes: officers under a mandate that ran out go home."""

from balai.ground.clock import now
from balai.people import services


def end_overdue_mandates() -> int:
    """One turn; returns how many memberships ended."""
    return services.release_overdue(now())
