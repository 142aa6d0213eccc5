"""Access keys: who makes them, for whom, for how long; the pages show a secret once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from balai.governance.models import AuditEntry
from balai.ground.clock import now
from balai.people import rules
from balai.people.models import AccessKey
from balai.people.selectors import key_of_token
from balai.people.services import NotAllowed, make_access_key, revoke_access_key
from balai.people.tests.make import make_institution, make_member


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def city(db):
    return make_institution(is_sample=True)


@pytest.fixture
def admin(city):
    return make_member(city, "system_admin", name="Admin")


def made(member, by, **fields):
    fields = {
        "name": "Dasbor",
        "scopes": ["articles.read"],
        "expires_at": now() + timedelta(days=30),
        **fields,
    }
    return make_access_key(member, by=by, **fields)


def test_every_scope_gives_actions_of_the_matrix_and_none_that_manages(db):
    actions = rules.actions_of(rules.SCOPES)
    assert actions <= rules.ACTIONS
    assert not actions & {"member.manage", "connection.manage", "conversation.identity"}
    assert rules.actions_of(["no such"]) == frozenset()


def test_a_key_opens_until_it_ends_and_both_are_on_record(city, admin):
    officer = make_member(city, "responder")
    key, secret = made(officer, admin)
    assert key_of_token(secret) == key
    revoke_access_key(key, by=officer)  # its member may end it too
    assert key_of_token(secret) is None
    did = list(AuditEntry.objects.filter(did__startswith="access_key.").order_by("number"))
    assert [entry.did for entry in did] == ["access_key.made", "access_key.revoked"]
    assert secret.split("_")[2] not in str([entry.facts for entry in did])


def test_only_whoever_manages_members_makes_keys_and_only_here(city, admin):
    officer = make_member(city, "responder")
    for by in (officer, make_member(make_institution(), "system_admin")):
        with pytest.raises(NotAllowed):
            made(officer, by)
    key, _secret = made(officer, admin)
    with pytest.raises(NotAllowed):
        revoke_access_key(key, by=make_member(city, "responder"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": []},
        {"scopes": ["members.write"]},
        {"expires_at": now() - timedelta(days=1)},
        {"expires_at": now() + timedelta(days=400)},
        {"name": ""},
    ],
)
def test_a_key_without_end_or_purpose_is_refused(city, admin, wrong):
    with pytest.raises(ValidationError):
        made(make_member(city, "responder"), admin, **wrong)
    assert not AccessKey.objects.exists()


def test_the_secret_is_shown_once(client, city, admin):
    officer = make_member(city, "responder", name="Rina")
    client.force_login(admin.user)
    said = {
        "name": "Dasbor", "member": officer.pk, "scopes": ["articles.read"],
        "expires_at": (now().date() + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    page = client.post("/instansi/kunci/buat/", said)
    key = AccessKey.objects.get()
    secret = f"balai_{key.public_id}_"
    assert secret in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    listed = client.get("/instansi/kunci/").content.decode()
    assert "Dasbor" in listed
    assert secret not in listed
    client.post(f"/instansi/kunci/{key.pk}/akhiri/", {"reason": "Tidak dipakai"})
    key.refresh_from_db()
    assert key.revoked_at


def test_keys_of_another_institution_are_not_there(client, city, admin):
    other = make_institution()
    key, _secret = made(make_member(other, "responder"), make_member(other, "system_admin"))
    client.force_login(admin.user)
    assert client.get(f"/instansi/kunci/{key.pk}/akhiri/").status_code == 404
    assert "Dasbor" not in client.get("/instansi/kunci/").content.decode()
    client.force_login(make_member(city, "responder").user)
    assert client.get("/instansi/kunci/").status_code == 403
