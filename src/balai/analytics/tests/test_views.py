"""The report: for whom, of what, and what it says where there is little to say."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from balai.analytics.models import Told
from balai.analytics.services import count_told
from balai.analytics.wording import safe_cell
from balai.ground.clock import now
from balai.ground.services import deliver
from balai.inbox import services as inbox
from balai.inbox.tests.talking import came_to, hear, make_line, say, signed_in
from balai.people.tests.make import make_institution, make_member, make_unit

pytestmark = pytest.mark.django_db
PAGE, TABLE = "/laporan/", "/laporan/laporan.csv"


def reading(member):
    """The member's browser, in English."""
    client = signed_in(member)
    client.cookies["django_language"] = "en"
    return client


class Office:
    """Two units; one answered six matters in time, the other is late with one."""

    def __init__(self) -> None:
        self.institution = make_institution()
        self.line = make_line(self.institution)
        self.quick = make_unit(self.institution, "Dinas Cepat")
        self.slow = make_unit(self.institution, "Dinas Lambat")
        self.rina = self.joins("responder", name="Rina", unit=self.quick)
        self.boss = self.joins("head_of_pr", "case_coordinator", name="Kepala")

    def joins(self, *roles, **fields):
        return make_member(self.institution, *roles, **fields)

    def works(self) -> None:
        for _ in range(6):
            talk = hear(self.line)
            inbox.assign(talk, by=self.boss, to=self.rina)
            answer = say(talk, self.rina)
            came_to(answer, "out")
            inbox.note_delivery(answer)
        late = hear(self.line, intent="complaint", due_at=now() - timedelta(minutes=1))
        inbox.assign(late, by=self.boss, unit=self.slow)
        while deliver() or count_told():
            pass

    def table_of(self, member, by: str) -> dict[str, dict[str, str]]:
        body = reading(member).get(TABLE, {"menurut": by})
        text = body.content.decode("utf-8-sig")
        return {row["Name"]: row for row in csv.DictReader(io.StringIO(text))}


@pytest.fixture
def office():
    found = Office()
    found.works()
    return found


def page(member, **asked) -> str:
    answer = reading(member).get(PAGE, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_head_reads_how_each_unit_answered(office):
    rows = office.table_of(office.boss, "unit")

    quick, slow = rows["Dinas Cepat"], rows["Dinas Lambat"]
    assert (quick["Answered"], quick["Met"], quick["Deadlines over"]) == ("6", "6", "6")
    assert (slow["Met"], slow["Deadlines over"], slow["Late now"]) == ("0", "1", "1")
    shown = page(office.boss)
    assert "100.0 %" in shown
    assert "insufficient data (0 of 1)" in shown
    assert "6 / 7" in shown  # everything: the late one is a miss


def test_a_number_leads_to_its_rows(office):
    shown = page(office.boss, menurut="unit")

    assert f"{reverse('inbox:queue')}?view=late&amp;unit={office.slow.pk}" in shown
    assert f"{reverse('inbox:queue')}?view=open&amp;unit={office.slow.pk}" in shown


def test_a_responder_sees_the_own_figures_and_nobody_elses(office):
    other = office.joins("responder", name="Budi")
    inbox.assign(hear(office.line), by=office.boss, to=other)
    while deliver() or count_told():
        pass

    assert set(office.table_of(office.rina, "unit")) == {"Rina"}  # there is nothing else to choose
    shown = page(office.rina, menurut="member")
    assert "Budi" not in shown
    assert "Dinas Lambat" not in shown
    assert set(office.table_of(office.boss, "member")) >= {"Rina", "Budi"}


def test_a_case_officer_sees_the_own_unit_and_of_people_only_themselves(office):
    clerk = office.joins("case_officer", name="Citra", unit=office.quick)

    assert set(office.table_of(clerk, "unit")) == {"Dinas Cepat"}
    assert "Rina" not in office.table_of(clerk, "member")
    assert office.table_of(clerk, "channel") == office.table_of(clerk, "unit")


def test_who_leads_one_unit_sees_the_people_of_that_unit_alone(office):
    head = make_member(office.institution, "leader", name="Kepala Dinas", granted_unit=office.quick)

    assert set(office.table_of(head, "unit")) == {"Dinas Cepat"}
    assert set(office.table_of(head, "member")) == {"Rina"}


def test_another_office_sees_nothing_of_it(office):
    stranger = make_member(make_institution("Lain"), "head_of_pr")

    assert "Nothing to report" in page(stranger)
    assert office.table_of(stranger, "unit") == {}


def test_who_is_not_signed_in_is_asked_to(client):
    assert client.get(PAGE).status_code == 302
    assert client.get(TABLE).status_code == 302


def test_a_period_that_makes_no_sense_is_said_so_and_the_usual_one_is_shown(office):
    backwards = page(office.boss, dari="2026-11-20", sampai="2026-11-01")
    assert "The last day lies before the first." in backwards
    assert "Dinas Cepat" in backwards

    assert "one year at most" in page(office.boss, dari="2020-01-01", sampai="2026-01-01")
    assert page(office.boss, dari="kemarin", menurut="shoe size")


def test_a_year_is_drawn_by_weeks_and_a_month_by_days(office):
    today = now().date()
    year_ago = (today - timedelta(days=364)).isoformat()

    assert "Week by week" in page(office.boss, dari=year_ago, sampai=today.isoformat())
    assert "Day by day" in page(office.boss)


def test_the_page_has_no_script_and_no_style_of_its_own(office):
    main = page(office.boss).partition("<main")[2]

    assert "<script" not in main
    assert "style=" not in main


@pytest.mark.parametrize("text", ["=1+1", "+62", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_takes_no_name_for_a_formula(text):
    assert safe_cell(text) == f"'{text}"


def test_a_unit_with_a_hostile_name_is_only_a_name_in_the_table(office):
    office.slow.name = '=HYPERLINK("https://jahat.example")'
    office.slow.save()

    assert "'" + office.slow.name in office.table_of(office.boss, "unit")
    assert safe_cell("Dinas Cepat") == "Dinas Cepat"


def test_the_report_says_until_when_it_counted_while_something_waits():
    office = Office()
    office.works()
    hear(office.line)
    while deliver():
        pass
    waiting = Told.objects.get()
    Told.objects.update(told_at=waiting.told_at - timedelta(seconds=90))

    shown = reading(office.boss).get(PAGE)

    assert shown.context["at"] == waiting.told_at - timedelta(seconds=90)
    assert "As of" in shown.content.decode()
