"""A citizen asks on Mastodon, the desk answers, and the answer stands in the thread once.

The citizen and the judge are Mastodon.py, unmodified; the network is a server process.
"""

from collections.abc import Iterator
from datetime import timedelta

import mastodon
import pytest

from balai.channels import services, sweeps
from balai.channels.models import Attempt, Connection, Dispatch
from balai.ground.clock import now
from balai.ground.services import deliver
from balai.inbox import sweeps as inbox
from balai.inbox.models import Conversation
from balai.inbox.tests.talking import say, send_all
from balai.people.tests.make import make_institution, make_member
from tests.peers.mastodon_server import MastodonServer
from tests.peers.throttle import Fault, Throttle

pytestmark = [pytest.mark.peer, pytest.mark.django_db]


@pytest.fixture(scope="module")
def server() -> Iterator[MastodonServer]:
    with MastodonServer("kota", "warga", "orang_lain") as running:
        yield running


@pytest.fixture
def proxy(server) -> Iterator[Throttle]:
    with Throttle(server.url) as between:
        yield between


def client(server: MastodonServer, name: str) -> mastodon.Mastodon:
    return mastodon.Mastodon(access_token=server.tokens[name], api_base_url=server.url)


@pytest.fixture
def citizen(server) -> mastodon.Mastodon:
    return client(server, "warga")


@pytest.fixture
def institution():
    return make_institution()


@pytest.fixture
def officer(institution):
    return make_member(institution, "responder", name="Rina")


@pytest.fixture
def line(institution, server, proxy) -> Connection:
    admin = make_member(institution, "channel_admin")
    answers = {"server": proxy.url, "access_token": server.tokens["kota"]}
    connection = services.connect(
        institution=institution, channel="mastodon", name="Mastodon kota", answers=answers, by=admin
    )
    look(connection)  # what other tests left
    Conversation.objects.all().update(is_open=False)
    return connection


def look(connection: Connection) -> None:
    """Let the clock strike: one look, and what it brought is landed."""
    Connection.objects.filter(pk=connection.pk).update(next_look_at=now() - timedelta(seconds=1))
    sweeps.poll()
    while inbox.take_in():
        pass
    deliver()


def question(connection: Connection, status: mastodon.return_types.Status) -> Conversation:
    look(connection)
    return Conversation.objects.get(connection=connection, messages__remote_id=status.id)


def answers_to(judge: mastodon.Mastodon, status: mastodon.return_types.Status) -> list:
    return judge.status_context(status.id).descendants


def test_a_wrong_token_is_refused_with_the_networks_words(institution, server):
    admin = make_member(institution, "channel_admin")
    answers = {"server": server.url, "access_token": "salah"}
    with pytest.raises(services.CannotConnect, match="access token is invalid"):
        services.connect(
            institution=institution, channel="mastodon", name="x", answers=answers, by=admin
        )


def test_an_answer_stands_in_the_citizens_thread_once(server, line, officer, citizen):
    asked = citizen.status_post("@kota lampu mati di https://peta.example/jalan/merdeka/nomor/17")
    conversation = question(line, asked)
    assert conversation.messages.get().text == (
        "@kota lampu mati di https://peta.example/jalan/merdeka/nomor/17"
    )

    say(conversation, officer, "Petugas datang jam 10.\nTerima kasih.")
    send_all()

    (answer,) = answers_to(client(server, "orang_lain"), asked)
    assert answer.account.acct == "kota"
    assert answer.in_reply_to_id == asked.id
    assert "Petugas datang jam 10.<br />Terima kasih." in answer.content
    assert citizen.notifications(types=["mention"])[0].status.id == answer.id
    assert Dispatch.objects.get().remote_id == answer.id
    look(line)
    assert conversation.messages.filter(direction="in").count() == 1


def test_a_direct_message_is_answered_directly(server, line, officer, citizen):
    asked = citizen.status_post("@kota saya malu bertanya", visibility="direct")
    conversation = question(line, asked)
    assert not conversation.is_public

    say(conversation, officer, "Tidak apa-apa.")
    send_all()

    (answer,) = answers_to(citizen, asked)
    assert answer.visibility == "direct"
    assert [person.acct for person in answer.mentions] == ["warga"]
    with pytest.raises(mastodon.MastodonNotFoundError):
        client(server, "orang_lain").status(answer.id)


def test_an_answer_whose_proof_was_lost_is_found_and_not_doubled(
    server, proxy, line, officer, citizen
):
    asked = citizen.status_post("@kota kapan air mengalir?")
    conversation = question(line, asked)
    proxy.will(Fault.drop(forward=True), on="/api/v1/statuses")

    say(conversation, officer, "Nanti malam.")
    send_all()
    assert Dispatch.objects.get().state == "unknown"
    Dispatch.objects.update(due_at=now())
    sweeps.confirm()

    (answer,) = answers_to(citizen, asked)
    assert (Dispatch.objects.get().state, Dispatch.objects.get().remote_id) == ("out", answer.id)


def test_an_answer_that_never_left_goes_out_once_after_a_look(
    server, proxy, line, officer, citizen
):
    asked = citizen.status_post("@kota ada beras?")
    conversation = question(line, asked)
    proxy.will(Fault.drop(forward=False), on="/api/v1/statuses")
    say(conversation, officer, "Ada, di gudang.")
    send_all()
    Dispatch.objects.update(due_at=now())
    sweeps.confirm()
    assert Dispatch.objects.get().state == "unknown"  # the request may still be at work

    Attempt.objects.update(started_at=now() - timedelta(minutes=2))
    Dispatch.objects.update(due_at=now())
    sweeps.confirm()
    assert answers_to(citizen, asked) == []
    send_all()

    assert len(answers_to(citizen, asked)) == 1
    assert Dispatch.objects.get().state == "out"


def test_a_worker_that_sends_twice_leaves_one_status(server, proxy, line, officer, citizen):
    asked = citizen.status_post("@kota halo?")
    conversation = question(line, asked)
    say(conversation, officer, "Halo juga.")
    send_all()
    Dispatch.objects.update(state="waiting", due_at=now(), remote_id="")
    send_all()
    assert len(answers_to(citizen, asked)) == 1


def test_what_a_citizen_took_back_is_taken_back_here(server, line, officer, citizen):
    asked = citizen.status_post("@kota salah kirim, maaf")
    conversation = question(line, asked)
    citizen.status_delete(asked.id)
    look(line)
    message = conversation.messages.get(direction="in")
    assert "taken_back_at" in message.extra
