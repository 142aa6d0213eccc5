"""A citizen's SMS becomes a conversation, the answer reaches the phone once: by a real Kannel."""

import os
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from balai.channels import services
from balai.channels.models import Connection, Dispatch, Parcel
from balai.ground.clock import now
from balai.ground.services import deliver
from balai.inbox import sweeps as inbox
from balai.inbox.models import Conversation, Message
from balai.inbox.tests.talking import say, send_all, signed_in
from balai.people.tests.make import make_institution, make_member
from tests.peers.kannel import OFFICE, PASSWORD, USER, Kannel
from tests.peers.throttle import Fault, Throttle
from tests.peers.waiting import wait_until

pytestmark = [pytest.mark.peer, pytest.mark.django_db(transaction=True)]
CITIZEN = "628110000001"


@pytest.fixture(scope="session")
def kannel_is_here() -> None:
    if not Kannel.is_here() and not os.environ.get("CI"):
        pytest.skip("kannel is not installed here")


@pytest.fixture
def institution(settings, live_server):
    settings.BALAI_ADDRESS = live_server.url
    return make_institution(is_sample=True)  # its administrator needs no second factor


@pytest.fixture
def admin(institution):
    return make_member(institution, "channel_admin")


@pytest.fixture
def officer(institution):
    return make_member(institution, "responder", name="Rina")


@pytest.fixture
def kannel(kannel_is_here) -> Iterator[Kannel]:
    with Kannel() as running:
        yield running


@pytest.fixture
def proxy(kannel) -> Iterator[Throttle]:
    with Throttle(kannel.url) as between:
        yield between


def answers(url: str, password: str = PASSWORD) -> dict[str, str]:
    return {
        "sendsms_address": f"{url}/cgi-bin/sendsms",
        "username": USER,
        "password": password,
        "sender": OFFICE,
    }


@pytest.fixture
def line(institution, admin, kannel, proxy) -> Connection:
    """Connected, and what the console shows is entered at the gateway."""
    made = services.connect(
        institution=institution, channel="sms", name="SMS", answers=answers(proxy.url), by=admin
    )
    kannel.call(entered_by(admin, made))
    return made


def entered_by(admin, line: Connection) -> str:
    """The address as an officer copies it from the page."""
    page = signed_in(admin).get("/kanal/").context["lines"]
    (shown,) = [one.to_enter_there for one in page if one.connection == line]
    assert line.address in shown
    return str(shown)


def take_in(parcels: int) -> None:
    """Wait until the gateway has called so often, and land what it brought."""
    wait_until(lambda: Parcel.objects.count() >= parcels, 30, what=f"parcel {parcels}")
    while inbox.take_in():
        pass
    deliver()


def test_a_citizens_sms_lands_and_the_answer_reaches_the_phone_once_and_is_reported(
    kannel, line, officer
):
    kannel.text(CITIZEN, "Lampu & jalan=mati di RW 5 🙏 100%")
    take_in(1)
    conversation = Conversation.objects.get()
    assert Message.objects.get().text == "Lampu & jalan=mati di RW 5 🙏 100%"
    assert not conversation.is_public

    say(conversation, officer, "Petugas datang jam 10.")
    send_all()
    send_all()

    assert kannel.arrives() == [(f"+{CITIZEN}", "Petugas datang jam 10.")]
    take_in(2)
    dispatch = Dispatch.objects.get()
    assert dispatch.state == "out"
    assert dispatch.note == "the phone has it"
    assert dispatch.returned_at is None

    kannel.text(f"+{CITIZEN}", "Terima kasih")
    take_in(3)
    assert Conversation.objects.count() == 1
    assert kannel.on_phones() == [(f"+{CITIZEN}", "Petugas datang jam 10.")]


def test_six_parts_reach_the_phone_whole_and_nothing_is_cut(kannel, line, officer):
    kannel.text(CITIZEN, "Bagaimana caranya?")
    take_in(1)
    text = "x" * 917 + "y"
    say(Conversation.objects.get(), officer, text)
    send_all()
    words = "".join(words for _, words in kannel.arrives(6))
    assert words == text
    assert Dispatch.objects.get().handle["parts"] == 6


def test_an_answer_whose_proof_was_lost_is_proved_by_its_report_and_is_not_doubled(
    kannel, proxy, line, officer
):
    kannel.text(CITIZEN, "Kapan air mengalir?")
    take_in(1)
    proxy.will(Fault.drop(forward=True), on="sendsms")
    say(Conversation.objects.get(), officer, "Nanti malam.")
    send_all()
    assert Dispatch.objects.get().state == "unknown"

    take_in(2)
    Dispatch.objects.update(due_at=now() - timedelta(seconds=1))
    send_all()

    assert Dispatch.objects.get().state == "out"
    assert kannel.arrives() == [(f"+{CITIZEN}", "Nanti malam.")]


def test_a_report_that_the_operator_refused_it_outweighs_another_part_that_arrived(
    kannel, line, officer
):
    kannel.text(CITIZEN, "Ada beras?")
    take_in(1)
    say(Conversation.objects.get(), officer, "Ada.")
    send_all()
    take_in(2)
    remote_id = Dispatch.objects.get().remote_id
    hook = entered_by(make_member(line.institution, "channel_admin"), line).partition("?")[0]
    for state, words in ((16, "NACK%2F0x0b"), (1, "")):  # the fake operator refuses nothing
        report = f"{hook}?report={remote_id}&state={state}&words={words}"
        assert httpx.get(report, trust_env=False).status_code == 200
    take_in(4)
    dispatch = Dispatch.objects.get()
    assert dispatch.returned_at is not None
    assert "NACK/0x0b" in dispatch.note


def test_a_wrong_password_is_refused_in_words_and_nothing_is_kept(institution, admin, kannel):
    with pytest.raises(services.CannotConnect, match="does not accept user and password"):
        services.connect(
            institution=institution,
            channel="sms",
            name="SMS",
            answers=answers(kannel.url, "salah-sandi"),
            by=admin,
        )
    assert not Connection.objects.exists()


def test_who_does_not_know_the_address_brings_nothing(admin, line):
    known = entered_by(admin, line).partition("?")[0]
    guessed = known.replace(line.address, "tebakan")
    query = "from=628110000009&at=1&id=a&text=palsu"
    assert httpx.get(f"{guessed}?{query}", trust_env=False).status_code == 404
    assert not Parcel.objects.exists()
    assert httpx.get(f"{known}?{query}", trust_env=False).status_code == 200
    assert Parcel.objects.exists()
