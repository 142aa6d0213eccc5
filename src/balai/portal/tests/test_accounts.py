"""Is this account ours? For people, for programs, and offline."""

import json
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from balai.ground import signing
from balai.ground.clock import now
from balai.ground.gate import Bucket
from balai.people.tests.make import make_institution
from balai.portal.official import is_fresh_and_genuine, schema
from balai.registry.models import FalseAccount
from balai.registry.tests.make import make_account

DOCS = Path(__file__).resolve().parents[4] / "docs"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    with translation.override("id"):
        yield
    cache.clear()


@pytest.fixture
def city(db):
    return make_institution("Kota Contoh", region_code="32.73")


def ours(city, state="active", **fields):
    fields = {"channel": "x", "handle": "@KotaContoh", "platform_user_id": "77", **fields}
    return make_account(city, state, verified_at=now(), **fields)


def test_a_visitor_reads_that_an_account_is_ours_and_whose(client, city):
    account = ours(city)
    answer = client.get("/cek-akun/", {"akun": "https://x.com/kotacontoh"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Ya, akun ini milik kami" in page
    assert str(account.owner_unit) in page


def test_a_visitor_reads_that_a_stranger_is_not_us_and_can_report_it(client, city):
    ours(city)
    answer = client.get("/cek-akun/", {"akun": '@kota<script>"'})
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "bukan milik kami" in page
    assert "<script>" not in page.replace('<script src="', "")
    assert "/cek-akun/lapor/?akun=" in page


def test_the_list_names_what_is_ours_what_is_lost_and_what_is_closed(client, city):
    ours(city)
    ours(city, "compromised", handle="@dibajak", platform_user_id="78")
    ours(city, "retired", handle="@lama", platform_user_id="79", retired_at=now())
    make_account(city, "requested", handle="@belum", channel="x", platform_user_id="")
    page = client.get("/cek-akun/").content.decode()
    assert page.index("@KotaContoh") < page.index("@dibajak") < page.index("@lama")
    assert "@belum" not in page


def test_programs_ask_and_get_the_owner_or_404_or_since_when_not(client, city):
    ours(city)
    ours(city, "retired", handle="@lama", platform_user_id="79", retired_at=now())
    mine = client.get("/api/v1/verify", {"account": "https://x.com/kotacontoh"})
    assert mine.status_code == 200
    assert mine.headers["Access-Control-Allow-Origin"] == "*"
    said = mine.json()
    assert said["status"] == "official"
    assert said["accounts"][0]["owner"]["institution"] == "Kota Contoh"
    closed = client.get("/api/v1/verify", {"account": "@lama"}).json()
    assert (closed["status"], bool(closed["accounts"][0]["retired_on"])) == ("retired", True)
    assert client.get("/api/v1/verify", {"account": "@asing"}).status_code == 404
    other = client.get("/api/v1/verify", {"account": "@kotacontoh", "channel": "x", "id": "9"})
    assert (other.status_code, other.json()["status"]) == (404, "other_identity")
    assert client.get("/api/v1/verify").status_code == 400


def test_who_asks_without_end_is_asked_to_wait(client, city, monkeypatch):
    monkeypatch.setattr("balai.portal.views.accounts.QUESTIONS", Bucket("verify", 3, 6000))
    answers = [client.get("/api/v1/verify", {"account": "@a"}).status_code for _ in range(4)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_the_signed_list_is_checked_without_us_and_a_changed_one_is_not_genuine(client, city):
    ours(city, url="https://x.com/KotaContoh")
    listed = client.get("/.well-known/official-accounts.json").json()
    assert is_fresh_and_genuine(listed)
    assert listed["accounts"][0]["platform_user_id"] == "77"
    forged = json.loads(json.dumps(listed).replace("KotaContoh", "KotaPalsu"))
    assert not is_fresh_and_genuine(forged)
    old = signing.sign({**listed, "expires_at": "2020-01-01T00:00:00+00:00"})
    assert not is_fresh_and_genuine(old)
    key = client.get("/.well-known/balai-signing-key.pem").content.decode()
    assert key == signing.public_key_pem()


def test_the_list_keeps_to_its_published_shape(client, city):
    ours(city)
    listed = client.get("/.well-known/official-accounts.json").json()
    shape = client.get("/cek-akun/skema.json").json()
    defined = shape["$defs"]["ListOut"]
    assert set(listed) == set(defined["required"]) == set(defined["properties"])
    account = shape["$defs"]["AccountOut"]["properties"]
    assert set(listed["accounts"][0]) == set(account)


def test_a_visitor_reports_a_false_account_once_and_machines_do_not(client, city):
    said = {"account": "https://x.com/kotacontoh_id", "words": "Minta uang"}
    assert "Terima kasih" in client.post("/cek-akun/lapor/", said).content.decode()
    trapped = client.post("/cek-akun/lapor/", {**said, "account": "@lain", "website": "http://x"})
    assert trapped.status_code == 422
    assert FalseAccount.objects.get().reports == 1


def test_reports_are_limited_and_carry_a_token(client, city):
    said = {"account": "@palsu"}
    answers = [client.post("/cek-akun/lapor/", said).status_code for _ in range(7)]
    assert answers[0] == 200
    assert answers[-1] == 429
    assert Client(enforce_csrf_checks=True).post("/cek-akun/lapor/", said).status_code == 403


def test_reporting_our_own_account_says_that_it_is_real(client, city):
    ours(city)
    answer = client.post("/cek-akun/lapor/", {"account": "https://x.com/kotacontoh"})
    assert answer.status_code == 422
    assert "benar milik kami" in answer.content.decode()


def test_the_document_of_the_lists_shape_says_what_the_code_says():
    kept = json.loads((DOCS / "official-accounts.schema.json").read_text(encoding="utf-8"))
    assert kept == schema()
