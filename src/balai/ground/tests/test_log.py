"""The log gives each batch to one worker at a time, urgent ones first, and loses none."""

from datetime import timedelta

import pytest

from balai.ground.log import open_log

MINUTE, LAPSED = timedelta(minutes=1), timedelta(seconds=-1)
pytestmark = pytest.mark.django_db


def test_batches_come_in_order_and_urgent_ones_overtake():
    log = open_log()
    log.append("in.email", b"1", size=1)
    log.append("in.email", b"2", size=1)
    log.append("in.email", b"!", size=1, urgent=True)
    assert [log.claim(MINUTE)[0].body for _ in range(3)] == [b"!", b"1", b"2"]
    assert log.claim(MINUTE) == []


def test_a_claim_that_lapsed_goes_to_the_next_worker_and_the_first_can_no_longer_acknowledge():
    log = open_log()
    log.append("in.email", b"1", size=1)
    dead = log.claim(LAPSED)
    alive = log.claim(MINUTE)
    assert alive[0].body == b"1"
    assert alive[0].claims == 2
    assert log.ack(dead) is False
    assert log.ack(alive) is True
    assert log.depth().batches == 0


def bodies(claimed):
    return [one.body for one in claimed]


def test_small_batches_come_together_as_far_as_there_is_room():
    log = open_log()
    for body in (b"1", b"2", b"3", b"4"):
        log.append("in.email", body, size=2)

    claimed = log.claim(MINUTE, items=6)
    assert bodies(claimed) == [b"1", b"2", b"3"]
    assert bodies(log.claim(MINUTE, items=6)) == [b"4"]
    assert log.ack(claimed) is True
    assert log.depth().batches == 1


def test_a_batch_larger_than_the_room_comes_all_the_same():
    log = open_log()
    log.append("in.file", b"1", size=5_000)
    assert bodies(log.claim(MINUTE, items=1_000)) == [b"1"]


def test_an_urgent_batch_waits_for_no_other():
    log = open_log()
    log.append("in.email", b"1", size=1)
    log.append("in.email", b"!", size=1, urgent=True)
    assert bodies(log.claim(MINUTE, items=100)) == [b"!"]


def test_a_batch_that_was_claimed_before_comes_alone():
    log = open_log()
    for body in (b"1", b"2", b"3"):
        log.append("in.email", body, size=1)
    assert len(log.claim(LAPSED, items=2)) == 2

    assert [bodies(log.claim(MINUTE, items=100)) for _ in range(3)] == [[b"1"], [b"2"], [b"3"]]


def test_whose_lease_was_lost_acknowledges_nothing_of_the_next_worker():
    log = open_log()
    log.append("in.email", b"1", size=1)
    log.append("in.email", b"2", size=1)
    dead = log.claim(LAPSED, items=2)
    assert bodies(log.claim(MINUTE)) == [b"1"]
    assert log.ack(dead) is False
    assert log.depth().batches == 1  # the second was nobody else's


def test_the_depth_tells_how_much_waits_and_since_when():
    log = open_log()
    assert log.depth().oldest_at is None
    log.append("in.file", b"1", size=400)
    log.append("in.file", b"2", size=100)
    assert (log.depth().batches, log.depth().items) == (2, 500)
    assert log.depth().oldest_at is not None
