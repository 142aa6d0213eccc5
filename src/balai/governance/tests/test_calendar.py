"""An institution's own calendar: decrees, hours, zones, and one that is never stale."""

from datetime import date, datetime, time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from balai.governance.models import AuditEntry, Holiday, ServiceWindow
from balai.governance.rules.calendar import ZONES
from balai.governance.selectors import calendar_of
from balai.governance.services import enter_holiday, set_service_hours, withdraw_holiday
from balai.ground.models import Announcement
from balai.people.rules import SYSTEM
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 7, 7)
INDEPENDENCE = date(2026, 8, 17)


@pytest.fixture
def office():
    institution = make_institution()
    return institution, make_member(institution, "system_admin")


def enter(office, on=TUESDAY, kind="local", **fields):
    institution, admin = office
    values = {"name": "Hari jadi kota", "decree": "SK Wali Kota 12/2026", "by": admin, **fields}
    return enter_holiday(institution=institution, on=on, kind=kind, **values)


def test_national_days_off_hold_without_anybody_entering_them(office):
    calendar = calendar_of(office[0])

    assert not calendar.is_working(INDEPENDENCE)
    assert calendar.is_working(TUESDAY)
    assert calendar.hours_on(TUESDAY) == [(time(8), time(16))]


def test_a_decree_adds_a_day_off_or_takes_one_out_at_once(office):
    enter(office)
    enter(office, on=INDEPENDENCE, kind="working_after_all")

    calendar = calendar_of(office[0])
    assert not calendar.is_working(TUESDAY)
    assert calendar.is_working(INDEPENDENCE)
    assert not calendar_of(make_institution()).is_working(INDEPENDENCE)
    entry = AuditEntry.objects.earliest("id")
    assert entry.did == "holiday.entered"
    assert entry.facts["decree"] == "SK Wali Kota 12/2026"
    assert Announcement.objects.filter(name="CalendarChanged").count() == 2


def test_a_withdrawn_decree_no_longer_holds_and_its_row_stays(office):
    holiday = enter(office)
    assert not calendar_of(office[0]).is_working(TUESDAY)

    withdraw_holiday(holiday=holiday, by=office[1], reason="salah tanggal")
    withdraw_holiday(holiday=holiday, by=office[1], reason="dua kali")

    assert calendar_of(office[0]).is_working(TUESDAY)
    assert Holiday.objects.get().withdrawn_at is not None
    assert AuditEntry.objects.filter(did="holiday.withdrawn").count() == 1
    enter(office)
    assert not calendar_of(office[0]).is_working(TUESDAY)


def test_a_day_has_one_decree_in_force_and_none_without_its_number(office):
    enter(office)

    with pytest.raises(ValidationError):
        enter(office, kind="public")
    with pytest.raises(ValidationError):
        enter(office, on=date(2026, 7, 8), decree=" ")
    with pytest.raises(IntegrityError):
        Holiday.objects.create(
            institution=office[0], on=TUESDAY, kind="local", name="x", decree="y"
        )


def test_ramadan_hours_hold_for_their_days_and_a_later_decision_replaces_an_earlier_one(office):
    institution, admin = office
    short = [(weekday, time(8), time(15)) for weekday in range(5)]
    set_service_hours(
        institution=institution,
        hours=short,
        from_on=date(2026, 2, 18),
        until_on=date(2026, 3, 17),
        decree="SE 3/2026",
        by=admin,
    )
    six = [(weekday, time(7), time(14)) for weekday in range(6)]
    set_service_hours(institution=institution, hours=six, from_on=date(2026, 7, 1), by=admin)
    again = [(weekday, time(7, 30), time(14)) for weekday in range(6)]
    set_service_hours(institution=institution, hours=again, from_on=date(2026, 7, 1), by=admin)

    calendar = calendar_of(institution)
    assert calendar.hours_on(date(2026, 2, 19)) == [(time(8), time(15))]
    assert calendar.hours_on(date(2026, 6, 30)) == [(time(8), time(16))]
    assert calendar.hours_on(date(2026, 7, 4)) == [(time(7, 30), time(14))]
    assert ServiceWindow.objects.count() == 17  # nothing was overwritten


@pytest.mark.parametrize(
    ("hours", "dates"),
    [
        ([], {}),
        ([(0, time(16), time(8))], {}),
        ([(7, time(8), time(16))], {}),
        (
            [(0, time(8), time(16))],
            {"from_on": date(2026, 3, 1), "until_on": date(2026, 2, 1)},
        ),
    ],
)
def test_hours_that_make_no_sense_are_refused(office, hours, dates):
    with pytest.raises(ValidationError):
        set_service_hours(institution=office[0], hours=hours, by=office[1], **dates)
    assert not ServiceWindow.objects.exists()


def test_only_who_may_edits_the_calendar(office):
    for somebody in (make_member(office[0], "responder"), SYSTEM):
        with pytest.raises(NotAllowed):
            enter(office, by=somebody)
        with pytest.raises(NotAllowed):
            set_service_hours(institution=office[0], hours=[(0, time(8), time(9))], by=somebody)


def test_the_calendar_follows_the_institutions_zone(office):
    institution, _admin = office
    assert calendar_of(institution).closing(TUESDAY).hour == 9  # 16:00 WIB
    institution.zone = "Asia/Jayapura"

    closing = calendar_of(institution).closing(TUESDAY)

    assert closing == datetime(2026, 7, 7, 16, tzinfo=ZONES["Asia/Jayapura"])


def test_the_calendar_is_kept_and_two_small_queries_see_that_it_is_fresh(
    office, django_assert_num_queries
):
    first = calendar_of(office[0])
    with django_assert_num_queries(2):
        assert calendar_of(office[0]) is first
    enter(office)
    assert calendar_of(office[0]) is not first
