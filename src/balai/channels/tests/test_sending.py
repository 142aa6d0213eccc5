"""Out of the house once, and only with proof: every ending of a dispatch."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from balai.channels import services, sweeps
from balai.channels.contract import (
    NotSent,
    OutcomeUnknown,
    Outgoing,
    Pending,
    Receipt,
    Refused,
)
from balai.channels.models import Attempt, Connection, Dispatch
from balai.channels.tests.make import make_connection, make_dispatch, raising, script
from balai.ground.clock import now
from balai.ground.models import Announcement

pytestmark = pytest.mark.django_db
YES = Receipt("at://post/1", url="https://jaringan.test/1", handle={"cid": "c"})


def again(dispatch):
    """Time passes: what waits is due, what was leased has lapsed."""
    before = now() - timedelta(seconds=1)
    Dispatch.objects.filter(pk=dispatch.pk).update(due_at=before)
    Dispatch.objects.filter(pk=dispatch.pk, leased_until__isnull=False).update(leased_until=before)
    Connection.objects.filter(pk=dispatch.connection_id).update(next_send_at=None)
    return Dispatch.objects.select_related("connection__institution").get(pk=dispatch.pk)


def states_told():
    return [a.facts["state"] for a in Announcement.objects.filter(name="DispatchSettled")]


def test_a_yes_makes_it_out_with_the_proof_and_every_step_told(monkeypatch):
    network = script(monkeypatch, publishes=lambda post: YES)
    dispatch = services.send(make_dispatch())
    assert (dispatch.state, dispatch.remote_id, dispatch.url) == ("out", YES.remote_id, YES.url)
    assert dispatch.attempts.get().outcome == Attempt.Outcome.OUT
    assert states_told() == ["sending", "out"]
    services.send(again(dispatch))
    assert len(network.given) == 1


def test_the_attempt_is_saved_before_the_network_is_asked(monkeypatch):
    seen = []
    script(monkeypatch, publishes=lambda post: seen.append(Attempt.objects.get().outcome) or YES)
    services.send(make_dispatch())
    assert seen == ["started"]


def test_nothing_is_out_without_a_remote_id():
    dispatch = make_dispatch()
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispatch.objects.filter(pk=dispatch.pk).update(state="out")


def test_a_final_no_ends_it_with_the_networks_words(monkeypatch):
    script(monkeypatch, publishes=raising(Refused("text too long", permanent=True)))
    dispatch = services.send(make_dispatch())
    assert (dispatch.state, dispatch.note) == ("refused", "text too long")
    assert dispatch.connection.state == "healthy"


def test_a_networks_odd_words_do_not_keep_us_from_noting_its_no(monkeypatch):
    script(monkeypatch, publishes=raising(Refused("no\x00 \ud800", permanent=True)))
    assert services.send(make_dispatch()).state == "refused"


def test_a_no_for_now_waits_as_long_as_the_network_asks_and_holds_the_whole_line(monkeypatch):
    network = script(
        monkeypatch,
        publishes=raising(Refused("slow down", permanent=False, wait=timedelta(minutes=7))),
    )
    dispatch = services.send(make_dispatch())
    assert dispatch.state == "waiting"
    assert dispatch.due_at > now() + timedelta(minutes=6)
    other = make_dispatch(dispatch.connection)
    sweeps.send_due()
    assert network.given == [dispatch.key]
    assert other.key not in network.given


def test_a_refused_sign_in_is_the_lines_trouble_and_the_message_waits(monkeypatch):
    script(monkeypatch, publishes=raising(Refused("bad password", permanent=True, signs_in=False)))
    dispatch = services.send(make_dispatch())
    connection = Connection.objects.get()
    assert dispatch.state == "waiting"
    assert (connection.state, connection.trouble) == ("broken", "bad password")
    assert connection.what_to_do
    assert Announcement.objects.filter(name="ConnectionBroke").count() == 1


def test_what_never_left_is_sent_again_later(monkeypatch):
    script(monkeypatch, publishes=raising(NotSent("no route")))
    dispatch = services.send(make_dispatch())
    assert dispatch.state == "waiting"
    script(monkeypatch, publishes=lambda post: YES)
    assert services.send(again(dispatch)).state == "out"
    assert [a.outcome for a in dispatch.attempts.all()] == ["not_sent", "out"]


@pytest.mark.parametrize("failure", [OutcomeUnknown("no answer"), ZeroDivisionError("our fault")])
def test_silence_after_sending_is_unknown_and_never_sent_again_blindly(monkeypatch, failure):
    network = script(
        monkeypatch, publishes=raising(failure), probes=raising(OutcomeUnknown("cannot tell"))
    )
    dispatch = services.send(make_dispatch())
    assert dispatch.state == "unknown"
    for _ in range(20):
        services.send(again(dispatch))
        sweeps.send_due()
        sweeps.confirm()
    assert len(network.given) == 1
    assert len(network.looked) == 12
    assert Dispatch.objects.get().state == "unknown"


def test_an_unknown_that_the_look_finds_is_out(monkeypatch):
    network = script(
        monkeypatch, publishes=raising(OutcomeUnknown("dropped")), probes=lambda post: YES
    )
    dispatch = services.send(make_dispatch())
    dispatch = services.look_again(again(dispatch))
    assert (dispatch.state, dispatch.remote_id) == ("out", YES.remote_id)
    assert len(network.given) == 1


def test_an_unknown_that_surely_is_not_there_is_sent_again_with_the_same_key(monkeypatch):
    network = script(
        monkeypatch, publishes=raising(OutcomeUnknown("dropped")), probes=lambda post: None
    )
    dispatch = services.send(make_dispatch())
    dispatch = services.look_again(again(dispatch))
    assert dispatch.state == "waiting"
    script_chosen = dispatch.chosen
    network.publishes = staticmethod(lambda post: Receipt(post.chosen))
    dispatch = services.send(again(dispatch))
    assert dispatch.remote_id == script_chosen
    assert network.given == [dispatch.key, dispatch.key]


def test_a_look_is_told_when_the_thing_was_last_tried(monkeypatch):
    asked = []
    script(
        monkeypatch,
        publishes=raising(OutcomeUnknown("dropped")),
        probes=lambda post: asked.append(post.tried_at) or YES,
    )
    dispatch = services.send(make_dispatch())
    services.look_again(again(dispatch))
    assert asked == [dispatch.attempts.first().started_at]


def test_a_publication_that_finishes_later_is_confirmed_by_looking(monkeypatch):
    network = script(
        monkeypatch,
        publishes=lambda post: Pending({"container": "9"}),
        follows=lambda post, handle: Receipt(f"media-{handle['container']}"),
    )
    dispatch = services.send(make_dispatch())
    assert dispatch.state == "confirming"
    dispatch = services.look_again(again(dispatch))
    assert (dispatch.state, dispatch.remote_id) == ("out", "media-9")
    assert len(network.given) == 1


def test_a_claim_of_a_dead_worker_becomes_unknown_not_waiting(monkeypatch):
    script(monkeypatch)
    dispatch = make_dispatch(state="sending", fence=1, leased_until=now() - timedelta(seconds=1))
    Attempt.objects.create(dispatch=dispatch, fence=1, started_at=now())
    assert services.give_up_lapsed() == 1
    dispatch.refresh_from_db()
    assert dispatch.state == "unknown"
    assert dispatch.attempts.get().outcome == "unknown"


def test_proof_counts_even_from_a_worker_that_was_thought_dead(monkeypatch):
    def slow(post):
        before = now() - timedelta(seconds=1)
        Dispatch.objects.filter(key=post.key).update(leased_until=before)
        services.give_up_lapsed()
        services.look_again(again(Dispatch.objects.get(key=post.key)))
        return YES

    script(monkeypatch, publishes=slow, probes=raising(OutcomeUnknown("not yet")))
    assert services.send(make_dispatch()).state == "out"


def test_the_same_key_is_the_same_thing():
    connection = make_connection()
    post = Outgoing(key="satu", text="Halo")
    first = services.entrust(connection, post, purpose="t", ref=1, due_at=now())
    second = services.entrust(connection, post, purpose="t", ref=1, due_at=now())
    assert first.pk == second.pk


def test_a_thing_can_be_called_off_only_before_it_begins_to_leave(monkeypatch):
    network = script(monkeypatch, publishes=lambda post: YES)
    early, late = make_dispatch(), make_dispatch()
    assert services.call_off(early) is True
    services.send(late)
    assert services.call_off(late) is False
    services.send(again(early))
    assert network.given == [late.key]


def test_nothing_leaves_on_a_paused_line(monkeypatch):
    network = script(monkeypatch, publishes=lambda post: YES)
    dispatch = make_dispatch(make_connection(state="paused"))
    sweeps.send_due()
    services.send(dispatch)
    assert network.given == []


def test_what_goes_out_is_sealed_at_rest():
    from django.db import connection as database

    make_dispatch()
    with database.cursor() as cursor:
        cursor.execute("SELECT outgoing FROM channels_dispatch")
        (kept,) = cursor.fetchone()
    assert "Halo" not in kept


def test_a_connector_that_breaks_while_looking_leaves_the_thing_unknown(monkeypatch):
    script(
        monkeypatch,
        publishes=raising(OutcomeUnknown("silence")),
        probes=raising(ZeroDivisionError("oops")),
    )
    dispatch = services.look_again(again(services.send(make_dispatch())))
    assert dispatch.state == "unknown"
    assert dispatch.attempts.last().ended_at is not None
