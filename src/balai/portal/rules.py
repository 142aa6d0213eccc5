"""What may be told in public of few cases, as pure functions. No database, no Django."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

LEAST = 5  # what fewer people did could point at one of them (domain 6.5, issue 7) [D]

Key = TypeVar("Key", bound=Hashable)


def told(n: int) -> int | None:
    """A count as the public may read it: nothing and many are told, few are not (None)."""
    return n if n == 0 or n >= LEAST else None


def told_parts(parts: Mapping[Key, int]) -> dict[Key, int | None]:
    """The parts of a total that is told as well.

    Where one part alone is held back, subtraction would give it away: the next smallest part goes
    with it (secondary suppression, as statistical offices do it).
    """
    shown = {key: told(n) for key, n in parts.items()}
    hidden = [key for key, n in shown.items() if n is None]
    if len(hidden) == 1:
        others = [key for key, n in shown.items() if n]
        if others:
            shown[min(others, key=lambda key: parts[key])] = None
    return shown


def told_percent(part: int, whole: int) -> float | None:
    """A share in per cent with one decimal; None where the whole is too small, or there is none."""
    return round(100 * part / whole, 1) if whole >= LEAST else None


def told_time(minutes: float | None, n: int) -> float | None:
    """A median of `n` times in working minutes; None where they are too few."""
    return None if minutes is None or n < LEAST else round(minutes, 1)
