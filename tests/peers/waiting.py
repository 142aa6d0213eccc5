"""Wait for the world without sleeping a fixed time."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

PAUSE = 0.05  # seconds between two looks


def wait_until(
    predicate: Callable[[], Found],
    seconds: float,
    *,
    what: str = "",
    forgiving: tuple[type[Exception], ...] = (),
) -> Found:
    """Call `predicate` until it gives something true, and give that back.

    Exceptions named in `forgiving` count as "not yet". Raises TimeoutError after `seconds`.
    """
    deadline = time.monotonic() + seconds
    fault: Exception | None = None
    while True:
        try:
            found = predicate()
        except forgiving as not_yet:
            fault = not_yet
        else:
            if found:
                return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what or predicate} did not come in {seconds} s") from fault
        time.sleep(PAUSE)
