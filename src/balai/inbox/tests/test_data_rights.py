"""A person's own data: asked, proved, given, kept under a duty, erased to the last trace."""

import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from balai.channels.contract import Attachment as Sent
from balai.channels.models import Dispatch, Parcel
from balai.governance.models import AuditEntry
from balai.governance.selectors import verify_chain
from balai.ground.clock import now
from balai.ground.models import Announcement
from balai.inbox.landing import Attached
from balai.inbox.models import (
    Attachment,
    Certificate,
    Citizen,
    Message,
    RightsRequest,
)
from balai.inbox.search import search
from balai.inbox.selectors.gathering import copy_of, covered_by
from balai.inbox.services import asking, erasing, save_draft, write_note
from balai.inbox.services.contacts import gather_hints, merge_contacts, write_citizen_note
from balai.inbox.services.promising import make_promise
from balai.inbox.services.taking_in import _keep_file
from balai.inbox.tests.reading_all import places_of
from balai.inbox.tests.talking import fresh, hear, make_line, say, send_all, signed_in
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member

pytestmark = pytest.mark.django_db
WORD, NAME = "zqxlampu", "Qzvsiti"


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = type(settings.HOME)(tmp_path)


@pytest.fixture
def dpo(line):
    return make_member(line.institution, "dpo", name="Pak Dpo")


@pytest.fixture
def talk(line):
    identity = json.dumps({"name": f"{NAME} Aminah", "address": f"{NAME}@contoh.example"})
    return hear(
        line,
        f"Tolong {WORD} di rumah saya",
        identity=identity,
        is_public=False,
        subject=f"Soal {WORD}",
        thread_key=f"utas-{NAME}",
    )


def asked(talk, kind, by, *, proof="in_person", dpo=None):
    request = asking.note_request(talk, kind=kind, by=by)
    if proof == "in_person":
        asking.confirm_in_person(request, by=dpo)
    return as_it_is(request)


def as_it_is(request):
    return RightsRequest.objects.get(pk=request.pk)


def code_sent(request):
    dispatch = Dispatch.objects.filter(purpose="inbox.matter", ref=request.pk).latest("pk")
    return re.search(r"\b\d{6}\b", json.loads(dispatch.outgoing)["text"])[0]


def test_the_clock_of_a_request_is_three_times_24_hours_of_the_wall(talk, officer):
    for kind in ("access", "deletion"):
        request = asking.note_request(talk, kind=kind, by=officer)
        assert request.due_at - request.asked_at == timedelta(hours=72)
    with pytest.raises(ValidationError):
        asking.note_request(talk, kind="access", by=officer)


def test_an_overdue_request_is_told_once(talk, officer):
    request = asking.note_request(talk, kind="access", by=officer)
    assert asking.note_overdue_requests() == 0
    RightsRequest.objects.filter(pk=request.pk).update(due_at=now() - timedelta(minutes=1))
    assert (asking.note_overdue_requests(), asking.note_overdue_requests()) == (1, 0)


def test_the_code_goes_through_the_conversation_and_no_officer_sees_it(talk, officer):
    request = asking.note_request(talk, kind="access", by=officer)
    asking.send_code(request, by=officer)
    code = code_sent(request)
    page = signed_in(officer).get(f"/kotak-masuk/{talk.pk}/").content.decode()
    assert code not in page
    assert code not in as_it_is(request).code_digest
    told = list(AuditEntry.objects.values_list("facts", "reason")) + list(
        Announcement.objects.values_list("facts")
    )
    assert code not in json.dumps(told)
    wrong = "000000" if code != "000000" else "111111"
    assert not asking.check_code(request, wrong, by=officer)
    assert asking.check_code(request, f" {code} ", by=officer)
    assert (as_it_is(request).state, as_it_is(request).proof) == ("verified", "code")
    assert not asking.check_code(request, code, by=officer)


def test_a_code_is_tried_five_times_and_lives_three_days(talk, officer):
    request = asking.note_request(talk, kind="access", by=officer)
    asking.send_code(request, by=officer)
    code = code_sent(request)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        assert not asking.check_code(request, wrong, by=officer)
    assert not asking.check_code(request, code, by=officer)
    asking.send_code(request, by=officer)
    RightsRequest.objects.update(code_until_at=now() - timedelta(seconds=1))
    assert not asking.check_code(request, code_sent(request), by=officer)


def test_no_code_is_sent_where_others_read_along(line, officer):
    public = hear(line, "Halo", is_public=True)
    request = asking.note_request(public, kind="access", by=officer)
    with pytest.raises(asking.NoPrivateLine):
        asking.send_code(request, by=officer)
    assert not Dispatch.objects.exists()


def test_whoever_noted_a_request_does_not_prove_it_in_person(talk, line):
    both = make_member(line.institution, "dpo", "responder")
    request = asking.note_request(talk, kind="deletion", by=both)
    with pytest.raises(NotAllowed):
        asking.confirm_in_person(request, by=both)


def test_nothing_is_given_or_erased_before_it_is_proved(talk, officer, dpo):
    access = asking.note_request(talk, kind="access", by=officer)
    deletion = asking.note_request(talk, kind="deletion", by=officer)
    with pytest.raises(ValidationError):
        asking.hand_over(access, by=dpo)
    with pytest.raises(ValidationError):
        erasing.erase_person(deletion, by=dpo)
    client = signed_in(dpo)
    answer = client.post(f"/hak-data/{access.pk}/salinan/", {"bentuk": "json"})
    assert answer.status_code == 302
    assert WORD in Message.objects.get(pk=talk.last_in_id).text


def test_the_copy_holds_both_sides_and_who_looked_and_no_internal_note(talk, officer, dpo):
    say(talk, officer, "Kami periksa besok")
    write_note(fresh(talk), text="dia sering menelepon", by=officer)
    request = asked(talk, "access", officer, dpo=dpo)
    asking.hand_over(request, by=dpo)
    answer = signed_in(dpo).post(f"/hak-data/{request.pk}/salinan/", {"bentuk": "json"})
    told = answer.content.decode()
    assert json.loads(told)["conversations"][0]["messages"][0]["from"] == "you"
    for words in (WORD, NAME, "Kami periksa besok"):
        assert words in told
    assert "sering menelepon" not in told
    assert "no-store" in answer.headers["Cache-Control"]
    again = copy_of([Citizen.objects.get(pk=talk.citizen_id)])
    assert {one["what"] for one in again["opened_by"]} == {
        "citizen.data_exported",
        "citizen.data_handed_over",
    }
    page = signed_in(dpo).post(f"/hak-data/{request.pk}/salinan/")
    assert WORD in page.content.decode()


def test_who_proved_by_code_gets_an_address_that_ends_after_seven_days(talk, officer, dpo):
    request = asking.note_request(talk, kind="access", by=officer)
    asking.send_code(request, by=officer)
    asking.check_code(request, code_sent(request), by=officer)
    asking.hand_over(as_it_is(request), by=dpo)
    sent = Dispatch.objects.filter(purpose="inbox.matter").latest("pk").outgoing
    path = re.search(r"/salinan-data/[\w\-]+/", sent)[0]
    assert WORD in Client().get(path).content.decode()
    RightsRequest.objects.update(handed_until_at=now() - timedelta(seconds=1))
    assert Client().get(path).status_code == 404


def test_only_the_data_protection_officer_handles_requests(talk, officer, dpo, line):
    request = asked(talk, "deletion", officer, dpo=dpo)
    with pytest.raises(NotAllowed):
        erasing.erase_person(request, by=officer)
    with pytest.raises(NotAllowed):
        asking.refuse_request(request, by=officer, reason="x")
    assert signed_in(officer).get("/hak-data/").status_code == 403
    stranger = signed_in(make_member(make_institution("Kota Lain"), "dpo", "responder"))
    assert stranger.get(f"/hak-data/{request.pk}/").status_code == 404
    for deed in ("hapus", "serahkan", "tolak", "bukti", "salinan"):
        path = f"/hak-data/{request.pk}/{deed}/"
        assert stranger.post(path, {"reason": "x"}).status_code == 404
    assert stranger.post(f"/hak-data/minta/{talk.pk}/", {"kind": "access"}).status_code == 404
    assert Client().get("/hak-data/").status_code == 302


def test_a_duty_to_keep_refuses_deletion_with_its_reason(talk, officer, dpo, line):
    hold = asking.hold_data(talk.citizen, by=dpo, reason="Sengketa informasi 12")
    request = asked(talk, "deletion", officer, dpo=dpo)
    with pytest.raises(erasing.UnderHold, match="Sengketa informasi 12"):
        erasing.erase_person(request, by=dpo)
    assert "Sengketa" in signed_in(dpo).get(f"/hak-data/{request.pk}/").content.decode()
    with pytest.raises(NotAllowed):
        asking.lift_hold(hold, by=officer)
    asking.lift_hold(hold, by=make_member(line.institution, "leader"))
    erasing.erase_person(request, by=dpo)
    assert as_it_is(request).state == "erasing"


def test_after_the_erasure_no_table_no_index_and_no_byte_holds_the_words(
    talk, officer, dpo, line, settings, django_capture_on_commit_callbacks
):
    other = make_line(line.institution, "webform")
    second = hear(
        other,
        f"Sekali lagi {WORD}",
        identity=json.dumps({"address": f"{NAME}@contoh.example"}),
        is_public=False,
    )
    for one in (talk, second):
        message = Message.objects.get(pk=one.last_in_id)
        Parcel.objects.create(
            connection=one.connection,
            body=f"{NAME}: {WORD}".encode(),
            arrived_at=message.received_at,
            state="read",
        )
    kept = _keep_file(Sent(f"{WORD}.txt", "text/plain", f"berkas {WORD}".encode()))
    fields = {n: getattr(kept, n) for n in Attached.__struct_fields__}
    Attachment.objects.create(message_id=talk.last_in_id, **fields)
    gather_hints()
    merge_contacts(talk.citizen, second.citizen, by=officer, reason=f"{NAME} sama")
    answer = say(talk, officer, f"Baik, {WORD} kami periksa, Bu {NAME}")
    make_promise(fresh(talk), what=f"{WORD} diganti", due_at=now() + timedelta(days=1), by=officer)
    write_note(fresh(talk), text=f"Bu {NAME} sabar", by=officer)
    write_citizen_note(talk.citizen, text=f"Bu {NAME} baik", by=officer)
    save_draft(fresh(second), text=f"Konsep {WORD}", by=officer)
    stranger = hear(line, "Jalan rusak di pasar")
    assert {"inbox_message", "channels_parcel"} <= set(places_of(WORD))

    request = asked(talk, "deletion", officer, dpo=dpo)
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase_person(request, by=dpo)
    send_all()
    while as_it_is(request).state != "done":
        assert erasing.finish_erasures()

    for word in (WORD, NAME, "diganti", "sabar"):
        assert places_of(word) == [], word
    files = [path for path in (settings.HOME.path / "files").rglob("*") if path.is_file()]
    assert files == []
    for citizen in (talk.citizen_id, second.citizen_id):
        found = Citizen.objects.get(pk=citizen)
        assert found.identity == ""
        assert found.forgotten_at is not None
    assert not search(line.institution_id, WORD).found
    assert search(line.institution_id, "pasar").conversation_ids == [stranger.pk]
    assert (
        json.loads(Dispatch.objects.get(ref=answer.pk, purpose="inbox.answer").outgoing)["text"]
        == ""
    )
    assert verify_chain(line.institution_id).holds


def test_the_certificate_is_proved_by_the_audit_log_and_holds_nobody_s_data(talk, officer, dpo):
    request = asked(talk, "deletion", officer, dpo=dpo)
    erasing.erase_person(request, by=dpo)
    send_all()
    while as_it_is(request).state != "done":
        assert erasing.finish_erasures()
    certificate = Certificate.objects.get()
    assert erasing.is_genuine(certificate)
    path = f"/sertifikat/{erasing.certificate_address(request)}/"
    page = Client().get(path)
    assert page.status_code == 200
    assert NAME not in page.content.decode()
    told = json.loads(Client().get(path, {"bentuk": "json"}).content)
    assert told["erased"]["messages"] == 1
    certificate.content["erased"]["messages"] = 9
    certificate.save()
    assert not erasing.is_genuine(certificate)
    certificate.sha256 = erasing.sha256_of(certificate.content)
    certificate.save()
    assert not erasing.is_genuine(Certificate.objects.get())
    assert Client().get("/sertifikat/" + "0" * 32 + "/").status_code == 404


def test_if_the_person_writes_again_nothing_leads_to_the_old_words(talk, officer, dpo, line):
    key = talk.citizen.key
    request = asked(talk, "deletion", officer, dpo=dpo)
    erasing.erase_person(request, by=dpo)
    again = hear(line, "Saya kembali", citizen_key=key, thread_key=f"utas-{NAME}")
    assert again.pk != talk.pk
    assert again.citizen_id != talk.citizen_id
    assert fresh(talk).state == "confirmed"


def test_the_status_page_asks_reads_and_leads_to_the_certificate(line, dpo):
    own = make_line(line.institution, "webform")
    talk = hear(own, f"Soal {WORD}", receipt="r" * 22, is_public=False)
    page, here = Client(), f"/status/{'r' * 22}/"
    assert "data" in page.get(here).content.decode()
    page.post(here, {"data": "access"})
    request = RightsRequest.objects.get()
    assert (request.state, request.proof) == ("verified", "receipt")
    asking.hand_over(request, by=dpo)
    assert WORD in page.post(here, {"data": "copy"}).content.decode()
    page.post(here, {"data": "deletion"})
    erasing.erase_person(RightsRequest.objects.get(kind="deletion"), by=dpo)
    send_all()
    while RightsRequest.objects.get(kind="deletion").state != "done":
        assert erasing.finish_erasures()
    led = page.get(here)
    assert led.status_code == 302
    assert page.get(led.headers["Location"]).status_code == 200
    assert fresh(talk).receipt == ""


def test_a_status_page_proves_one_account_and_not_those_that_were_joined(line, officer, dpo, talk):
    own = make_line(line.institution, "webform")
    letter = hear(own, "Surat saya", receipt="t" * 22, is_public=False)
    merge_contacts(talk.citizen, letter.citizen, by=officer, reason="dikira sama")
    request = asking.ask_on_own_page(letter, kind="access")
    assert WORD not in json.dumps(copy_of(covered_by(request)))
    seen = asking.note_request(talk, kind="deletion", by=officer)
    asking.confirm_in_person(seen, by=dpo)
    assert len(covered_by(as_it_is(seen))) == 2
    deletion = asking.ask_on_own_page
    with pytest.raises(ValidationError):
        deletion(letter, kind="deletion")
    asking.refuse_request(as_it_is(seen), by=dpo, reason="ditarik kembali")
    erasing.erase_person(deletion(letter, kind="deletion"), by=dpo)
    assert WORD in Message.objects.get(pk=talk.last_in_id).text
    assert Message.objects.get(pk=letter.last_in_id).text == ""


def test_what_an_officer_noted_is_confirmed_on_the_status_page(line, officer):
    own = make_line(line.institution, "webform")
    talk = hear(own, "Halo", receipt="s" * 22, is_public=False)
    request = asking.note_request(talk, kind="deletion", by=officer)
    Client().post(f"/status/{'s' * 22}/", {"data": "confirm"})
    assert as_it_is(request).proof == "receipt"


def test_the_officer_does_all_of_it_in_the_browser(talk, officer, dpo):
    desk, protection = signed_in(officer), signed_in(dpo)
    desk.post(f"/hak-data/minta/{talk.pk}/", {"kind": "access"})
    request = RightsRequest.objects.get()
    assert "hak-data" in desk.get(f"/kotak-masuk/{talk.pk}/").content.decode()
    desk.post(f"/hak-data/minta/{talk.pk}/{request.pk}/", {"send": "1"})
    desk.post(f"/hak-data/minta/{talk.pk}/{request.pk}/", {"code": code_sent(request)})
    assert as_it_is(request).state == "verified"
    assert protection.get("/hak-data/").status_code == 200
    here = f"/hak-data/{request.pk}/"
    assert protection.get(here).status_code == 200
    assert protection.post(f"{here}tolak/", {"reason": ""}).status_code == 422
    protection.post(f"{here}serahkan/")
    assert as_it_is(request).state == "done"
    person = f"/warga/{talk.citizen_id}/"
    protection.post(f"{person}tahan/", {"reason": "sengketa"})
    assert "sengketa" in protection.get(person).content.decode()
    protection.post(f"{person}tahan/")
    assert "sengketa" not in protection.get(person).content.decode()
