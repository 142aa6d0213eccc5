"""Putting right what was wrong: how long it took, and what is said where nothing can be edited."""

from datetime import datetime, timedelta

# When we look whether a post still stands there, counted from its publication [D].
LOOKS_AFTER = tuple(map(timedelta, (0, 1, 7, 30), (3600, 0, 0, 0)))


def hours_between(noticed_at: datetime, corrected_at: datetime) -> float:
    """Clock hours from knowing a mistake to its correction (target: 24, domain 4.6)."""
    return round(max((corrected_at - noticed_at).total_seconds(), 0.0) / 3600, 1)


def linked_words(opening: str, words: str, address: str) -> str:
    """A correction that stands beside the post it is about: what is right, and where that post is.

    `opening` is the word for it in the post's language ("RALAT").
    """
    told = f"{opening}: {words.strip()}"
    return f"{told}\n\n{address}" if address else told


def next_look(published_at: datetime, at: datetime) -> datetime | None:
    """When to look next whether a post still stands there; None after the last look."""
    return next((published_at + after for after in LOOKS_AFTER if published_at + after > at), None)
