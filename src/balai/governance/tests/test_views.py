"""The pages of governance: the calendar, the targets and the audit trail."""

import json
from datetime import date

import pytest
from django.utils import translation

from balai.governance.models import AuditEntry, Holiday, LocalTarget
from balai.governance.selectors import calendar_of
from balai.governance.services import enter_holiday
from balai.people.tests.make import make_institution, make_member


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def city(db):
    return make_institution(is_sample=True)


@pytest.fixture
def keeper(city, client):
    member = make_member(city, "system_admin", "auditor", name="Siti")
    client.force_login(member.user)
    return member


def enter(city, keeper, on: date, name: str = "Hari Jadi", kind: str = "local") -> Holiday:
    return enter_holiday(
        institution=city, on=on, kind=kind, name=name, decree="SK 12/2026", by=keeper
    )


def test_the_year_lists_national_and_own_days_with_their_source(client, city, keeper):
    enter(city, keeper, date(2026, 4, 22))
    page = client.get("/hari-kerja/?tahun=2026").content.decode()
    assert "Hari Kemerdekaan Republik Indonesia" in page
    assert "Daftar nasional" in page
    assert "SK 12/2026" in page


def test_a_day_that_a_decree_takes_out_is_struck_through(client, city, keeper):
    enter(city, keeper, date(2026, 12, 24), "Posko Natal", "working_after_all")
    page = client.get("/hari-kerja/?tahun=2026").content.decode()
    assert "<s>Cuti Bersama Hari Raya Natal</s>" in page


@pytest.mark.parametrize("year", ["1066", "9999", "x", "²⁰²⁶", ""])
def test_a_year_that_makes_no_sense_shows_a_year_that_does(client, keeper, year):
    assert client.get("/hari-kerja/", {"tahun": year}).status_code == 200


def test_a_second_decree_on_a_day_is_refused_in_the_form(client, city, keeper):
    enter(city, keeper, date(2026, 4, 22))
    sent = {"on": "2026-04-22", "kind": "local", "name": "Lain", "decree": "SK 13/2026"}
    page = client.post("/hari-kerja/libur/", sent).content.decode()
    assert "cabut dulu" in page
    assert Holiday.objects.count() == 1


def test_hours_are_decided_for_the_week_and_a_half_day_is_a_problem(client, city, keeper):
    sent = {"opens_0": "08:00", "closes_0": "14:30", "opens_5": "09:00", "closes_5": ""}
    page = client.post("/hari-kerja/jam/", sent).content.decode()
    assert 'href="#id_closes_5"' in page
    sent["closes_5"] = "12:00"
    assert client.post("/hari-kerja/jam/", sent).status_code == 302
    saturday = calendar_of(city).hours_on(date(2026, 11, 28))
    assert [(str(a), str(b)) for a, b in saturday] == [("09:00:00", "12:00:00")]
    assert calendar_of(city).hours_on(date(2026, 11, 24)) == []


def test_targets_say_their_mark_and_source_and_may_only_become_stricter(client, keeper):
    assert "republika.co.id" in client.get("/target/").content.decode()
    sent = {"limit": 90, "since_on": "2026-01-02", "decree": "Maklumat"}
    page = client.post("/target/question_first_response/", sent).content.decode()
    assert "tidak boleh lebih longgar" in page
    assert LocalTarget.objects.count() == 0
    sent["limit"] = 30
    assert client.post("/target/question_first_response/", sent).status_code == 302
    assert "30 menit jam layanan" in client.get("/target/").content.decode()
    assert client.get("/target/no_such_clock/").status_code == 404


def test_the_audit_trail_is_paged_and_filtered(client, city, keeper):
    for day in range(1, 29):
        for month in (7, 8):
            enter(city, keeper, date(2026, month, day), f"Hari {month}-{day}")
    first = client.get("/jejak-audit/").content.decode()
    assert "before=7" in first
    older = client.get("/jejak-audit/?before=7").content.decode()
    assert older.count("holiday.entered") == 6
    one = client.get("/jejak-audit/?kind=governance.holiday&number=1").content.decode()
    assert one.count("<code>holiday.entered</code>") <= 1


def test_the_chain_is_checked_by_one_press(client, city, keeper):
    enter(city, keeper, date(2026, 4, 22))
    page = client.post("/jejak-audit/periksa/", follow=True).content.decode()
    assert "utuh" in page


def test_the_signed_end_is_downloaded_as_it_stands(client, city, keeper):
    enter(city, keeper, date(2026, 4, 22))
    answer = client.get("/jejak-audit/ujung.json")
    head = json.loads(answer.content)
    assert head["number"] == AuditEntry.objects.filter(institution_id=city.pk).count()
    assert f"{city.slug}-{head['number']}.json" in answer.headers["Content-Disposition"]


def test_a_responder_reads_the_calendar_and_not_the_trail(client, city, keeper):
    client.force_login(make_member(city, "responder").user)
    assert client.get("/hari-kerja/").status_code == 200
    for path in ("/jejak-audit/", "/jejak-audit/ujung.json", "/hari-kerja/libur/"):
        assert client.get(path).status_code == 403


def test_a_holiday_of_another_institution_cannot_be_withdrawn(client, keeper):
    other = make_institution("Kabupaten Lain")
    foreign = enter(other, make_member(other, "system_admin"), date(2026, 4, 22))
    answer = client.post(f"/hari-kerja/libur/{foreign.pk}/cabut/", {"reason": "x"})
    assert answer.status_code == 404
