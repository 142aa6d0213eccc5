"""Webhooks: signed, retried under one id, resting, switched off, and empty of persons."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from balai.channels.contract import Receipt
from balai.channels.tests.make import script
from balai.desk import services
from balai.desk.models import Endpoint, HookDelivery, Notice
from balai.desk.rules import hooks as rules
from balai.governance.selectors import entries_of, verify_chain
from balai.ground.clock import now
from balai.ground.services import deliver
from balai.inbox.services import assign
from balai.inbox.tests.talking import hear, make_line, say, send_all
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member


def test_the_signature_is_that_of_the_specs_own_example():
    """The test vector that the Standard Webhooks libraries publish."""
    assert (
        rules.signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_rests_grow_and_one_fact_has_one_id_for_each_address():
    assert all(a < b for a, b in zip(rules.WAITS, rules.WAITS[1:], strict=False))
    assert rules.wait_after(1) == rules.WAITS[0]
    assert rules.wait_after(99) == rules.WAITS[-1]
    assert rules.message_id(1, "a", "x") == rules.message_id(1, "a", "x")
    assert len({rules.message_id(e, k, s) for e in (1, 2) for k in "ab" for s in "xy"}) == 8


class Receiver:
    """Another system on this machine: answers what a test tells it to, and keeps what it got."""

    def __init__(self):
        self.got, self.answers, self.headers = [], [], {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append((dict(self.headers.items()), body))
                status = receiver.answers.pop(0) if receiver.answers else 204
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/terima"


@pytest.fixture
def receiver(settings):
    settings.BALAI_PRIVATE_HOSTS = ["127.0.0.1"]
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


@pytest.fixture
def city(db):
    return make_institution()


@pytest.fixture
def chief(city):
    return make_member(city, "case_coordinator", name="Lasmi")


@pytest.fixture
def hook(city, chief, receiver):
    endpoint, secret = services.add_endpoint(
        institution=city, name="Gudang data", url=receiver.url, kinds=rules.KINDS, by=chief
    )
    endpoint.known_secret = secret
    return endpoint


def flow():
    while deliver():
        pass
    while services.send_due_hooks():
        pass


def wake():
    """The rest is over."""
    Endpoint.objects.update(rests_until=None)
    HookDelivery.objects.filter(state="waiting").update(next_at=now())


def test_what_happens_arrives_signed_and_names_no_person(city, chief, hook, receiver, monkeypatch):
    script(monkeypatch, publishes=lambda post: Receipt(f"jauh-{post.key}"))
    conversation = hear(
        make_line(city), "Nama saya Budi, telepon 081234567890", preview="Nama saya Budi"
    )
    assign(conversation, by=chief, to=chief)
    say(conversation, chief)
    send_all()
    flow()
    kinds = [json.loads(body)["type"] for _, body in receiver.got]
    assert {"message.received", "conversation.moved", "conversation.answered"} <= set(kinds)
    for headers, body in receiver.got:
        stamp, number = headers["webhook-timestamp"], headers["webhook-id"]
        key = base64.b64decode(hook.known_secret.removeprefix("whsec_"))
        wanted = hmac.new(key, f"{number}.{stamp}.".encode() + body, hashlib.sha256).digest()
        assert headers["webhook-signature"] == "v1," + base64.b64encode(wanted).decode()
        said = json.loads(body)["data"]
        assert said["institution"] == city.slug
        assert set(said) <= {"institution", "conversation", "message", "state", "version", "step"}
        assert b"Budi" not in body
        assert b"0812" not in body
        assert b"Lasmi" not in body
    numbers = [headers["webhook-id"] for headers, _ in receiver.got]
    assert len(numbers) == len(set(numbers))


def test_a_fact_that_is_heard_twice_is_one_message(city, hook, receiver):
    for _ in range(2):
        services.ring(city.pk, "conversation.answered", [("7", {"conversation": 7})])
    flow()
    assert len(receiver.got) == 1


def test_a_failure_is_tried_again_later_under_the_same_id(city, hook, receiver):
    receiver.answers = [500, 503]
    services.ring(city.pk, "conversation.answered", [("7", {"conversation": 7})])
    flow()
    first = HookDelivery.objects.get()
    assert (first.state, first.attempts, first.status) == ("waiting", 1, None)
    assert first.next_at > now()
    flow()
    assert len(receiver.got) == 1
    for _ in range(2):
        wake()
        flow()
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    done = HookDelivery.objects.get()
    assert (done.state, done.attempts, done.status) == ("delivered", 3, 204)
    assert Endpoint.objects.get().failures == 0


def test_a_receiver_that_asks_for_time_gets_it(city, hook, receiver):
    receiver.answers, receiver.headers = [429], {"Retry-After": "7200"}
    services.ring(city.pk, "conversation.answered", [("7", {"conversation": 7})])
    flow()
    assert Endpoint.objects.get().rests_until > now() + timedelta(minutes=110)


def test_while_an_address_rests_nothing_knocks_and_nothing_is_lost(city, hook, receiver):
    receiver.answers = [500]
    for number in range(5):
        services.ring(city.pk, "conversation.answered", [(str(number), {"conversation": number})])
    flow()
    assert len(receiver.got) == 1
    wake()
    flow()
    assert HookDelivery.objects.filter(state="delivered").count() == 5


def test_after_many_failures_it_is_switched_off_with_a_notice_and_can_be_woken(
    city, chief, hook, receiver
):
    receiver.answers = [500] * len(rules.WAITS)
    services.ring(city.pk, "conversation.answered", [("7", {"conversation": 7})])
    for _ in range(len(rules.WAITS) + 3):
        wake()
        flow()
    endpoint, delivery = Endpoint.objects.get(), HookDelivery.objects.get()
    assert (endpoint.state, delivery.state) == ("broken", "failed")
    assert len(receiver.got) == len(rules.WAITS)
    assert [(n.kind, n.member) for n in Notice.objects.all()] == [("hook", chief)]
    assert [e.did for e in entries_of(endpoint)][-1] == "hook.broken"
    services.switch_endpoint(endpoint, on=True, by=chief)
    services.send_again(delivery, by=chief)
    flow()
    delivery.refresh_from_db()
    assert delivery.state == "delivered"
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert verify_chain(city.pk).holds


def test_a_receiver_that_is_gone_is_believed_at_once(city, hook, receiver):
    receiver.answers = [410]
    services.ring(city.pk, "conversation.answered", [("7", {"conversation": 7})])
    flow()
    assert Endpoint.objects.get().state == "broken"


def test_a_redirect_is_not_followed(city, hook, receiver):
    receiver.answers, receiver.headers = [302], {"Location": "http://127.0.0.1:1/"}
    services.ring(city.pk, "conversation.answered", [("7", {"conversation": 7})])
    flow()
    assert HookDelivery.objects.get().state == "waiting"
    assert len(receiver.got) == 1


def test_what_a_dead_worker_had_goes_out_again_under_its_id(city, hook, receiver):
    services.ring(city.pk, "conversation.answered", [("7", {"conversation": 7})])
    HookDelivery.objects.update(state="sending", leased_until=now() - timedelta(seconds=1), fence=1)
    flow()
    assert HookDelivery.objects.get().state == "delivered"


def test_an_address_inside_is_out_of_reach_unless_the_operator_opened_it(
    city, hook, receiver, settings
):
    settings.BALAI_PRIVATE_HOSTS = []
    services.ring(city.pk, "conversation.answered", [("7", {"conversation": 7})])
    flow()
    assert receiver.got == []
    assert "BALAI_PRIVATE_HOSTS" in HookDelivery.objects.get().trouble


@pytest.mark.parametrize(
    "url",
    [
        "http://contoh.test/x",
        "ftp://contoh.test/",
        "https://nama:sandi@contoh.test/",
        "https://contoh.test/#x",
        "https:///x",
        "https://contoh.test:99999/",
        "javascript:alert(1)",
    ],
)
def test_only_whole_addresses_that_nobody_reads_on_the_way_are_taken(city, chief, url):
    with pytest.raises(ValidationError):
        services.add_endpoint(
            institution=city, name="X", url=url, kinds=["conversation.moved"], by=chief
        )


def test_the_secret_is_sealed_and_can_be_changed(city, chief, hook, receiver):
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM desk_endpoint")
        assert hook.known_secret not in cursor.fetchone()[0]
    fresh_secret = services.change_secret(hook, by=chief)
    assert fresh_secret != hook.known_secret
    services.try_endpoint(hook, by=chief)
    flow()
    ((headers, body),) = receiver.got
    assert headers["webhook-signature"] == rules.signature(
        fresh_secret, headers["webhook-id"], int(headers["webhook-timestamp"]), body
    )
    assert fresh_secret not in str([e.facts for e in entries_of(hook)])


def test_another_institution_is_told_nothing_and_arranges_nothing(city, chief, hook, receiver):
    other = make_institution()
    hear(make_line(other))
    flow()
    assert receiver.got == []
    stranger, responder = make_member(other, "case_coordinator"), make_member(city, "responder")
    for by in (stranger, responder):
        for verb in (
            lambda by=by: services.change_secret(hook, by=by),
            lambda by=by: services.switch_endpoint(hook, on=False, by=by),
            lambda by=by: services.remove_endpoint(hook, by=by),
            lambda by=by: services.try_endpoint(hook, by=by),
        ):
            with pytest.raises(NotAllowed):
                verb()


def test_what_was_settled_a_month_ago_is_dropped(city, hook):
    services.ring(city.pk, "conversation.answered", [("1", {}), ("2", {})])
    old = HookDelivery.objects.order_by("pk").first()
    HookDelivery.objects.filter(pk=old.pk).update(
        state="delivered", created_at=now() - timedelta(days=31)
    )
    assert services.drop_old_hooks() == 1
    assert HookDelivery.objects.count() == 1
