"""What a batch becomes, on whichever database the tests run."""

from datetime import timedelta

import pytest

from balai.inbox.landing import OurWords, open_store
from balai.inbox.models import (
    Citizen,
    Conversation,
    Message,
    MessageKey,
    QueueCount,
)
from balai.inbox.tests.landing import NOON, make_arrival, make_connection
from balai.people.tests.make import make_institution

pytestmark = pytest.mark.django_db


def test_a_first_message_opens_a_conversation_with_its_citizen_clock_and_counter():
    line = make_connection()
    due = NOON + timedelta(hours=1)

    landed = open_store().land(
        [
            make_arrival(
                line,
                identity='{"name": "Budi", "address": "budi@contoh.example"}',
                subject="Lampu",
                preview="Lampu jalan ...",
                intent="complaint",
                priority=1,
                language="ind",
                sentiment="negative",
                sensitivity=("violence", "child"),
                clock="complaint_first_response",
                due_at=due,
                reading={"model": "m"},
                extra={"url": "https://contoh.example/1"},
            )
        ]
    )

    message = Message.objects.get()
    talk = Conversation.objects.get()
    assert landed.message_ids == [message.pk]
    assert landed.conversation_ids == landed.opened_ids == [talk.pk]
    assert landed.repeats == 0
    assert (message.direction, message.text) == ("in", "Lampu jalan di depan pasar mati")
    assert (message.sent_at, message.received_at) == (NOON, NOON + timedelta(hours=3))
    assert (message.reading, message.extra) == ({"model": "m"}, {"url": "https://contoh.example/1"})
    assert message.conversation == talk
    assert (talk.state, talk.is_open, talk.intent, talk.priority) == ("new", True, "complaint", 1)
    assert (talk.opened_at, talk.last_at, talk.due_at) == (NOON, NOON, due)
    assert (talk.clock, talk.sensitivity) == ("complaint_first_response", "child,violence")
    assert (talk.subject, talk.preview) == ("Lampu", "Lampu jalan ...")
    assert talk.last_message_id == talk.last_in_id == message.pk
    assert (talk.messages_in, talk.version, talk.reopened) == (1, 1, 0)
    assert '"Budi"' in Citizen.objects.get().identity
    assert QueueCount.objects.get(state="new").n == 1


def test_a_message_that_the_network_repeats_is_kept_once():
    line = make_connection()
    store = open_store()
    store.land([make_arrival(line, "m1")])

    landed = store.land(
        [make_arrival(line, "m1"), make_arrival(line, "m2"), make_arrival(line, "m2")]
    )

    assert landed.repeats == 2
    assert Message.objects.count() == MessageKey.objects.count() == 2
    assert Conversation.objects.get().messages_in == 2


def test_the_same_name_on_another_line_is_another_message():
    institution = make_institution()
    lines = [make_connection(institution), make_connection(institution)]

    landed = open_store().land([make_arrival(line) for line in (*lines, *lines)])

    assert len(landed.message_ids) == 2
    assert Conversation.objects.count() == 2
    assert Citizen.objects.count() == 1


def test_citizens_in_one_public_thread_have_a_conversation_each():
    line = make_connection()
    open_store().land(
        [make_arrival(line, "m1"), make_arrival(line, "m2", citizen_key="c2", answers=("m1",))]
    )

    assert Conversation.objects.count() == 2


def test_a_reply_goes_to_the_thread_of_the_nearest_message_that_it_answers():
    line = make_connection()
    store = open_store()
    store.land([make_arrival(line, "m1", thread_key="a"), make_arrival(line, "m2", thread_key="b")])

    store.land(
        [
            make_arrival(line, "m3", thread_key="x", answers=("unknown", "m2", "m1")),
            make_arrival(line, "m5", thread_key="z", answers=("m4",)),
            make_arrival(line, "m4", thread_key="y", answers=("m3",)),
            make_arrival(line, "m6", thread_key="own", answers=("m7",)),
            make_arrival(line, "m7", thread_key="own", answers=("m6",)),
        ]
    )

    messages = {m.remote_id: m.conversation.thread_key for m in Message.objects.all()}
    assert messages == {
        "m1": "a", "m2": "b", "m3": "b", "m4": "b", "m5": "b", "m6": "own", "m7": "own",
    }  # fmt: skip


def test_a_reply_to_our_answer_finds_its_conversation_by_the_networks_name_of_it():
    line = make_connection()
    store = open_store()
    store.land([make_arrival(line, "m1")])
    talk = Conversation.objects.get()
    ours = store.append(
        OurWords(
            institution_id=line.institution_id,
            connection_id=line.pk,
            conversation_id=talk.pk,
            direction="out",
            text="Sudah kami perbaiki",
            sent_at=NOON,
        )
    )

    assert store.know(line.pk, "ours-1", ours)
    assert store.know(line.pk, "ours-1", ours)
    assert not store.know(line.pk, "m1", ours)
    store.land([make_arrival(line, "m2", thread_key="elsewhere", answers=("ours-1",))])

    assert Message.objects.get(remote_id="m2").conversation == talk
    assert Message.objects.get(pk=ours).remote_id == "ours-1"
    assert store.land([make_arrival(line, "ours-1")]).repeats == 1


@pytest.mark.parametrize(
    ("state", "then", "is_open", "reopened"),
    [
        ("new", "new", True, 0),
        ("triaged", "triaged", True, 0),
        ("answered", "triaged", True, 0),
        ("waiting_citizen", "triaged", True, 0),
        ("no_action", "triaged", True, 0),
        ("resolved", "triaged", True, 1),
        ("confirmed", "triaged", True, 1),
        ("linked_to_case", "linked_to_case", False, 0),
        ("sealed", "sealed", False, 0),
        ("moderated", "moderated", False, 0),
    ],
)
def test_what_a_citizens_next_message_does_to_each_state(state, then, is_open, reopened):
    line = make_connection()
    store = open_store()
    store.land([make_arrival(line, "m1", preview="satu")])
    Conversation.objects.update(state=state, is_open=state in ("new", "triaged"), resolved_at=NOON)
    QueueCount.objects.update(state=state)

    store.land([make_arrival(line, "m2", sent_at=NOON + timedelta(days=3), preview="dua")])

    talk = Conversation.objects.get()
    assert (talk.state, talk.is_open, talk.reopened) == (then, is_open, reopened)
    assert talk.preview == ("satu" if state == "sealed" else "dua")
    assert {c.state: c.n for c in QueueCount.objects.filter(n__gt=0)} == {then: 1}


@pytest.mark.parametrize(("is_history", "then"), [(False, "triaged"), (True, "no_action")])
def test_a_complaint_that_comes_into_what_was_set_aside_is_kept_and_opens_it(is_history, then):
    line = make_connection()
    store = open_store()
    store.land([make_arrival(line, "m1", intent="praise")])
    Conversation.objects.update(state="no_action", is_open=False)
    QueueCount.objects.update(state="no_action")

    store.land([make_arrival(line, "m2", intent="complaint", is_history=is_history)])

    talk = Conversation.objects.get()
    assert (talk.state, talk.is_open) == (then, not is_history)
    assert talk.intent == ("praise" if is_history else "complaint")
    assert talk.messages_in == 2


def test_after_thirty_days_the_thread_goes_on_in_a_new_conversation():
    line = make_connection()
    store = open_store()
    store.land([make_arrival(line, "m1")])
    Conversation.objects.update(state="resolved", is_open=False, resolved_at=NOON)
    QueueCount.objects.update(state="resolved")
    later = NOON + timedelta(days=31)

    landed = store.land(
        [
            make_arrival(line, "m2", sent_at=later, received_at=later, answers=("m1",)),
            make_arrival(line, "m3", sent_at=later, received_at=later),
        ]
    )

    old, new = Conversation.objects.order_by("id")
    assert landed.opened_ids == [new.pk]
    assert (old.is_current, old.state, old.messages_in) == (False, "resolved", 1)
    assert (new.is_current, new.state, new.messages_in) == (True, "new", 2)
    assert {c.state: c.n for c in QueueCount.objects.all()} == {"resolved": 1, "new": 1}
    store.land([make_arrival(line, "m4", sent_at=later, thread_key="other", answers=("m1",))])
    assert Message.objects.get(remote_id="m4").conversation == new


def test_the_status_page_follows_a_thread_into_its_new_conversation():
    line = make_connection()
    open_store().land([make_arrival(line, "m1", receipt="kuitansi")])
    Conversation.objects.update(state="resolved", is_open=False, resolved_at=NOON)
    later = NOON + timedelta(days=31)
    open_store().land(
        [make_arrival(line, "m2", sent_at=later, received_at=later, receipt="kuitansi")]
    )
    old, new = Conversation.objects.order_by("id")
    assert (old.receipt, new.receipt) == ("", "kuitansi")


def test_what_a_citizen_adds_to_a_sealed_conversation_shows_no_subject_there():
    line = make_connection()
    open_store().land([make_arrival(line, "m1", subject="Laporan rahasia")])
    Conversation.objects.update(state="sealed", is_open=False, subject="", preview="")
    open_store().land([make_arrival(line, "m2", subject="Re: Laporan rahasia", preview="x")])
    early = NOON - timedelta(days=1)
    open_store().land([make_arrival(line, "m3", subject="Re: Laporan rahasia", sent_at=early)])
    talk = Conversation.objects.get()
    assert (talk.subject, talk.preview) == ("", "")


def test_an_automatic_message_is_kept_but_reopens_nothing_and_starts_no_clock():
    line = make_connection()
    store = open_store()
    store.land([make_arrival(line, "m1", preview="satu", due_at=NOON)])
    Conversation.objects.update(state="resolved", is_open=False, resolved_at=NOON)
    late = NOON + timedelta(days=90)

    store.land(
        [
            make_arrival(line, "auto", is_automatic=True, priority=2, received_at=late),
            make_arrival(
                line, "alone", thread_key="t2", is_automatic=True, due_at=NOON, priority=2
            ),
        ]
    )

    first, alone = Conversation.objects.order_by("id")
    assert (first.state, first.messages_in, first.preview, first.priority) == (
        "resolved", 2, "satu", 0,
    )  # fmt: skip
    assert (alone.state, alone.is_open, alone.due_at, alone.priority) == ("new", False, None, 0)


def test_priority_and_intent_only_become_graver_and_the_earliest_clock_runs():
    line = make_connection()
    store = open_store()
    hour = timedelta(hours=1)
    store.land([make_arrival(line, "m1", intent="complaint", priority=1, due_at=NOON + 4 * hour)])

    store.land(
        [
            make_arrival(line, "m2", intent="praise", priority=0, due_at=NOON + 5 * hour),
            make_arrival(
                line, "m3", intent="report_emergency", priority=2, due_at=NOON + hour, clock="e"
            ),
            make_arrival(line, "m4", intent="question", due_at=NOON + 6 * hour),
        ]
    )

    talk = Conversation.objects.get()
    assert (talk.intent, talk.priority) == ("report_emergency", 2)
    assert (talk.due_at, talk.clock) == (NOON + hour, "e")


def test_a_clock_that_was_answered_does_not_start_again():
    line = make_connection()
    store = open_store()
    store.land([make_arrival(line, "m1", due_at=NOON + timedelta(hours=4))])
    Conversation.objects.update(state="answered", first_answered_at=NOON)

    store.land([make_arrival(line, "m2", due_at=NOON)])

    assert Conversation.objects.get().due_at == NOON + timedelta(hours=4)


def test_what_became_private_stays_private():
    line = make_connection()
    store = open_store()
    store.land([make_arrival(line, "m1"), make_arrival(line, "m2", is_public=False)])
    store.land([make_arrival(line, "m3")])

    assert not Conversation.objects.get().is_public


def test_a_clock_of_the_sender_that_runs_ahead_is_not_believed():
    line = make_connection()
    open_store().land([make_arrival(line, sent_at=NOON + timedelta(days=400))])

    assert Conversation.objects.get().opened_at == NOON + timedelta(hours=3)


def test_a_citizen_who_was_forgotten_and_writes_again_can_be_answered():
    line = make_connection()
    store = open_store()
    store.land([make_arrival(line, "m1", identity='{"address": "a"}')])
    Citizen.objects.update(identity="", forgotten_at=NOON)

    store.land([make_arrival(line, "m2", identity='{"address": "b"}')])

    citizen = Citizen.objects.get()
    assert (citizen.identity, citizen.forgotten_at) == ('{"address": "b"}', None)


def test_the_identity_of_a_known_citizen_is_left_alone():
    line = make_connection()
    store = open_store()
    store.land([make_arrival(line, "m1", identity='{"address": "a"}')])
    store.land([make_arrival(line, "m2", identity='{"address": "b"}')])

    assert Citizen.objects.get().identity == '{"address": "a"}'
