"""One sign-in for the whole office: OpenID Connect against a small provider on this machine."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.urls import reverse

from balai.people.models import User
from balai.people.tests.make import make_institution, make_member

pytestmark = pytest.mark.django_db


class Provider(BaseHTTPRequestHandler):
    """Says who somebody is: discovery, token and userinfo of OpenID Connect."""

    person: dict = {}

    def do_GET(self):
        here = f"http://127.0.0.1:{self.server.server_port}"
        if self.path.startswith("/.well-known"):
            self.answer(
                {
                    "issuer": here,
                    "authorization_endpoint": f"{here}/authorize",
                    "token_endpoint": f"{here}/token",
                    "userinfo_endpoint": f"{here}/userinfo",
                    "jwks_uri": f"{here}/keys",
                }
            )
        else:
            self.answer(self.person)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer({"access_token": "a-token", "token_type": "Bearer"})

    def answer(self, content):
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def office(settings):
    server = HTTPServer(("127.0.0.1", 0), Provider)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "office",
                    "name": "SSO",
                    "client_id": "balai",
                    "secret": "rahasia",
                    "settings": {"server_url": f"http://127.0.0.1:{server.server_port}"},
                }
            ]
        }
    }
    cache.clear()
    yield Provider
    server.shutdown()
    server.server_close()


def come_back_as(client, office, **person):
    office.person = {"sub": "p-1", **person}
    start = client.post(reverse("openid_connect_login", kwargs={"provider_id": "office"}))
    state = parse_qs(urlsplit(start.headers["Location"]).query)["state"][0]
    back = reverse("openid_connect_callback", kwargs={"provider_id": "office"})
    return client.get(back, {"code": "a-code", "state": state})


def is_in(client):
    return "_auth_user_id" in client.session


def test_a_member_signs_in_with_an_address_that_the_office_verified(client, office):
    member = make_member(make_institution(), "responder")

    come_back_as(client, office, email=member.user.email, email_verified=True)

    assert client.session["_auth_user_id"] == str(member.user.pk)


def test_an_address_that_nobody_verified_opens_nothing(client, office):
    member = make_member(make_institution(), "responder")

    come_back_as(client, office, email=member.user.email, email_verified=False)

    assert not is_in(client)


def test_a_stranger_of_the_office_is_not_signed_up(client, office):
    come_back_as(client, office, email="orang-baru@contoh.example", email_verified=True)

    assert not is_in(client)
    assert not User.objects.filter(email="orang-baru@contoh.example").exists()
