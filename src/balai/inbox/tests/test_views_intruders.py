"""People who try doors: other institutions, other units, strangers' words, forged requests."""

import json

import pytest
from django.test import Client

from balai.channels.contract import Attachment as Sent
from balai.channels.models import Dispatch
from balai.inbox import services
from balai.inbox.landing import Attached
from balai.inbox.models import Attachment, Conversation, Message
from balai.inbox.services.taking_in import _keep_file
from balai.inbox.tests.talking import came_to, hear, make_line, say, signed_in
from balai.people.tests.make import make_institution, make_member, make_unit

pytestmark = pytest.mark.django_db
EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}{% debug %}\u202e\u200b\x00"
DEEDS = ("note", "triage", "assign", "set_aside", "resolve", "reopen", "seal", "jawab", "identitas")


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = type(settings.HOME)(tmp_path)


@pytest.fixture
def line(db):
    return make_line(make_institution())


@pytest.fixture
def officer(line):
    return make_member(line.institution, "responder")


@pytest.fixture
def intruder(db):
    return signed_in(make_member(make_institution("Kota Lain"), "responder", "dpo"))


def doors(talk, message) -> list[str]:
    here = f"/kotak-masuk/{talk.pk}/"
    return [
        *(f"{here}{deed}/" for deed in DEEDS),
        f"{here}jawaban/{message.pk}/batal/",
        f"{here}jawaban/{message.pk}/pastikan/",
    ]


def attach(talk, name="a.txt", body=b"isi", mime="text/html") -> Attachment:
    kept = _keep_file(Sent(name, mime, body))
    fields = {n: getattr(kept, n) for n in Attached.__struct_fields__}
    return Attachment.objects.create(message_id=talk.last_in_id, **fields)


def test_another_institution_s_conversation_does_not_exist(line, officer, intruder):
    talk = hear(line, "rahasia kota")
    message = say(talk, officer)
    file = attach(talk)
    before = Conversation.objects.values_list("version", "state").get()
    looked = [f"/kotak-masuk/{talk.pk}/", f"/kotak-masuk/{talk.pk}/bagian/"]
    for path in [*looked, f"/kotak-masuk/berkas/{file.pk}/", f"/kotak-masuk/pesan/{message.pk}/"]:
        assert intruder.get(path).status_code == 404, path
    for path in doors(talk, message):
        said = {"text": "x", "reason": "x", "form_key": "0" * 32, "after": "1", "again": "1"}
        assert intruder.post(path, said).status_code == 404, path
    assert Conversation.objects.values_list("version", "state").get() == before
    for asked in ({}, {"view": "all"}, {"q": "rahasia"}, {"unit": "1"}, {"channel": "helloworld"}):
        assert "rahasia kota" not in intruder.get("/kotak-masuk/", asked).content.decode()
        assert "rahasia kota" not in intruder.get("/kotak-masuk/baris/", asked).content.decode()


def test_a_message_of_another_conversation_is_not_reached_through_one_s_own(line, officer):
    mine, other = hear(line), hear(make_line(make_institution()))
    stranger = make_member(other.institution, "responder")
    foreign = say(other, stranger)
    client = signed_in(officer)
    for end in ("batal", "pastikan"):
        path = f"/kotak-masuk/{mine.pk}/jawaban/{foreign.pk}/{end}/"
        assert client.post(path, {"again": "1"}).status_code == 404
    assert Dispatch.objects.get().state == "waiting"


def test_an_officer_of_one_unit_sees_and_touches_only_that_unit_s_matters(line, officer):
    pu = make_unit(line.institution, "Dinas PU")
    below = make_unit(line.institution, "Seksi Jalan", parent=pu)
    social = make_unit(line.institution, "Dinas Sosial")
    road, family = hear(line, "jalan rusak"), hear(line, "bansos ibu")
    free = hear(line, "urusan umum")
    services.assign(road, by=officer, unit=below)
    services.assign(family, by=officer, unit=social)
    message = say(family, officer)
    roads = make_member(line.institution, "responder", granted_unit=pu)
    client = signed_in(roads)
    queue = client.get("/kotak-masuk/?view=all").content.decode()
    assert "jalan rusak" in queue
    assert "bansos" not in queue
    assert "urusan" not in client.get("/kotak-masuk/?q=umum").content.decode()
    assert client.get(f"/kotak-masuk/{road.pk}/").status_code == 200
    for hidden in (family, free):
        assert client.get(f"/kotak-masuk/{hidden.pk}/").status_code == 404
        assert client.post(f"/kotak-masuk/{hidden.pk}/note/", {"text": "x"}).status_code == 404
    assert client.post(f"/kotak-masuk/{family.pk}/jawaban/{message.pk}/batal/").status_code == 404
    assert client.get(f"/kotak-masuk/berkas/{attach(family).pk}/").status_code == 404
    earlier = hear(line, "bansos lagi", citizen_key=road.citizen.key)
    services.assign(earlier, by=officer, unit=social)
    assert "bansos lagi" not in client.get(f"/kotak-masuk/{road.pk}/").content.decode()


def test_who_may_only_read_gets_no_form_and_no_deed(line, officer):
    talk = hear(line)
    message = say(talk, officer)
    reader = signed_in(make_member(line.institution, "leader"))
    page = reader.get(f"/kotak-masuk/{talk.pk}/").content.decode()
    assert "/jawab/" not in page
    assert "/identitas/" not in page
    assert "/batal/" not in page
    said = {"text": "x", "reason": "spam", "form_key": "0" * 32, "after": "1", "path": "child",
            "intent": "spam", "priority": "0", "again": "1"}  # fmt: skip
    for path in doors(talk, message):
        assert reader.post(path, said).status_code == 403, path


def test_somebody_without_a_role_or_a_session_enters_nothing(line):
    talk = hear(line)
    nobody = signed_in(make_member(line.institution))
    clerk = signed_in(make_member(line.institution, "finance_officer"))
    for path in ("/kotak-masuk/", "/kotak-masuk/baris/", f"/kotak-masuk/{talk.pk}/"):
        assert nobody.get(path).status_code == 403
        assert clerk.get(path).status_code == 403
        assert Client().get(path).url.startswith("/masuk/login/")


def test_words_of_strangers_run_nowhere(line, officer):
    evil_facts = {
        "handle": {"id": "1"},
        "url": "javascript:alert(1)",
        "facts": {EVIL: EVIL, "quoted": EVIL},
    }
    reading = {
        "model": EVIL,
        "intent": {"value": EVIL},
        "sensitive": [EVIL],
        "because": {"intent": [EVIL]},
        "personal_data": [{"kind": "nik", "start": 0, "end": 3}],
    }
    talk = hear(
        line,
        EVIL.replace("\x00", ""),
        preview=EVIL[:150],
        subject=EVIL,
        extra=json.dumps(evil_facts),
        reading=json.dumps(reading),
        identity=json.dumps({"name": EVIL, "handle": EVIL, "address": EVIL}),
    )
    attach(talk, name=EVIL.replace("\x00", ""))  # PostgreSQL keeps no NUL; the landing drops it
    Attachment.objects.create(
        message_id=talk.last_in_id,
        name=EVIL.replace("\x00", ""),
        mime=EVIL.replace("\x00", ""),
        size=1,
        url="javascript:alert(1)",
        alt=EVIL.replace("\x00", ""),
    )
    came_to(
        say(talk, officer, EVIL.replace("\x00", "")),
        "refused",
        note=EVIL.replace("\x00", ""),
        url="javascript:x",
    )
    client = signed_in(officer)
    client.post(f"/kotak-masuk/{talk.pk}/identitas/", {"reason": EVIL.replace("\x00", "")})
    paths = [
        "/kotak-masuk/?view=all",
        f"/kotak-masuk/{talk.pk}/",
        "/kotak-masuk/?q=" + "%22%3E%3Cscript",
    ]
    for path in paths:
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "onerror=alert(2)>" not in page
        assert "javascript:" not in page
        assert "\u202e" not in page
        assert "49" not in page.partition('id="head"')[2].partition("alert(1)")[0][-40:]


def test_a_file_is_handed_over_as_bytes_whatever_its_sender_called_it(line, officer):
    talk = hear(line)
    client = signed_in(officer)
    for name, body in (
        ("x\r\nSet-Cookie: a=b\r\n\r\n<script>.html", b"<script>alert(1)</script>"),
        ('"; filename="jahat.exe', b"MZ"),
        ("../../../etc/passwd", b"<svg onload=alert(1)>"),
        ("surat\u202efdp.exe", b"%PDF-"),
    ):
        answer = client.get(f"/kotak-masuk/berkas/{attach(talk, name, body).pk}/")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("attachment; filename*=UTF-8''")
        assert not set('"\r\n;/\\') & set(disposition.partition("''")[2])
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
        assert b"".join(answer.streaming_content) == body


def test_a_file_s_record_leads_nowhere_but_to_its_own_bytes(line, officer):
    talk = hear(line)
    client = signed_in(officer)
    for sha256 in ("../../keys/session", "..", "", "f" * 64):
        kept = Attachment.objects.create(
            message_id=talk.last_in_id, name="x", mime="x", size=1, sha256=sha256
        )
        assert client.get(f"/kotak-masuk/berkas/{kept.pk}/").status_code == 404


def test_a_file_of_a_sealed_conversation_is_no_longer_given_out(line, officer):
    talk = hear(line)
    file, client = attach(talk), signed_in(officer)
    answer = client.get(f"/kotak-masuk/berkas/{file.pk}/")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)
    services.triage(talk, by=officer, said={})
    services.seal(talk, by=officer, path="child")
    assert client.get(f"/kotak-masuk/berkas/{file.pk}/").status_code == 404
    for path in doors(talk, Message.objects.filter(conversation=talk).first()):
        assert client.post(path, {"reason": "x", "text": "x"}).status_code == 404, path


def test_a_request_from_another_site_is_refused(line, officer):
    talk = hear(line)
    message = say(talk, officer)
    client = signed_in(officer, enforce_csrf_checks=True)
    for path in doors(talk, message):
        assert client.post(path, {"text": "x", "reason": "x"}).status_code == 403, path
    letter = Client(enforce_csrf_checks=True)
    form = make_line(line.institution, "webform")
    assert letter.post(f"/tulis/{form.institution.slug}/", {"text": "x"}).status_code == 403


def test_deeds_are_not_done_by_a_link(line, officer):
    talk = hear(line)
    message = say(talk, officer)
    client = signed_in(officer)
    for path in doors(talk, message):
        assert client.get(path).status_code == 405, path


def test_no_page_sends_anybody_to_another_site(line, officer):
    client = signed_in(officer)
    talk = hear(line)
    assert (
        client.get(f"/kotak-masuk/{talk.pk}/berikutnya/?next=//jahat.example").url
        == "/kotak-masuk/"
    )
    answer = Client().get("/kotak-masuk/?next=https://jahat.example")
    assert answer.url.startswith("/masuk/login/?next=/kotak-masuk/")


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_numbers_that_no_row_has_are_not_found(line, officer, number):
    client = signed_in(officer)
    for path in ("/kotak-masuk/{}/", "/kotak-masuk/berkas/{}/", "/kotak-masuk/pesan/{}/"):
        assert client.get(path.format(number)).status_code == 404
    assert client.get(f"/kotak-masuk/?after={number}-{number}").status_code == 200
