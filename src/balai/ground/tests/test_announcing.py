"""A fact is written with its change, heard at least once, and visible when nobody can hear it."""

import contextlib
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction

from balai.ground import services
from balai.ground.clock import now
from balai.ground.events import Event
from balai.ground.models import Announcement
from balai.ground.services import LATE_COMERS, announce, deliver, drop_heard, news_mark, revive


@dataclass(frozen=True)
class RainFell(Event):
    where: str


heard: list[Event] = []
BOARD = {RainFell: [heard.append]}


@pytest.fixture(autouse=True)
def _board(settings):
    settings.BALAI_SWITCHBOARD = f"{__name__}.BOARD"
    heard.clear()


def due_again():
    Announcement.objects.update(next_try_at=now() - timedelta(seconds=1))


@pytest.mark.django_db(transaction=True)
def test_a_fact_of_a_change_that_failed_is_never_heard():
    with contextlib.suppress(RuntimeError), transaction.atomic():
        announce(RainFell("Wanasari"))
        raise RuntimeError
    deliver()
    assert heard == []


@pytest.mark.django_db
def test_a_fact_is_heard_once_and_then_counts_as_heard():
    announce(RainFell("Wanasari"), scope=3)
    assert deliver() == 1
    assert deliver() == 0
    assert heard == [RainFell("Wanasari")]
    assert Announcement.objects.get().heard_at is not None


@pytest.mark.django_db
def test_a_hearer_that_fails_hears_again_and_at_last_becomes_a_visible_dead_letter(monkeypatch):
    def fail(fact):
        raise ValueError("tidak bisa")

    monkeypatch.setitem(BOARD, RainFell, [fail])
    announce(RainFell("Wanasari"))
    for _ in range(services.TRIES_BEFORE_DEAD):
        assert deliver() == 1
        due_again()
    assert deliver() == 0
    letter = Announcement.objects.get()
    assert letter.is_dead
    assert "tidak bisa" in letter.trouble


@pytest.mark.django_db
def test_a_dead_letter_that_is_revived_is_heard(monkeypatch):
    announce(RainFell("Wanasari"))
    Announcement.objects.update(is_dead=True, tries=8)
    assert deliver() == 0
    revive(Announcement.objects.get())
    assert deliver() == 1
    assert len(heard) == 1


@pytest.mark.django_db
def test_two_workers_do_not_carry_the_same_fact_at_once(monkeypatch):
    announce(RainFell("Wanasari"))
    first_look = list(Announcement.objects.all())
    deliver()
    # The second worker saw the row before the first one claimed it.
    stale = Announcement.objects.filter(
        pk=first_look[0].pk, heard_at__isnull=True, next_try_at=first_look[0].next_try_at
    ).update(next_try_at=now())
    assert stale == 0


@pytest.mark.django_db
def test_what_was_heard_long_ago_is_dropped_and_dead_letters_and_the_newest_stay(monkeypatch):
    monkeypatch.setattr(services, "DROPPED_AT_ONCE", 2)
    announce(*(RainFell(where=str(n)) for n in range(LATE_COMERS + 4)))
    long_ago = now() - timedelta(days=31)
    Announcement.objects.update(heard_at=long_ago)
    Announcement.objects.filter(facts__where="1").update(heard_at=None, is_dead=True)
    mark = news_mark()

    assert [drop_heard() for _ in range(3)] == [2, 1, 0]

    assert Announcement.objects.count() == LATE_COMERS + 1
    assert Announcement.objects.filter(is_dead=True).count() == 1
    assert news_mark() == mark


@pytest.mark.django_db
def test_what_was_heard_lately_is_kept():
    announce(*(RainFell(where=str(n)) for n in range(LATE_COMERS + 4)))
    Announcement.objects.update(heard_at=now())
    assert drop_heard() == 0
