"""The interface for programs: what a key opens, and everything that it does not."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from balai.config.api.door import CALLS_A_MINUTE
from balai.config.api.endpoints import ENDPOINTS
from balai.governance.models import AuditEntry
from balai.ground.clock import now
from balai.ground.gate import Bucket
from balai.inbox.models import Conversation, Label, Message
from balai.inbox.tests.talking import hear, make_line
from balai.library.tests.make import make_article
from balai.people.models import AccessKey
from balai.people.rules import SCOPES
from balai.people.services import make_access_key, member_leaves, revoke_access_key
from balai.people.tests.make import make_institution, make_member, make_unit
from balai.registry.tests.make import make_account

EVERYTHING = sorted(SCOPES)


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    with translation.override("id"):
        yield


@pytest.fixture
def city(db):
    return make_institution("Kota Contoh")


@pytest.fixture
def admin(city):
    return make_member(city, "system_admin", name="Admin")


@pytest.fixture
def officer(city):
    return make_member(city, "responder", name="Rina")


def key_for(member, admin, *scopes, days=30):
    return make_access_key(
        member,
        name="Dasbor",
        scopes=scopes or EVERYTHING,
        expires_at=now() + timedelta(days=days),
        by=admin,
    )


class Program(Client):
    """A program with a key, and no cookie."""

    def __init__(self, secret):
        super().__init__(enforce_csrf_checks=True)
        self.secret = secret

    def ask(self, path, said=None, *, once="", **asked):
        headers = {"Authorization": f"Bearer {self.secret}"}
        if said is None:
            return self.get(f"/api/v1/{path}", asked, headers=headers)
        if once:
            headers["Idempotency-Key"] = once
        body = json.dumps(said)
        return self.post(f"/api/v1/{path}", body, "application/json", headers=headers)


@pytest.fixture
def program(officer, admin):
    return Program(key_for(officer, admin)[1])


def test_a_key_is_kept_hashed_and_says_whose_it_is(officer, admin):
    key, secret = key_for(officer, admin, "articles.read")
    kept = AccessKey.objects.values_list().get(pk=key.pk)
    assert secret.split("_")[2] not in str(kept)
    said = Program(secret).ask("me").json()
    assert (said["member"], said["scopes"]) == ("Rina", ["articles.read"])
    key.refresh_from_db()
    assert key.last_used_at


def test_a_program_reads_a_conversation_with_personal_data_masked(program, city):
    found = hear(make_line(city), "Tolong hubungi saya di 081234567890 soal lampu")
    listed = program.ask("conversations").json()
    assert [one["id"] for one in listed["items"]] == [found.pk]
    assert program.ask(f"conversations/{found.pk}").json()["id"] == found.pk
    (message,) = program.ask(f"conversations/{found.pk}/messages").json()["items"]
    assert "081234567890" not in message["text"]
    assert "lampu" in message["text"]


def test_pages_of_conversations_follow_one_another_without_a_gap(program, city):
    line = make_line(city)
    made = {hear(line).pk for _ in range(53)}
    first = program.ask("conversations").json()
    second = program.ask("conversations", cursor=first["next"]).json()
    seen = [one["id"] for page in (first, second) for one in page["items"]]
    assert len(seen) == 53
    assert set(seen) == made
    assert second["next"] == ""
    assert program.ask("conversations", cursor="; drop table").status_code == 422


def test_a_program_answers_as_its_member_and_the_trail_names_the_key(program, city, officer):
    found = hear(make_line(city))
    answer = program.ask(
        f"conversations/{found.pk}/answer",
        {"text": "Kami periksa hari ini.", "after": found.last_in_id},
        once="jawaban-1",
    )
    assert answer.status_code == 200, answer.content
    message = Message.objects.get(pk=answer.json()["id"])
    assert message.author_id == officer.pk
    entry = AuditEntry.objects.get(did="conversation.answered")
    assert entry.actor == f"member:{officer.pk}"
    assert entry.facts["access_key"] == AccessKey.objects.get().public_id


def test_an_answer_that_is_sent_again_is_said_once(program, city):
    found = hear(make_line(city))
    said = {"text": "Kami periksa hari ini.", "after": found.last_in_id}
    path = f"conversations/{found.pk}/answer"
    first, again = (program.ask(path, said, once="jawaban-1") for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    other = program.ask(path, {**said, "text": "Lain sekali."}, once="jawaban-1")
    assert other.json()["code"] == "idempotency_key_reused"
    second = program.ask(path, said, once="jawaban-2")
    assert (second.status_code, second.json()["code"]) == (409, "already_answered")
    assert Message.objects.filter(direction="out").count() == 1
    assert program.ask(path, said).json()["code"] == "no_idempotency_key"


def test_nobody_meets_anothers_answer_by_choosing_their_word(program, city, officer, admin):
    line = make_line(city)
    one, two = hear(line), hear(line)
    said = {"text": "Kami periksa.", "after": one.last_in_id}
    first = program.ask(f"conversations/{one.pk}/answer", said, once="kata-saya").json()
    other = Program(key_for(officer, admin)[1])
    said = {"text": "Kami periksa.", "after": two.last_in_id}
    second = other.ask(f"conversations/{two.pk}/answer", said, once="kata-saya").json()
    assert first["id"] != second["id"]


def test_what_the_citizen_wrote_meanwhile_is_not_passed_over(program, city):
    found = hear(make_line(city))
    said = {"text": "Kami periksa.", "after": found.last_in_id - 1}
    answer = program.ask(f"conversations/{found.pk}/answer", said, once="jawaban-1")
    assert (answer.status_code, answer.json()["code"]) == (409, "citizen_wrote_meanwhile")


def test_a_program_assigns_labels_and_notes(program, city, officer):
    found, unit = hear(make_line(city)), make_unit(city)
    label = Label.objects.create(institution=city, name="Lampu")
    given = program.ask(
        f"conversations/{found.pk}/assign", {"member_id": officer.pk, "unit_id": unit.pk}
    )
    assert given.json() == {"id": found.pk, "member_id": officer.pk, "unit_id": unit.pk}
    labelled = program.ask(f"conversations/{found.pk}/labels", {"add": [label.pk]})
    assert labelled.json()["labels"] == ["Lampu"]
    assert program.ask("labels").json()["items"][0]["used"] == 1
    note = program.ask(f"conversations/{found.pk}/notes", {"text": "Sudah ditelepon."})
    assert note.json()["direction"] == "note"


def test_a_program_reads_accounts_articles_and_reports(program, city, admin):
    make_account(city, handle="@kota")
    make_article(city, title="Lampu mati")
    assert program.ask("accounts").json()["items"][0]["handle"] == "@kota"
    assert program.ask("articles", q="lampu").json()["items"][0]["title"] == "Lampu mati"
    assert program.ask("reports").status_code == 403  # a responder reads no report
    head = Program(key_for(make_member(city, "head_of_pr"), admin)[1])
    assert head.ask("reports", by="all").json()["dimension"] == "all"
    assert head.ask("reports", first_day="2020-01-01").status_code == 422
    assert head.ask("reports", first_day="kemarin").status_code == 422


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.name)
def test_without_a_key_or_with_a_wrong_one_nothing_opens(city, endpoint):
    path = endpoint.address.replace("{conversation_id}", "1")
    for headers in ({}, {"Authorization": "Bearer balai_x_y"}, {"Authorization": "Basic eA=="}):
        cache.clear()
        answer = Client().generic(endpoint.method, path, "{}", headers=headers)
        assert answer.status_code == 401
        assert answer.json()["code"] == "no_key"
        assert "Bearer" in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    "endpoint", [one for one in ENDPOINTS if one.scope], ids=lambda one: one.name
)
def test_a_key_without_the_scope_opens_nothing(city, officer, admin, endpoint):
    found = hear(make_line(city))
    others = [scope for scope in EVERYTHING if scope != endpoint.scope]
    program = Program(key_for(officer, admin, *others)[1])
    path = endpoint.route.replace("<int:conversation_id>", str(found.pk))
    answer = program.ask(path, None if endpoint.method == "GET" else {}, once="kata-saya")
    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


def test_a_session_is_no_key(city, officer):
    client = Client()
    client.force_login(officer.user)
    assert client.get("/api/v1/conversations").status_code == 401


def test_a_scope_never_widens_what_the_member_may_do(city, admin):
    """An auditor reads conversations and answers nobody, whatever the key says."""
    auditor = Program(key_for(make_member(city, "auditor"), admin)[1])
    found = hear(make_line(city))
    assert auditor.ask(f"conversations/{found.pk}").status_code == 200
    said = {"text": "Halo.", "after": found.last_in_id}
    answer = auditor.ask(f"conversations/{found.pk}/answer", said, once="jawaban-1")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_key_of_an_administrator_manages_nobody(city, admin):
    from balai.people.selectors import acting_by, key_of_token, may

    member = acting_by(key_of_token(key_for(admin, admin)[1]))
    assert not may(member, "member.manage", city)
    assert not may(member, "conversation.identity", city)
    assert may(member, "account.view", city)


def test_what_belongs_to_another_institution_is_not_there(program, admin, city):
    other = make_institution("Kota Lain")
    found = hear(make_line(other))
    stranger, unit = make_member(other, "responder"), make_unit(other)
    label = Label.objects.create(institution=other, name="Asing")
    make_account(other, handle="@lain")
    base = f"conversations/{found.pk}"
    said = {"text": "Halo.", "after": found.last_in_id}
    for answer in (
        program.ask(base),
        program.ask(f"{base}/messages"),
        program.ask(f"{base}/answer", said, once="jawaban-1"),
        program.ask(f"{base}/assign", {}),
        program.ask(f"{base}/labels", {}),
        program.ask(f"{base}/notes", {"text": "x"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    mine = hear(make_line(city))
    assert (
        program.ask(f"conversations/{mine.pk}/assign", {"member_id": stranger.pk}).status_code
        == 404
    )
    assert program.ask(f"conversations/{mine.pk}/assign", {"unit_id": unit.pk}).status_code == 404
    assert program.ask(f"conversations/{mine.pk}/labels", {"add": [label.pk]}).status_code == 404
    assert program.ask("accounts").json()["items"] == []
    assert [one["id"] for one in program.ask("conversations").json()["items"]] == [mine.pk]


def test_what_was_moved_to_a_safe_channel_is_not_given_out(program, city, officer):
    found = hear(make_line(city), "Rahasia besar", intent="whistleblow")
    Conversation.objects.filter(pk=found.pk).update(state="sealed", preview="", is_open=False)
    assert program.ask(f"conversations/{found.pk}/messages").status_code == 404
    assert program.ask(f"conversations/{found.pk}/notes", {"text": "x"}).status_code == 404


def test_a_key_that_ended_ran_out_or_lost_its_member_opens_nothing(city, officer, admin):
    key, secret = key_for(officer, admin)
    revoke_access_key(key, by=admin)
    assert Program(secret).ask("me").status_code == 401
    key, secret = key_for(officer, admin)
    AccessKey.objects.filter(pk=key.pk).update(
        made_at=now() - timedelta(days=2), expires_at=now() - timedelta(seconds=1)
    )
    assert Program(secret).ask("me").status_code == 401
    leaver = make_member(city, "responder")
    secret = key_for(leaver, admin)[1]
    assert Program(secret).ask("me").status_code == 200
    member_leaves(leaver, by=admin)
    assert Program(secret).ask("me").status_code == 401


def test_a_role_that_ends_ends_for_the_key_at_once(program, city, officer):
    assert program.ask("conversations").status_code == 200
    found = hear(make_line(city))
    officer.grants.update(ended_at=now())
    assert program.ask(f"conversations/{found.pk}").status_code == 404


def test_the_half_of_a_key_or_the_secret_of_another_opens_nothing(city, officer, admin):
    one, two = key_for(officer, admin)[1], key_for(officer, admin)[1]
    mixed = "_".join([*one.split("_")[:2], two.split("_", 2)[2]])
    for wrong in (mixed, one[:-1], f"{one}x", one.replace("balai", "BALAI")):
        assert Program(wrong).ask("me").status_code == 401


def test_calls_are_counted_and_wrong_keys_are_slowed(program, city, monkeypatch):
    monkeypatch.setattr("balai.config.api.door.WRONG_KEYS", Bucket("api-wrong-key", 3, 6000))
    first = program.ask("me")
    assert first.headers["RateLimit-Limit"] == str(CALLS_A_MINUTE)
    assert int(first.headers["RateLimit-Remaining"]) == CALLS_A_MINUTE - 1
    assert 0 < int(first.headers["RateLimit-Reset"]) <= 60
    statuses = [Program("balai_x_y").ask("me").status_code for _ in range(4)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert program.ask("me").status_code == 200  # whoever has a key is not kept out by guessers


def test_too_many_calls_wait(program, monkeypatch):
    monkeypatch.setattr("balai.config.api.door.CALLS_A_MINUTE", 1)
    answers = [program.ask("me") for _ in range(4)]
    assert 429 in {answer.status_code for answer in answers}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.headers["Retry-After"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 422),
        ("[]", "application/json", 422),
        ('{"text": ""}', "application/json", 422),
        ('{"text": "x", "sql": 1}', "application/json", 422),
        ("\udcff".encode("utf-8", "surrogatepass"), "application/json", 422),
        ("text=x", "application/x-www-form-urlencoded", 415),
        (json.dumps({"text": "x" * 300_000}), "application/json", 413),
    ],
)
def test_what_has_another_shape_is_refused_in_words(program, city, body, kind, status):
    found = hear(make_line(city))
    answer = program.post(
        f"/api/v1/conversations/{found.pk}/notes",
        body,
        kind,
        headers={"Authorization": f"Bearer {program.secret}"},
    )
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "detail"}
    assert not Message.objects.filter(direction="note").exists()


def test_another_method_is_named_as_such(program):
    answer = program.delete("/api/v1/me", headers={"Authorization": f"Bearer {program.secret}"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")


def test_the_document_names_every_call_and_every_shape_in_it_exists(client, city):
    made = client.get("/api/v1/openapi.json").json()
    assert made["openapi"] == "3.1.0"
    named = {(path, method) for path, methods in made["paths"].items() for method in methods}
    assert named == {(one.address, one.method.lower()) for one in ENDPOINTS} | {
        ("/api/v1/verify", "get")
    }
    text = json.dumps(made)
    for part in text.split('"$ref": "#/components/schemas/')[1:]:
        assert part.split('"')[0] in made["components"]["schemas"]
    ids = [one["operationId"] for methods in made["paths"].values() for one in methods.values()]
    assert len(ids) == len(set(ids))


def test_the_documentation_is_on_our_own_host_and_names_every_call(client, city):
    page = client.get("/api/v1/").content.decode()
    assert all(one.address in page for one in ENDPOINTS)
    assert "//cdn" not in page


def test_answers_are_of_the_promised_shape(client, program, city):
    hear(make_line(city))
    made = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    said = program.ask("conversations").json()
    assert set(said) == set(made["Conversations"]["properties"])
    assert set(said["items"][0]) == set(made["Conversation"]["properties"])
