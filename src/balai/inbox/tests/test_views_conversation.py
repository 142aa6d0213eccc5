"""One conversation: answering it, judging it, opening the citizen's identity."""

import json
import re

import pytest

from balai.channels.models import Attempt, Dispatch
from balai.governance.models import AuditEntry
from balai.ground.clock import now
from balai.inbox import services
from balai.inbox.models import Conversation, Correction, Message
from balai.inbox.tests.talking import came_to, hear, make_line, say, signed_in
from balai.people.tests.make import make_institution, make_member, make_unit

pytestmark = pytest.mark.django_db
NIK_TEXT = "Tolong KTP saya, NIK 3578121503900003, sudah sebulan"
SPANS = [{"kind": "nik", "start": 21, "end": 37}]
READING = {
    "model": "rules-1",
    "intent": {"value": "complaint", "p": 0.87, "sure": True},
    "urgency": {"value": "normal"},
    "personal_data": SPANS,
    "because": {"intent": ["word: sudah sebulan"]},
}


@pytest.fixture
def line(db):
    return make_line(make_institution())


@pytest.fixture
def officer(line):
    return make_member(line.institution, "responder", name="Siti Rahma")


@pytest.fixture
def talk(line):
    identity = json.dumps({"name": "Suparmi", "handle": "@suparmi", "address": ""})
    return hear(line, NIK_TEXT, reading=json.dumps(READING), identity=identity)


def address(talk, *rest) -> str:
    return "/".join(["/kotak-masuk", str(talk.pk), *map(str, rest)]) + "/"


def page_of(client, talk, **asked) -> str:
    return client.get(address(talk), asked).content.decode()


def answer_form(client, talk, text="Kami periksa.", **more) -> dict:
    page = page_of(client, talk)
    fields = dict(re.findall(r'name="(form_key|after)" value="([^"]+)"', page))
    assert set(fields) == {"form_key", "after"}
    return {**fields, "text": text, **more}


def test_an_answer_waits_in_its_undo_window_and_can_be_called_off_with_its_words_kept(
    officer, talk
):
    client = signed_in(officer)
    client.post(address(talk, "jawab"), answer_form(client, talk, "Besok <b>pagi</b>."))
    message = Message.objects.get(direction="out")
    page = page_of(client, talk)
    assert "Besok &lt;b&gt;pagi&lt;/b&gt;." in page
    assert f"/jawaban/{message.pk}/batal/" in page
    undone = client.post(address(talk, "jawaban", message.pk, "batal"))
    assert Dispatch.objects.get().state == "cancelled"
    assert ">Besok &lt;b&gt;pagi&lt;/b&gt;.</textarea>" in client.get(undone.url).content.decode()
    talk.refresh_from_db()
    assert talk.state == "triaged"


def test_a_form_that_is_sent_twice_is_one_answer(officer, talk):
    client = signed_in(officer)
    form = answer_form(client, talk)
    for _ in range(2):
        assert client.post(address(talk, "jawab"), form).status_code == 302
    assert Dispatch.objects.count() == 1


def test_when_somebody_answered_meanwhile_both_texts_are_shown_and_the_officer_chooses(
    line, officer, talk
):
    client = signed_in(officer)
    form = answer_form(client, talk, "Jawaban saya yang kedua")
    say(talk, make_member(line.institution, "responder", name="Budi"), "Jawaban Budi")
    answer = client.post(address(talk, "jawab"), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Jawaban Budi" in page
    assert ">Jawaban saya yang kedua</textarea>" in page
    assert Dispatch.objects.count() == 1
    client.post(address(talk, "jawab"), {**form, "in_addition": "true"})
    assert Dispatch.objects.count() == 2


def test_a_text_that_the_channel_does_not_take_is_said_at_the_field_and_stays(officer, talk):
    client = signed_in(officer)
    answer = client.post(address(talk, "jawab"), answer_form(client, talk, "a" * 501))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "a" * 501 in page
    assert "501" in re.search(r'class="field-errors".*?</ul>', page, re.S)[0]
    assert not Dispatch.objects.exists()


def test_the_newest_message_that_the_officer_saw_travels_with_the_answer(line, officer, talk):
    client = signed_in(officer)
    form = answer_form(client, talk)
    assert int(form["after"]) == talk.last_in_id
    client.post(address(talk, "jawab"), form)
    assert Message.objects.get(direction="out").extra["seen"] == talk.last_in_id


def test_an_answer_that_asks_back_leaves_the_next_word_to_the_citizen(officer, talk):
    client = signed_in(officer)
    client.post(address(talk, "jawab"), answer_form(client, talk, "Di mana?", asks_back="on"))
    talk.refresh_from_db()
    assert talk.state == "waiting_citizen"


@pytest.mark.parametrize(
    ("state", "fields", "words"),
    [
        ("out", {"url": "https://net.example/1"}, 'href="https://net.example/1"'),
        ("refused", {"note": "too <long>"}, "too &lt;long&gt;"),
        ("confirming", {}, "Sedang dipastikan"),
        ("unknown", {"looks_made": 12}, "proof_url"),
        ("unknown", {"looks_made": 1}, "Belum pasti"),
        ("out", {"returned_at": now(), "note": "mailbox full"}, "mailbox full"),
        ("out", {"url": "javascript:alert(1)"}, "Terkirim"),
    ],
)
def test_the_way_of_an_answer_is_told_step_by_step(officer, talk, state, fields, words):
    dispatch = came_to(say(talk, officer), state, **fields)
    Attempt.objects.create(dispatch=dispatch, fence=1, started_at=now(), words="<i>hm</i>")
    page = page_of(signed_in(officer), talk)
    assert words in page
    assert "&lt;i&gt;hm&lt;/i&gt;" in page
    assert "javascript:" not in page


def test_what_nobody_knows_is_settled_by_a_link_or_sent_again(officer, talk):
    client = signed_in(officer)
    message = say(talk, officer)
    came_to(message, "unknown", looks_made=12)
    settle = address(talk, "jawaban", message.pk, "pastikan")
    assert client.post(settle, {"url": "javascript:alert(1)"}).status_code == 422
    assert client.post(settle, {"url": ""}).status_code == 422
    client.post(settle, {"url": "https://net.example/1"})
    assert Dispatch.objects.get().url == "https://net.example/1"
    came_to(message, "unknown")
    client.post(settle, {"again": "1"})
    assert Dispatch.objects.get().state == "waiting"


def test_a_note_looks_different_and_never_leaves(officer, talk):
    client = signed_in(officer)
    client.post(address(talk, "note"), {"text": "sudah ditelepon"})
    assert re.search(r'class="said is-note".*?sudah ditelepon', page_of(client, talk), re.S)
    assert not Dispatch.objects.exists()


def test_a_judgement_is_kept_beside_the_machine_s_with_its_reasons(officer, talk):
    client = signed_in(officer)
    page = page_of(client, talk)
    assert "sudah sebulan" in page
    assert "87 %" in page
    assert "rules-1" in page
    client.post(address(talk, "triage"), {"intent": "aspiration", "priority": 1, "language": "ind"})
    talk.refresh_from_db()
    assert (talk.intent, talk.priority, talk.state) == ("aspiration", 1, "triaged")
    assert set(Correction.objects.values_list("field", flat=True)) == {"intent", "priority"}


def test_a_conversation_is_given_to_a_unit_and_an_officer_of_the_house_only(line, officer, talk):
    unit, stranger = make_unit(line.institution), make_member(make_institution(), "responder")
    client = signed_in(officer)
    client.post(address(talk, "assign"), {"unit": unit.pk, "to": officer.pk})
    talk.refresh_from_db()
    assert (talk.unit, talk.assignee) == (unit, officer)
    answer = client.post(address(talk, "assign"), {"unit": "", "to": stranger.pk})
    assert answer.status_code == 422
    talk.refresh_from_db()
    assert talk.assignee == officer


def test_a_complaint_is_not_set_aside_and_the_page_says_why(line, officer):
    talk = hear(line, intent="complaint")
    client = signed_in(officer)
    services.triage(talk, by=officer, said={})
    assert "aside_reason" not in page_of(client, talk)
    answer = client.post(address(talk, "set_aside"), {"reason": "spam"})
    assert answer.status_code == 422
    talk.refresh_from_db()
    assert talk.state == "triaged"


def test_what_is_done_is_resolved_and_taken_up_again_with_a_reason(officer, talk):
    client = signed_in(officer)
    say(talk, officer)
    client.post(address(talk, "resolve"))
    talk.refresh_from_db()
    assert talk.state == "resolved"
    assert client.post(address(talk, "reopen"), {"reason": ""}).status_code == 422
    client.post(address(talk, "reopen"), {"reason": "belum selesai"})
    talk.refresh_from_db()
    assert talk.state == "triaged"
    assert "belum selesai" in page_of(client, talk)  # the trace


def test_a_deed_that_came_too_late_is_said_and_nothing_typed_is_lost(officer, talk):
    client = signed_in(officer)
    form = answer_form(client, talk, "Kalimat yang panjang")
    services.triage(talk, by=officer, said={})
    services.set_aside(talk, by=officer, reason="spam")
    answer = client.post(address(talk, "jawab"), form)
    assert answer.status_code == 422
    assert "Kalimat yang panjang" in answer.content.decode()


def test_a_sealed_conversation_shows_its_trace_and_no_word(officer, talk):
    client = signed_in(officer)
    services.triage(talk, by=officer, said={})
    client.post(address(talk, "seal"), {"path": "child"})
    talk.refresh_from_db()
    assert talk.state == Conversation.State.SEALED
    for path in (address(talk), address(talk, "bagian"), "/kotak-masuk/?view=all"):
        page = client.get(path).content.decode()
        assert "KTP" not in page
        assert "Suparmi" not in page
    assert "conversation.sealed" in page_of(client, talk)


def test_personal_data_stays_covered_until_an_opening_with_its_reason_is_recorded(officer, talk):
    client = signed_in(officer)
    page = page_of(client, talk)
    assert "3578121503900003" not in page
    assert "<mark>[NIK ..03]</mark>" in page
    assert "Suparmi" not in page
    assert client.post(address(talk, "identitas"), {"reason": ""}).status_code == 422
    client.post(address(talk, "identitas"), {"reason": "mencocokkan berkas"})
    opened = page_of(client, talk)
    assert "<mark>3578121503900003</mark>" in opened
    assert "Suparmi" in opened
    entry = AuditEntry.objects.get(did="conversation.identity_opened")
    assert (entry.reason, entry.actor) == ("mencocokkan berkas", f"member:{officer.pk}")
    assert "Suparmi" not in page_of(signed_in(officer), talk)  # another session has not opened it


def test_an_opening_lasts_a_quarter_of_an_hour_and_one_conversation(line, officer, talk):
    client, other = signed_in(officer), hear(line, NIK_TEXT, reading=json.dumps(READING))
    client.post(address(talk, "identitas"), {"reason": "mencocokkan berkas"})
    assert "3578121503900003" not in page_of(client, other)
    session = client.session
    session["inbox.opened"] = {str(talk.pk): "2026-01-01T00:00:00+00:00"}
    session.save()
    assert "3578121503900003" not in page_of(client, talk)


def test_a_reason_that_names_a_citizen_is_refused_at_the_form(officer, talk):
    answer = signed_in(officer).post(address(talk, "identitas"), {"reason": "NIK 3578121503900003"})
    assert answer.status_code == 422
    assert not AuditEntry.objects.filter(did="conversation.identity_opened").exists()


def test_the_clock_names_its_rule_its_source_and_the_mark(line, officer):
    talk = hear(line, clock="complaint_first_response", intent="complaint")
    page = page_of(signed_in(officer), talk)
    assert "240" in page
    assert re.search(r'id="clock".*?badge is-outline[^>]*>(V|V2|U|D)<', page, re.S)


def test_a_part_is_the_page_without_the_form_in_which_somebody_writes(officer, talk):
    client = signed_in(officer)
    part = client.get(address(talk, "bagian"))
    assert f'id="m{talk.last_in_id}"' in part.content.decode()
    assert 'name="text"' not in re.sub(r'id="note_text".*', "", part.content.decode())
    again = client.get(address(talk, "bagian"), headers={"If-None-Match": part.headers["ETag"]})
    assert again.status_code == 304


def test_a_thread_of_hundreds_opens_at_its_newest_and_leads_back(line, officer):
    talk = hear(line, "kata pertama", thread_key="t", citizen_key="w" * 32)
    for n in range(65):
        hear(line, f"kata {n}", thread_key="t", citizen_key="w" * 32)
    client = signed_in(officer)
    page = page_of(client, talk)
    assert "kata 64" in page
    assert "kata pertama" not in page
    older = re.search(r"\?before=(\d+)", page)[1]
    assert "kata pertama" in page_of(client, talk, before=older)


def test_an_officer_who_missed_the_citizens_newest_words_reads_them_and_keeps_the_text(
    line, officer
):
    thread = {"thread_key": "u1", "citizen_key": "a" * 32}
    talk = hear(line, **thread)
    client = signed_in(officer)
    fields = answer_form(client, talk, "Besok kami cek.")
    hear(line, "Sekarang ada orang terluka", **thread)
    answer = client.post(address(talk, "jawab"), fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "terluka" in page
    assert "Besok kami cek." in page
    assert not Dispatch.objects.exists()
    seen = dict(re.findall(r'name="(form_key|after)" value="([^"]+)"', page))
    assert client.post(address(talk, "jawab"), {**fields, **seen}).status_code == 302
    assert Dispatch.objects.count() == 1
