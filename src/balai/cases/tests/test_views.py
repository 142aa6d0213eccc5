"""The pages of cases, for officers."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from balai.cases import selectors, services
from balai.cases.models import Case, Clock, EscalationNotice
from balai.cases.tests.make import Office, answers_in, fresh, seen
from balai.ground.clock import now
from balai.inbox.tests.talking import fresh as fresh_talk
from balai.inbox.tests.talking import signed_in
from balai.people.tests.make import make_institution, make_member

DEEDS = (
    *("periksa", "tanya", "jelas", "tolak", "gabung", "ubah", "disposisi", "kembalikan"),
    *("kerjakan", "janji", "rujuk", "jawab", "selesai", "petugas", "tangani-sanggahan"),
    *("kata-warga", "terbaca"),
)


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def office(db):
    return Office(make_institution(is_sample=True))


def press(who, case, deed, **said):
    return signed_in(who).post(f"/perkara/{case.pk}/{deed}/", said)


def words(case, text="Yth. warga, kami tambal hari ini pukul 15.00."):
    return {"text": text, "key": services.fresh_key(), "seen": seen(case)}


def test_a_case_is_made_from_the_page_of_its_conversation_and_found_from_there_again(office):
    talk = office.says("Lampu jalan mati di Gang Kenari")
    desk = signed_in(office.responder)
    assert "Jadikan perkara" in desk.get(f"/kotak-masuk/{talk.pk}/").content.decode()
    form = desk.get(f"/perkara/dari/{talk.pk}/").content.decode()
    assert "Lampu jalan mati di Gang Kenari" in form
    answer = desk.post(
        f"/perkara/dari/{talk.pk}/", {"kind": "complaint", "title": "Lampu jalan mati"}
    )
    case = Case.objects.get()
    assert answer.headers["Location"] == f"/perkara/{case.pk}/"
    assert "Perkaranya" in desk.get(f"/kotak-masuk/{talk.pk}/").content.decode()
    again = desk.get(f"/perkara/dari/{talk.pk}/")
    assert again.headers["Location"] == f"/perkara/{case.pk}/"


def test_a_second_conversation_is_added_to_the_case_that_sounds_alike(office):
    case = office.open(title="Lampu jalan mati di Gang Kenari")
    talk = office.says("Lampu jalan di Gang Kenari mati semua")
    desk = signed_in(office.responder)
    assert f"#{case.pk}" in desk.get(f"/perkara/dari/{talk.pk}/").content.decode()
    desk.post(f"/perkara/dari/{talk.pk}/gabung/", {"case": f"#{case.pk}"})
    assert case.voices.count() == 2
    wrong = desk.post(f"/perkara/dari/{office.says().pk}/gabung/", {"case": "99999"})
    assert wrong.status_code == 422


def test_the_whole_way_by_the_buttons(office):
    case = office.open()
    talk = case.voices.get().conversation
    press(office.coordinator, case, "periksa", scrutiny="ordinary", category="jalan")
    page = signed_in(office.coordinator).get(f"/perkara/{case.pk}/").content.decode()
    assert "Disposisikan ke unit" in page
    press(
        office.coordinator, case, "disposisi", unit=office.unit.pk,
        **words(case, "Kami teruskan ke Dinas Jalan."),
    )  # fmt: skip
    press(office.officer, case, "kerjakan")
    press(office.officer, case, "janji", on=f"{now().year + 1}-01-11", words="Ditambal ulang.")
    press(office.officer, case, "kerjakan")
    press(office.officer, case, "jawab", **words(case))
    assert fresh(case).state == "answered"
    press(office.coordinator, case, "selesai", result="fixed")
    voice = case.voices.get()
    press(office.officer, case, "kata-warga", voice=voice.pk, solved="yes")
    assert fresh(case).state == "confirmed"
    assert answers_in(talk)[0] == "Kami teruskan ke Dinas Jalan."
    page = signed_in(office.officer).get(f"/perkara/{case.pk}/").content.decode()
    assert "Dikonfirmasi warga" in page
    assert "Ditambal ulang." in page
    printed = signed_in(office.officer).get(f"/perkara/{case.pk}/berkas/").content.decode()
    assert "Kami teruskan ke Dinas Jalan." in printed


def test_what_could_be_plainer_is_told_once_before_it_leaves(office):
    case = office.in_progress()
    said = words(case, "Sehubungan dengan hal dimaksud, akan ditindaklanjuti.")
    first = press(office.officer, case, "jawab", **said)
    page = first.content.decode()
    assert "Bisakah lebih sederhana?" in page
    assert fresh(case).state == "in_progress"
    advised = page.split('name="advised" value="')[1].split('"')[0]
    press(office.officer, case, "jawab", advised=advised, **said)
    assert fresh(case).state == "answered"


def test_what_is_refused_is_said_and_the_words_are_not_lost(office):
    case = office.in_progress()
    number = words(case, "Yth. Ibu, NIK 3201010101010001 sudah kami perbaiki besok pagi.")
    answer = press(office.officer, case, "jawab", **number)
    assert answer.status_code == 422
    assert "3201010101010001" in answer.content.decode()
    assert fresh(case).state == "in_progress"


def test_two_officers_who_press_at_once_do_not_harm_each_other(office):
    case = office.dispatched()
    press(office.officer, case, "kerjakan")
    late = press(office.second, case, "kembalikan", reason="bukan kami")
    assert late.status_code == 422
    assert fresh(case).state == "in_progress"


def test_the_list_shows_what_is_due_first_and_asks_the_same_of_any_number(office):
    first = office.open(title="Jembatan retak")
    desk = signed_in(office.coordinator)
    desk.get("/perkara/")
    with CaptureQueriesContext(connection) as few:
        assert "Jembatan retak" in desk.get("/perkara/").content.decode()
    for number in range(6):
        office.open(title=f"Lampu {number} mati")
    Clock.objects.filter(case=first).update(due_at=now())
    Case.objects.filter(pk=first.pk).update(due_at=now())
    with CaptureQueriesContext(connection) as many:
        page = desk.get("/perkara/").content.decode()
    assert len(many) <= len(few)
    assert page.index("Jembatan retak") < page.index("Lampu 0 mati")
    late = desk.get("/perkara/?view=overdue").content.decode()
    assert "Jembatan retak" in late
    assert "Lampu 0 mati" not in late
    assert "Lampu 3 mati" in desk.get("/perkara/?q=lampu+3").content.decode()
    assert "Jembatan" not in desk.get("/perkara/?kind=aspiration").content.decode()


def test_pages_follow_each_other_by_key_without_gap_or_repetition(office, monkeypatch):
    monkeypatch.setattr("balai.cases.selectors.lists.PAGE", 3)
    made = {office.open(title=f"Perkara {number}").pk for number in range(8)}
    Case.objects.filter(pk__in=list(made)[:4]).update(due_at=now())
    seen_by: list[int] = []
    after = None
    while True:
        page = selectors.listed(office.coordinator, selectors.Asked(after=after))
        seen_by += [case.pk for case in page.cases]
        if not page.following:
            break
        first, _dash, second = page.following.partition("-")
        after = (int(first), int(second))
    assert len(seen_by) == len(made) == len(set(seen_by))


def test_an_odd_address_of_the_list_filters_nothing_and_breaks_nothing(office):
    desk = signed_in(office.coordinator)
    for odd in (
        "?after=1-2-3",
        "?view=x&state=y&unit=abc&kind=z",
        "?q=%00#",
        "?after=" + "9" * 17 + "-1",
    ):
        assert desk.get(f"/perkara/{odd}").status_code == 200


def test_the_officer_sees_the_unit_and_what_lies_with_whom(office):
    office.in_progress(title="Trotoar rusak")
    office.dispatched(unit=office.other_unit, title="Pipa bocor")
    mine = signed_in(office.officer).get("/perkara/?view=unit").content.decode()
    assert "Trotoar rusak" in mine
    assert "Pipa bocor" not in mine
    load = signed_in(office.coordinator).get("/perkara/beban/").content.decode()
    assert "Damar" in load
    assert "Dinas Air" in load


def test_who_is_told_of_a_deadline_sees_it_and_says_so(office):
    case = office.in_progress()
    clock = case.clocks.get(ended_at=None)
    notice = EscalationNotice.objects.create(
        institution=office.institution, case=case, clock=clock, mark=50, audience="officer",
        at=now(),
    )  # fmt: skip
    page = signed_in(office.officer).get("/perkara/").content.decode()
    assert "Setengah waktu telah lewat" in page
    assert "Setengah waktu" not in signed_in(office.stranger).get("/perkara/").content.decode()
    other = signed_in(office.stranger).post(f"/perkara/pemberitahuan/{notice.pk}/")
    assert other.status_code == 404
    signed_in(office.officer).post(f"/perkara/pemberitahuan/{notice.pk}/")
    notice.refresh_from_db()
    assert notice.seen_by == office.officer


def test_another_institutions_case_does_not_exist_here(office):
    foreign = Office(make_institution())
    case, talk = foreign.open(), foreign.says()
    desk = signed_in(office.coordinator)
    assert desk.get(f"/perkara/{case.pk}/").status_code == 404
    assert desk.get(f"/perkara/{case.pk}/berkas/").status_code == 404
    assert desk.get(f"/perkara/dari/{talk.pk}/").status_code == 404
    assert desk.post(f"/perkara/dari/{talk.pk}/gabung/", {"case": case.pk}).status_code == 404
    for deed in DEEDS:
        assert desk.post(f"/perkara/{case.pk}/{deed}/").status_code == 404
    joined = desk.post(f"/perkara/dari/{office.says().pk}/gabung/", {"case": case.pk})
    assert joined.status_code == 422
    assert f"#{case.pk}" not in desk.get("/perkara/?view=open").content.decode()


def test_who_has_no_role_in_it_does_nothing_in_it(office):
    case = office.open()
    reader = make_member(office.institution, "fact_checker")
    assert signed_in(reader).get(f"/perkara/{case.pk}/").status_code == 200
    given = {"scrutiny": "ordinary", "reason": "not_ours", "result": "fixed", "master": case.pk,
             "title": "x", "agency": "x", "unit": office.unit.pk, "officer": office.officer.pk,
             "on": "2030-01-01", "words": "x", "voice": case.voices.get().pk, "solved": "yes",
             **words(case)}  # fmt: skip
    for deed in DEEDS:
        assert press(reader, case, deed, **given).status_code == 403, deed
    admin = make_member(office.institution, "content_creator")
    assert signed_in(admin).get("/perkara/").status_code == 403


def test_a_stranger_is_asked_to_sign_in(office, client):
    case = office.open()
    for path in ("/perkara/", "/perkara/beban/", f"/perkara/{case.pk}/"):
        assert client.get(path).status_code == 302


def test_a_confidential_case_is_read_only_by_those_who_handle_it(office):
    case = office.dispatched(is_confidential=True)
    for who, status in (
        (office.coordinator, 200),
        (office.officer, 200),
        (office.superior, 200),
        (office.stranger, 404),
        (make_member(office.institution, "fact_checker"), 404),
        (make_member(office.institution, "auditor"), 200),
    ):
        assert signed_in(who).get(f"/perkara/{case.pk}/").status_code == status


def test_personal_data_is_covered_on_the_page_and_what_is_sealed_is_not_there(office):
    text = "NIK saya 3201010101010001, jalan rusak"
    reading = json.dumps({"personal_data": [{"kind": "nik", "start": 9, "end": 25}]})
    case = office.open(office.says(text, reading=reading))
    page = signed_in(office.coordinator).get(f"/perkara/{case.pk}/").content.decode()
    assert "3201010101010001" not in page
    assert "jalan rusak" in page
    talk = case.voices.get().conversation
    type(talk).objects.filter(pk=talk.pk).update(state="sealed")
    page = signed_in(office.coordinator).get(f"/perkara/{case.pk}/").content.decode()
    assert "jalan rusak" not in page
    assert fresh_talk(talk).state == "sealed"


def test_proposals_say_why_and_leave_out_who_returned_it(office):
    for _ in range(2):
        office.dispatched(title="Jalan berlubang di pasar", category="jalan")
    case = office.verified(title="Jalan berlubang dekat pasar", category="jalan")
    page = signed_in(office.coordinator).get(f"/perkara/{case.pk}/").content.decode()
    assert "perkara dengan topik ini" in page
    assert selectors.proposals(case)[0][0] == office.unit
    services.dispatch_case(case, unit=office.unit, by=office.coordinator)
    services.return_case(fresh(case), reason="bukan", by=office.officer)
    assert office.unit not in [unit for unit, _one in selectors.proposals(fresh(case))]
