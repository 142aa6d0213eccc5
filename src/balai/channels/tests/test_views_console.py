"""The console of channels: health, keys, parcels; and who may touch them."""

import json

import pytest
from django.test import Client

from balai.channels.catalogue import CONNECTORS
from balai.channels.contract import Health, NotSent, Refused
from balai.channels.forms import WORDS_OF_CONNECTORS
from balai.channels.models import Connection, Parcel
from balai.channels.tests.make import make_connection, make_dispatch
from balai.governance.models import AuditEntry
from balai.ground.clock import now
from balai.people.tests.make import make_institution, make_member

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
EVIL = "<script>alert(1)</script>\u202e"


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member.user, backend=BACKEND)
    return client


@pytest.fixture
def institution():
    return make_institution(is_sample=True)  # a channel administrator needs no second factor there


@pytest.fixture
def admin(institution):
    return make_member(institution, "channel_admin")


@pytest.fixture
def line(institution, tmp_path):
    return make_connection(institution, name="Papan kota", settings={"folder": str(tmp_path)})


def test_a_line_in_trouble_stands_first_with_the_network_s_words_and_what_to_do(
    institution, admin, line
):
    make_connection(
        institution, name="Rusak", state="broken", trouble=EVIL, what_to_do="Buat kata sandi baru"
    )
    make_dispatch(line)
    page = signed_in(admin).get("/kanal/").content.decode()
    assert page.index("Rusak") < page.index("Papan kota")
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "Buat kata sandi baru" in page


def test_a_line_is_tried_before_it_is_kept(admin, tmp_path):
    client = signed_in(admin)
    address = "/kanal/sambung/helloworld/"
    answer = client.post(address, {"name": "Papan", "folder": "/tidak/ada"})
    assert answer.status_code == 422
    assert "/tidak/ada does not exist" in answer.content.decode()
    assert not Connection.objects.exists()
    client.post(address, {"name": "Papan", "folder": str(tmp_path)})
    assert Connection.objects.get().settings == {"folder": str(tmp_path)}


def test_the_address_to_enter_at_a_gateway_is_shown_to_who_manages_lines_only(institution, admin):
    called_at = "http://localhost/kanal/hook/rahasia/"
    make_connection(institution, channel="sms", name="SMS", settings={"called_at": called_at})
    shown = "/kanal/hook/rahasia/?from=%p&amp;to=%P&amp;"
    assert shown in signed_in(admin).get("/kanal/").content.decode()
    viewer = make_member(institution, "responder")
    page = signed_in(viewer).get("/kanal/")
    assert page.status_code == 200
    assert "rahasia" not in page.content.decode()


@pytest.mark.parametrize("slug", CONNECTORS)
def test_the_form_asks_what_the_connector_asks_and_shows_its_help_as_text(admin, slug):
    page = signed_in(admin).get(f"/kanal/sambung/{slug}/").content.decode()
    for ask in CONNECTORS[slug].asks:
        assert f'name="{ask.name}"' in page
        assert (f'type="password" name="{ask.name}"' in page) == ask.secret
    assert f"# {CONNECTORS[slug].label}" in page


@pytest.mark.parametrize("slug", CONNECTORS)
def test_what_a_connector_asks_is_said_in_the_reader_s_language(slug):
    asked = {words for ask in CONNECTORS[slug].asks for words in (ask.label, ask.help) if words}
    assert asked <= set(WORDS_OF_CONNECTORS)


def test_keys_are_never_sent_back_and_are_typed_anew(admin, institution):
    line = make_connection(
        institution,
        channel="bluesky",
        settings={"handle": "kota.test", "service": "https://x.example"},
        secrets=json.dumps({"app_password": "rahasia-1234"}),
    )
    page = signed_in(admin).get(f"/kanal/{line.pk}/perbarui/").content.decode()
    assert "kota.test" in page
    assert "rahasia-1234" not in page


def test_a_line_is_checked_paused_resumed_and_closed(admin, line, monkeypatch):
    client = signed_in(admin)
    for deed, state in (("check", "healthy"), ("pause", "paused"), ("resume", "healthy")):
        client.post(f"/kanal/{line.pk}/{deed}/")
        line.refresh_from_db()
        assert line.state == state, deed
    client.post(f"/kanal/{line.pk}/close/")
    line.refresh_from_db()
    assert (line.state, line.secrets) == ("closed", "")
    assert client.get(f"/kanal/{line.pk}/perbarui/").status_code == 404


@pytest.mark.parametrize("trouble", [Refused("kata sandi salah", permanent=True), NotSent("mati")])
def test_what_the_network_says_against_a_check_is_shown(admin, line, monkeypatch, trouble):
    def check(_self) -> Health:
        raise trouble

    monkeypatch.setattr(CONNECTORS["helloworld"], "check", check)
    page = signed_in(admin).post(f"/kanal/{line.pk}/check/", follow=True).content.decode()
    assert str(trouble) in page


def test_an_unreadable_parcel_is_read_as_text_and_every_opening_is_recorded(admin, line):
    parcel = Parcel.objects.create(
        connection=line,
        body=EVIL.encode() + b"\xff\x00",
        arrived_at=now(),
        state="unreadable",
        trouble=EVIL,
    )
    client = signed_in(admin)
    for path in ("/kanal/parsel/", f"/kanal/parsel/{parcel.pk}/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "\u202e" not in page
    raw = client.get(f"/kanal/parsel/{parcel.pk}/unduh/")
    assert raw.content == bytes(parcel.body)
    assert raw.headers["Content-Type"] == "application/octet-stream"
    assert raw.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in raw.headers["Content-Security-Policy"]
    assert AuditEntry.objects.filter(did="parcel.opened").count() == 2


def test_what_only_a_person_can_settle_leads_to_its_conversation(admin, line):
    make_dispatch(line, state="refused", note=EVIL, purpose="inbox.answer", ref=77)
    page = signed_in(admin).get("/kanal/kiriman/").content.decode()
    assert "/kotak-masuk/pesan/77/" in page
    assert "<script>alert" not in page


def test_the_pages_cost_the_same_however_many_lines_there_are(
    admin, institution, django_assert_max_num_queries
):
    client = signed_in(admin)
    for _ in range(12):
        make_dispatch(make_connection(institution))
    with django_assert_max_num_queries(15):
        assert client.get("/kanal/").status_code == 200


def test_a_responder_sees_health_but_neither_keys_nor_parcels(institution, line):
    parcel = Parcel.objects.create(
        connection=line, body=b"nama warga", arrived_at=now(), state="unreadable"
    )
    client = signed_in(make_member(institution, "responder"))
    page = client.get("/kanal/").content.decode()
    assert "Papan kota" in page
    assert "/perbarui/" not in page
    assert client.get("/kanal/parsel/").status_code == 200
    for path in (f"/kanal/parsel/{parcel.pk}/", f"/kanal/parsel/{parcel.pk}/unduh/"):
        assert client.get(path).status_code == 403
    for path in ("/kanal/sambung/", "/kanal/sambung/email/", f"/kanal/{line.pk}/perbarui/"):
        assert client.get(path).status_code == 403
    for deed in ("check", "pause", "resume", "close"):
        assert client.post(f"/kanal/{line.pk}/{deed}/").status_code == 403
    line.refresh_from_db()
    assert line.state == "healthy"


def test_another_institution_s_lines_and_parcels_do_not_exist(line):
    parcel = Parcel.objects.create(
        connection=line, body=b"rahasia", arrived_at=now(), state="unreadable", trouble="rusak"
    )
    intruder = make_member(make_institution("Kota Lain", is_sample=True), "channel_admin")
    client = signed_in(intruder)
    for path in (f"/kanal/parsel/{parcel.pk}/", f"/kanal/parsel/{parcel.pk}/unduh/",
                 f"/kanal/{line.pk}/perbarui/"):  # fmt: skip
        assert client.get(path).status_code == 404
    for deed in ("check", "pause", "resume", "close", "jahat"):
        assert client.post(f"/kanal/{line.pk}/{deed}/").status_code == 404
    for path in ("/kanal/", "/kanal/parsel/", "/kanal/kiriman/"):
        assert "Papan kota" not in client.get(path).content.decode()
    assert not AuditEntry.objects.filter(did="parcel.opened").exists()


def test_deeds_are_not_done_by_a_link_or_from_another_site(admin, line):
    assert signed_in(admin).get(f"/kanal/{line.pk}/close/").status_code == 405
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin.user, backend=BACKEND)
    assert client.post(f"/kanal/{line.pk}/close/").status_code == 403


@pytest.mark.parametrize("slug", CONNECTORS)
def test_every_channel_has_its_sign(slug):
    answer = Client().get(f"/kanal/logo/{slug}.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert b"".join(answer.streaming_content).lstrip().startswith(b"<")
    assert Client().get("/kanal/logo/jahat.svg").status_code == 404
