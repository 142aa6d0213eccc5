"""What analytics does when time passes."""

from balai.analytics import services


def count_the_rest() -> int:
    """Count what was told of, and what was there before figures were kept or by an older formula.

    Some at a time. The pause of this sweep is how far a report may lie behind: many facts of one
    conversation, and the messages of many batches, cost one count.
    """
    return services.count_told() or services.walk_some()
