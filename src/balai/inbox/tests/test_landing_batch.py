"""What stands around the messages of a batch: announcement, trace, files, parcels, ids, names."""

from datetime import timedelta

import pytest

from balai.channels.models import Parcel
from balai.governance.models import AuditEntry
from balai.ground.models import Announcement
from balai.inbox.landing import Attached, open_store
from balai.inbox.models import (
    Attachment,
    Message,
)
from balai.inbox.tests.landing import NOON, make_arrival, make_connection

pytestmark = pytest.mark.django_db


def test_a_batch_is_announced_and_recorded_once_for_each_institution():
    here, there = make_connection(), make_connection()

    landed = open_store().land(
        [
            make_arrival(line, f"m{n}", thread_key=f"t{n}")
            for n in range(3)
            for line in (here, there)
        ]
    )

    told = {a.scope: a.facts for a in Announcement.objects.filter(name="MessagesTakenIn")}
    assert set(told) == {here.institution_id, there.institution_id}
    heard = [number for facts in told.values() for number in facts["message_ids"]]
    assert sorted(heard) == landed.message_ids
    talks = [number for facts in told.values() for number in facts["conversation_ids"]]
    assert sorted(talks) == landed.conversation_ids
    entries = AuditEntry.objects.filter(did="messages.taken_in")
    assert {e.institution_id: (e.actor, e.facts["messages"]) for e in entries} == {
        here.institution_id: ("system", 3), there.institution_id: ("system", 3),
    }  # fmt: skip


def test_a_batch_of_repeats_announces_nothing():
    line = make_connection()
    store = open_store()
    store.land([make_arrival(line)])
    before = Announcement.objects.count()

    assert store.land([make_arrival(line)]).message_ids == []
    assert store.land([]).message_ids == []
    assert Announcement.objects.count() == before


def test_files_land_with_their_message():
    line = make_connection()
    file = Attached(name="foto.jpg", mime="image/jpeg", size=3, sha256="ab", alt="Lampu mati")

    landed = open_store().land([make_arrival(line, attachments=(file,)), make_arrival(line)])

    kept = Attachment.objects.get()
    assert (kept.message_id, kept.name, kept.alt) == (
        landed.message_ids[0],
        "foto.jpg",
        "Lampu mati",
    )


def test_parcels_that_landed_are_read_and_unreadable_ones_stay_so():
    line = make_connection()
    parcels = [Parcel.objects.create(connection=line, body=b"x", arrived_at=NOON) for _ in range(3)]
    Parcel.objects.filter(pk=parcels[1].pk).update(state="unreadable")

    open_store().land([make_arrival(line, f"m{n}", parcel_id=parcels[n].pk) for n in (0, 1)])

    assert [p.state for p in Parcel.objects.order_by("id")] == ["read", "unreadable", "waiting"]


def test_ids_rise_with_arrival_also_when_the_clock_stands_still_or_goes_back(monkeypatch):
    line = make_connection()
    store = open_store()
    ids = []
    for n in range(3):
        monkeypatch.setattr("balai.inbox.landing.sqlite.now", lambda n=n: NOON - timedelta(days=n))
        ids += store.land([make_arrival(line, f"{n}-{k}") for k in range(3)]).message_ids

    assert ids == sorted(set(ids))


def test_names_longer_than_their_column_still_tell_messages_apart():
    line = make_connection()
    store = open_store()
    long = "x" * 900

    store.land([make_arrival(line, long + "1"), make_arrival(line, long + "2", thread_key=long)])
    landed = store.land(
        [
            make_arrival(line, long + "2"),
            make_arrival(line, "r", thread_key="q", answers=(long + "2",)),
        ]
    )

    assert landed.repeats == 1
    by_thread = Message.objects.get(remote_id="r").conversation.thread_key
    assert by_thread.startswith("xxx")
    assert len(by_thread) <= 500


def test_text_that_a_database_refuses_is_mended_not_lost():
    line = make_connection()

    open_store().land(
        [
            make_arrival(
                line, "m1", text="a\x00b \ud83d c", subject="s\x00", extra={"u": "\x00\ud83d"}
            )
        ]
    )

    message = Message.objects.get()
    assert message.text.startswith("a")
    assert message.text.endswith("c")
    assert set(message.extra) == {"u"}
