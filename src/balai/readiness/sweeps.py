"""What readiness does when time passes."""

from balai.readiness import services


def reckon_yesterday() -> int:
    """Reckon the index of one institution whose day is over."""
    due = services.due_institution()
    if due is None:
        return 0
    services.reckon(*due)
    return 1
