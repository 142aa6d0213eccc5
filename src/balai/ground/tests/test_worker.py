"""The worker keeps turning: one sweep's trouble is not another's, and it stops when told."""

import threading
from datetime import timedelta

import pytest

from balai.ground import worker
from balai.ground.models import Beat
from balai.ground.worker import Turn, run, run_once

SOON = timedelta(seconds=0.01)
PATIENCE = 30


@pytest.fixture
def beats(monkeypatch):
    """Threads of these tests do not touch the database."""
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(worker, "_beat", lambda turn, trouble="": told.append((turn.name, trouble)))
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker, "FAILED_REST", SOON)
    return told


def while_running(timetable, enough: threading.Event, roles=()):
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(timetable,), kwargs={"roles": roles, "stop": stop})
    thread.start()
    try:
        assert enough.wait(PATIENCE)
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_sweep_that_hangs_does_not_hold_up_another_hand_or_another_sweep(beats):
    released, other_ran, second_hand = threading.Event(), threading.Event(), threading.Event()
    first = threading.Lock()

    def poll() -> int:
        if first.acquire(blocking=False):  # the first network never answers
            released.wait(PATIENCE)
        else:
            second_hand.set()
        return 0

    def send() -> int:
        if second_hand.is_set():
            other_ran.set()
        return 0

    turns = [Turn(poll, "receive", SOON, hands=2), Turn(send, "send", SOON)]
    threading.Thread(target=lambda: (other_ran.wait(PATIENCE), released.set())).start()
    while_running(turns, other_ran)


def test_a_failing_sweep_tells_its_trouble_and_is_tried_again(beats):
    tries, enough = [], threading.Event()

    def broken() -> int:
        tries.append(1)
        if len(tries) >= 3:
            enough.set()
        raise ValueError("rusak")

    while_running([Turn(broken, "sweep", SOON)], enough)
    assert any("rusak" in trouble for _, trouble in beats)


def test_only_the_asked_roles_run(beats):
    ran, enough = set(), threading.Event()

    def landing() -> int:
        ran.add("land")
        enough.set()
        return 0

    def sending() -> int:
        ran.add("send")
        return 0

    turns = [Turn(sending, "send", SOON), Turn(landing, "land", SOON)]
    while_running(turns, enough, roles=["land"])
    assert ran == {"land"}


def test_a_single_run_goes_round_until_nothing_is_left():
    left = [3]

    def take() -> int:
        found = min(left[0], 1)
        left[0] -= found
        return found

    assert run_once([Turn(take, "land", SOON)]) == 3


@pytest.mark.django_db
def test_the_beat_says_when_a_sweep_ran_and_what_went_wrong():
    def sweep() -> int:
        return 0

    turn = Turn(sweep, "sweep", SOON)
    worker._beat(turn, trouble="Traceback: habis")
    worker._beat(turn)
    beat = Beat.objects.get()
    assert beat.ran_at is not None
    assert beat.failed_at is not None
    assert beat.trouble == ""
