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
    assert [log.claim(MINUTE).body for _ in range(3)] == [b"!", b"1", b"2"]
    assert log.claim(MINUTE) is None


def test_a_claim_that_lapsed_goes_to_the_next_worker_and_the_first_can_no_longer_acknowledge():
    log = open_log()
    log.append("in.email", b"1", size=1)
    dead = log.claim(LAPSED)
    alive = log.claim(MINUTE)
    assert alive.body == b"1"
    assert alive.claims == 2
    assert log.ack(dead) is False
    assert log.ack(alive) is True
    assert log.depth().batches == 0


def test_the_depth_tells_how_much_waits_and_since_when():
    log = open_log()
    assert log.depth().oldest_at is None
    log.append("in.file", b"1", size=400)
    log.append("in.file", b"2", size=100)
    assert (log.depth().batches, log.depth().items) == (2, 500)
    assert log.depth().oldest_at is not None
