"""Runs the timetable: each role's sweeps in their own threads, until told to stop.

A sweep does a little and returns how much; while it finds something it runs again at once, else
it rests for its interval. A failing sweep is written on its Beat, where the console shows it.
"""

import gc
import logging
import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import close_old_connections, connections
from django.db.utils import DatabaseError

from balai.ground.clock import now
from balai.ground.models import Beat

logger = logging.getLogger(__name__)
FAILED_REST = timedelta(seconds=5)
BEAT_EVERY = timedelta(seconds=30)


@dataclass(frozen=True)
class Turn:
    """One line of the timetable."""

    sweep: Callable[[], int]
    role: str
    every: timedelta
    hands: int = 1  # how many threads may run it at once

    @property
    def name(self) -> str:
        """The sweep's dotted name."""
        return f"{self.sweep.__module__}.{self.sweep.__name__}"


def calm_collector() -> None:
    """Let Python's garbage collector look less often in a process that moves batches of thousands.

    What is loaded at the start stays for ever; batches are freed by counting references. A full
    look at every few hundred new objects only costs time (measured by `balai bench intake`).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def run(timetable: Sequence[Turn], *, roles: Iterable[str], stop: threading.Event) -> None:
    """Run the turns of these roles until `stop` is set; returns when every thread has finished."""
    calm_collector()
    wanted = set(roles)
    threads = [
        threading.Thread(target=_keep_turning, args=(turn, stop, hand), name=f"{turn.name}:{hand}")
        for turn in timetable
        if not wanted or turn.role in wanted
        for hand in range(turn.hands)
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join()


def run_once(timetable: Sequence[Turn], *, rounds: int = 100) -> int:
    """Every sweep in order until none finds anything more; for tests and for `work --once`."""
    done = 0
    for _ in range(rounds):
        found = sum(turn.sweep() for turn in timetable)
        done += found
        if not found:
            break
    return done


def _keep_turning(turn: Turn, stop: threading.Event, hand: int) -> None:
    beaten_at = now() - BEAT_EVERY
    while not stop.is_set():
        close_old_connections()
        try:
            found = turn.sweep()
            if hand == 0 and now() - beaten_at >= BEAT_EVERY:
                beaten_at = now()
                _beat(turn)
            rest = timedelta() if found else turn.every
        except Exception:
            logger.exception("%s failed", turn.name)
            rest = max(turn.every, FAILED_REST)
            _beat(turn, trouble=traceback.format_exc(limit=-3))
        stop.wait(rest.total_seconds())
    connections.close_all()


def _beat(turn: Turn, trouble: str = "") -> None:
    moment = now()
    values = {"ran_at": moment, "next_at": moment + turn.every, "trouble": trouble}
    if trouble:
        values["failed_at"] = moment
    try:
        Beat.objects.update_or_create(sweep=turn.name, defaults=values)
    except DatabaseError:  # the beat is a comfort; its own failure is in the log already
        logger.warning("the beat of %s could not be written", turn.name)
