"""Into the house: kept byte for byte before anybody understands it, and never lost."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import ClassVar

import pytest
from django.test import Client
from django.urls import reverse

from balai.channels import selectors, services, sweeps
from balai.channels.contract import Can, Fetched, NotSent, Refused, Returned
from balai.channels.models import Connection, Parcel
from balai.channels.tests.make import (
    Scripted,
    make_connection,
    make_dispatch,
    raising,
    script,
)
from balai.ground.clock import now
from balai.ground.log import open_log
from balai.ground.models import Announcement, LogBatch
from balai.people.tests.make import make_institution, make_member

pytestmark = pytest.mark.django_db


def due(connection):
    Connection.objects.filter(pk=connection.pk).update(next_look_at=now() - timedelta(seconds=1))
    return Connection.objects.get(pk=connection.pk)


def test_a_look_keeps_the_parcels_and_moves_the_cursor_together(monkeypatch):
    script(monkeypatch, fetches=lambda cursor: Fetched((b"satu", b"dua"), "2"))
    connection = make_connection()
    assert services.look(connection) == 2
    assert [bytes(p.body) for p in Parcel.objects.order_by("pk")] == [b"satu", b"dua"]
    assert Connection.objects.get().cursor == "2"
    assert open_log().depth().items == 2


def test_two_workers_do_not_look_at_the_same_time(monkeypatch):
    asked = []
    script(monkeypatch, fetches=lambda cursor: asked.append(cursor) or Fetched((), "1"))
    connection = make_connection()
    stale = Connection.objects.get(pk=connection.pk)
    services.look(connection)
    services.look(stale)
    assert asked == [""]


def test_a_line_is_red_with_advice_after_three_failures_and_green_again_after_one_answer(
    monkeypatch,
):
    script(monkeypatch, fetches=raising(NotSent("no route")))
    connection = make_connection()
    for expected in ("troubled", "troubled", "broken"):
        services.look(due(connection))
        assert Connection.objects.get().state == expected
    assert "no route" in Connection.objects.get().trouble
    assert Connection.objects.get().what_to_do
    script(monkeypatch, fetches=lambda cursor: Fetched((), ""))
    services.look(due(connection))
    assert Connection.objects.get().state == "healthy"
    names = Announcement.objects.values_list("name", flat=True).order_by("id")
    assert list(names) == ["ConnectionBroke", "ConnectionMended"]


def test_a_refused_sign_in_makes_the_line_red_at_once(monkeypatch):
    script(monkeypatch, fetches=raising(Refused("no", permanent=True, signs_in=False)))
    services.look(make_connection())
    assert Connection.objects.get().state == "broken"


def test_a_failed_look_leaves_the_cursor_where_it_was(monkeypatch):
    script(monkeypatch, fetches=raising(NotSent("no route")))
    services.look(make_connection(cursor="41"))
    assert Connection.objects.get().cursor == "41"


def test_garbage_and_a_connectors_own_fault_do_not_cost_the_other_parcels(monkeypatch):
    script(monkeypatch)
    connection = make_connection()
    services.keep_parcels(connection, [b"garbage", b"bug", b"baik"])
    opened = services.unpack(Parcel.objects.order_by("pk"))
    assert [bool(one.trouble) for one in opened] == [True, True, False]
    assert opened[2].found[0].text == "baik"


def test_a_bell_that_was_lost_is_rung_again(monkeypatch):
    services.keep_parcels(make_connection(), [b"satu"])
    LogBatch.objects.all().delete()
    assert sweeps.tend_stranded() == 0
    Parcel.objects.update(arrived_at=now() - timedelta(hours=1))
    assert sweeps.tend_stranded() == 1
    assert open_log().depth().items == 1


def test_urgent_lines_overtake(monkeypatch):
    services.keep_parcels(make_connection(), [b"biasa"])
    services.keep_parcels(make_connection(is_urgent=True), [b"penting"])
    assert LogBatch.objects.order_by("-is_urgent", "id").first().is_urgent


def test_a_bounce_is_told_once_to_whoever_asked_for_the_message():
    dispatch = make_dispatch(state="out", remote_id="<m@x>")
    news = Returned("<m@x>", arrived=False, permanent=True, words="550 no such user")
    services.note_returned(dispatch.connection, news)
    services.note_returned(dispatch.connection, news)
    assert Announcement.objects.filter(name="AnswerReturned").count() == 1


@pytest.mark.parametrize("state", ["unknown", "sending"])
def test_news_under_the_id_that_we_chose_proves_that_a_doubtful_message_left(state):
    dispatch = make_dispatch(state=state, chosen="terpilih")
    services.note_returned(dispatch.connection, Returned("terpilih", True, False, "sampai"))
    dispatch.refresh_from_db()
    assert (dispatch.state, dispatch.remote_id, dispatch.note) == ("out", "terpilih", "sampai")
    assert "DispatchSettled" in set(Announcement.objects.values_list("name", flat=True))


def test_a_part_that_is_lost_outweighs_parts_that_arrive_before_and_after():
    dispatch = make_dispatch(state="out", remote_id="jauh", chosen="jauh")
    for arrived, words in ((True, "sampai"), (False, "ditolak"), (True, "sampai")):
        news = Returned("jauh", arrived, not arrived, words)
        services.note_returned(dispatch.connection, news)
    dispatch.refresh_from_db()
    assert dispatch.returned_at is not None
    assert dispatch.note == "ditolak"


def test_a_network_that_knows_only_get_brings_its_parcels_in_the_query():
    connection = make_connection(channel="sms", next_look_at=None)
    query = "from=628110000001&text=%00A%FF+x"
    address = reverse("channels:hook", args=[connection.address])
    assert Client().get(f"{address}?{query}").status_code == 200
    assert bytes(Parcel.objects.get().body) == query.encode()
    assert Client().get(address).status_code == 403
    assert Parcel.objects.count() == 1


def test_read_parcels_go_after_thirty_days_and_unreadable_ones_stay():
    old = now() - timedelta(days=31)
    connection = make_connection()
    for state in ("read", "unreadable", "waiting"):
        Parcel.objects.create(connection=connection, body=b"x", arrived_at=old, state=state)
    Parcel.objects.create(connection=connection, body=b"x", arrived_at=now(), state="read")
    assert sweeps.drop_old_parcels() == 1
    assert Parcel.objects.count() == 3


def test_all_lines_of_an_account_that_is_not_ours_any_more_stop_at_once(monkeypatch):
    from balai.registry.tests.make import make_account

    account = make_account(make_institution())
    script(monkeypatch, fetches=lambda cursor: Fetched((b"satu",), "1"))
    lines = [make_connection(account.institution, account=account) for _ in range(2)]
    other = make_connection(account.institution)
    assert services.pause_lines_of(account.pk, "dibajak") == 2
    states = {c.pk: c.state for c in Connection.objects.all()}
    assert [states[line.pk] for line in lines] == ["paused", "paused"]
    assert states[other.pk] == "healthy"


def test_a_connector_that_breaks_while_looking_makes_its_line_red_too(monkeypatch):
    script(monkeypatch, fetches=raising(ZeroDivisionError("oops")))
    connection = make_connection()
    for _ in range(3):
        assert services.look(due(connection)) == 0
    assert Connection.objects.get().state == "broken"
    assert "oops" in Connection.objects.get().trouble


def test_old_parcels_go_some_at_a_time(monkeypatch):
    monkeypatch.setattr(sweeps, "DROPPED_AT_ONCE", 2)
    services.keep_parcels(make_connection(), [b"a", b"b", b"c"])
    Parcel.objects.update(state="read", arrived_at=now() - timedelta(days=31))
    assert [sweeps.drop_old_parcels() for _ in range(3)] == [2, 1, 0]


def test_a_network_that_asks_to_be_left_alone_is_left_alone(monkeypatch):
    script(monkeypatch, fetches=lambda _: Fetched((), "1", more=True, rest=timedelta(hours=2)))
    connection = make_connection()
    services.look(connection)
    next_look_at = Connection.objects.get().next_look_at
    assert timedelta(minutes=119) < next_look_at - now() <= timedelta(hours=2)


def test_a_network_that_is_gone_for_good_is_not_asked_again(monkeypatch):
    script(monkeypatch, fetches=raising(Refused("410 Gone", permanent=True, is_final=True)))
    connection = make_connection()
    services.look(connection)
    line = Connection.objects.get()
    assert (line.state, line.next_look_at) == (Connection.State.BROKEN, None)
    assert "410 Gone" in line.trouble
    assert sweeps.poll() == 0


class Album(Scripted):
    """A network whose webhook brings the parts of a message one by one."""

    can = Scripted.can | Can.HEAR | Can.GATHER
    gathers: ClassVar[Callable[[Sequence[bytes]], tuple[bytes, ...]]]

    def is_genuine(self, headers, body):
        return True

    def gather(self, brought):
        return type(self).gathers(brought)


@pytest.fixture
def album(monkeypatch):
    script(monkeypatch, fetches=lambda cursor: Fetched((), cursor))
    Album.gathers = staticmethod(lambda brought: (b" ".join(brought),))
    monkeypatch.setattr(selectors, "CONNECTORS", {**selectors.CONNECTORS, "helloworld": Album})
    connection = make_connection(next_look_at=None)
    client = Client()
    for part in (b"satu", b"dua"):
        client.post(f"/hook/{connection.address}/", part, content_type="application/json")
    return connection


def let_time_pass(connection, **time):
    for parcel in Parcel.objects.filter(state="held"):
        Parcel.objects.filter(pk=parcel.pk).update(arrived_at=parcel.arrived_at - timedelta(**time))
    return due(connection)


def test_what_a_webhook_brings_in_parts_is_kept_at_once_and_read_as_one(album):
    assert [p.state for p in Parcel.objects.all()] == ["held", "held"]
    assert open_log().depth().items == 0
    assert Connection.objects.get().next_look_at <= now() + timedelta(seconds=2)

    services.look(let_time_pass(album, seconds=3))

    assert [bytes(p.body) for p in Parcel.objects.filter(state="waiting")] == [b"satu dua"]
    assert not Parcel.objects.filter(state="held").exists()
    assert open_log().depth().items == 1


def test_parts_that_may_not_be_all_wait_a_moment_but_not_for_ever(album):
    services.look(due(album))
    assert Parcel.objects.filter(state="held").count() == 2
    assert Connection.objects.get().next_look_at <= now() + timedelta(seconds=2)

    first = Parcel.objects.order_by("pk").first()
    Parcel.objects.filter(pk=first.pk).update(arrived_at=now() - timedelta(seconds=11))
    services.look(due(album))
    assert not Parcel.objects.filter(state="held").exists()


def test_what_cannot_be_completed_now_stays_held_and_the_line_says_why(album):
    Album.gathers = staticmethod(raising(NotSent("no connection")))
    services.look(let_time_pass(album, seconds=3))
    assert Parcel.objects.filter(state="held").count() == 2
    assert Connection.objects.get().trouble == "no connection"


def test_a_line_that_ends_reads_what_is_held_as_it_came(album):
    services.close_connection(album, by=make_member(album.institution, "channel_admin"))
    assert [p.state for p in Parcel.objects.all()] == ["waiting", "waiting"]
    assert open_log().depth().items == 2
