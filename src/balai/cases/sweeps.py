"""What cases do when time passes: tell of deadlines, close, follow the calendar."""

from balai.cases import services


def escalate() -> int:
    """Tell officers, coordinators and superiors of clocks that run out, some at a time."""
    return services.escalate_some()


def close() -> int:
    """Cases that were confirmed, or that nobody disputed in time, are closed."""
    return services.close_some()


def move_clocks() -> int:
    """Running clocks follow a calendar or target that changed, some at a time."""
    return services.recompute_some_clocks()
