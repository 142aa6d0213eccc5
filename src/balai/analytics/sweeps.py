"""What analytics does when time passes."""

from balai.analytics import services


def count_the_rest() -> int:
    """Count, some at a time, what was there before figures were kept, or by an older formula."""
    return services.walk_some()
