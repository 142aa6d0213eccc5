"""Into the house: kept byte for byte before anybody understands it, and never lost."""

from datetime import timedelta

import pytest

from balai.channels import services, sweeps
from balai.channels.contract import Fetched, NotSent, Refused, Returned
from balai.channels.models import Connection, Parcel
from balai.channels.tests.make import make_connection, make_dispatch, raising, script
from balai.ground.clock import now
from balai.ground.log import open_log
from balai.ground.models import Announcement, LogBatch
from balai.people.tests.make import make_institution

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
