"""A worker that dies by SIGKILL at a named step. Run as a process of its own: `dying.py STEP`.

The steps lie around the places where a message changes hands. Nothing of the product is replaced:
a step's function runs as it is, and the process ends just before or just after it.
"""

import functools
import os
import signal
import sys
from datetime import timedelta

STEPS = {
    # out: from the due row to the network's yes and our commit
    "before the claim of a dispatch": ("balai.channels.services.sending", "_claim", "before"),
    "after the claim, before the call": ("balai.channels.services.sending", "_claim", "after"),
    "after the network's yes, before our commit": (
        "balai.channels.services.sending", "_accepted", "before",
    ),
    "after our commit, before anybody heard": (
        "balai.channels.services.sending", "_accepted", "after",
    ),
    "before the inbox notes the delivery": ("balai.inbox.services", "note_delivery", "before"),
    "after the inbox noted the delivery": ("balai.inbox.services", "note_delivery", "after"),
    "before a look at an unknown outcome": (
        "balai.channels.services.sending", "_claim_look", "after",
    ),
    # in: from the network's words to the landed message
    "after the look, before the parcels are kept": (
        "balai.channels.services.receiving", "keep_parcels", "before",
    ),
    "after the parcels are kept": ("balai.channels.services.receiving", "keep_parcels", "after"),
    "after the claim of a batch": ("balai.inbox.sweeps", "parcels_by_id", "after"),
    "before the landing": ("balai.inbox.sweeps", "_land", "before"),
    "after the landing, before the parcels count as read": (
        "balai.inbox.sweeps", "mark_read", "before",
    ),
    "before the log is told": ("balai.ground.log.table.TableLog", "ack", "before"),
}  # fmt: skip


def die() -> None:
    """End as a power cut ends it: no handler runs, no buffer is flushed."""
    os.kill(os.getpid(), signal.SIGKILL)


def lay(step: str) -> None:
    """Make this process die at a step."""
    path, name, when = STEPS[step]
    owner = _find(path)
    whole = getattr(owner, name)

    @functools.wraps(whole)
    def fatal(*args: object, **kwargs: object) -> object:
        if when == "before":
            die()
        answer = whole(*args, **kwargs)
        if answer is not None:  # a claim that was not ours is no step
            die()
        if name not in ("_claim", "_claim_look"):
            die()
        return answer

    setattr(owner, name, fatal)


def _find(path: str) -> object:
    from importlib import import_module

    try:
        return import_module(path)
    except ModuleNotFoundError:
        module, _, attribute = path.rpartition(".")
        return getattr(import_module(module), attribute)


def main() -> None:
    """Work until the step comes, or until nothing is left to do."""
    import django

    django.setup()
    from balai.channels.services import sending
    from balai.config.timetable import TIMETABLE
    from balai.ground.worker import run_once

    sending.FIRST_WAIT = timedelta(seconds=1)
    if len(sys.argv) > 1:
        lay(sys.argv[1])
    run_once(TIMETABLE)


if __name__ == "__main__":
    main()
