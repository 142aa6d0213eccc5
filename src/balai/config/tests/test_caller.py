"""Who asks is what the connection and trusted proxies say, never what a client invents."""

import pytest
from django.core.cache import cache
from django.test import Client

from balai.config.caller import client_address, networks
from balai.people.models import Institution
from balai.people.tests.make import PASSWORD, make_institution, make_member

PROXIES = networks(["127.0.0.1", "::1", "10.1.0.0/16"])
OUTSIDE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = type(settings.HOME)(tmp_path)
    cache.clear()


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("192.168.0.7", "198.51.100.1", "192.168.0.7"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("::1", "1.2.3.4, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "1.2.3.4, <script>", "127.0.0.1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_client_is_the_nearest_address_that_is_no_trusted_proxy(peer, forwarded, client):
    assert client_address(peer, forwarded, PROXIES) == client


def guess(member, **headers):
    wrong = {"login": member.user.email, "password": "salah-sekali"}
    return Client().post("/masuk/login/", wrong, **headers).status_code


def test_who_guesses_passwords_does_not_escape_the_lock_by_inventing_addresses(db):
    member = make_member(make_institution(), "responder", password=PASSWORD)
    invented = [f"198.51.100.{n}" for n in range(7)]
    answers = [guess(member, **OUTSIDE, HTTP_X_FORWARDED_FOR=one) for one in invented]
    assert 429 in answers


def test_behind_the_offices_proxy_one_guesser_locks_nobody_else_out(db):
    member = make_member(make_institution(), "responder", password=PASSWORD)
    answers = [guess(member, HTTP_X_FORWARDED_FOR="198.51.100.1") for _ in range(7)]
    assert 429 in answers
    right = {"login": member.user.email, "password": PASSWORD}
    answer = Client().post("/masuk/login/", right, HTTP_X_FORWARDED_FOR="198.51.100.2")
    assert answer.status_code == 302


BEGIN = {
    "name": "Pemerintah Desa Sukamaju",
    "kind": "village",
    "zone": "Asia/Makassar",
    "admin_name": "Budi",
    "admin_email": "budi@sukamaju.example",
    "admin_password": PASSWORD,
}


@pytest.mark.parametrize(
    "where",
    [
        OUTSIDE,
        {"REMOTE_ADDR": "192.168.0.7"},
        {"HTTP_X_FORWARDED_FOR": "198.51.100.1"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
    ],
)
def test_a_stranger_on_the_network_cannot_begin_without_the_key(client, db, where):
    for path in ("/mulai/", "/mulai/?kunci=", "/mulai/?kunci=salah"):
        assert client.get(path, **where).status_code == 403
        assert client.post(path, BEGIN, **where).status_code == 403
    assert not Institution.objects.exists()


def test_the_key_that_the_console_shows_opens_the_first_run_once(client, db, settings):
    from balai.config.beginning import address_to_begin

    address = address_to_begin("http://balai.example").removeprefix("http://balai.example")
    assert client.get(address, **OUTSIDE).status_code == 200
    assert client.post(address, BEGIN, **OUTSIDE).status_code == 302
    assert Institution.objects.count() == 1
    assert not (settings.HOME.path / "keys" / "begin").exists()
    assert client.get(address, **OUTSIDE).status_code == 403


def test_behind_tls_somebody_stands_in_between_so_the_key_is_always_asked_for(client, db, settings):
    settings.BEHIND_TLS = True
    assert client.get("/mulai/").status_code == 403
