"""The pages of the index: what a leader reads, and what stays shut."""

from datetime import timedelta

import pytest
from django.utils import translation

from balai.analytics.models import DailyMeasure
from balai.inbox.tests.talking import make_line
from balai.people.tests.make import make_institution, make_member
from balai.readiness.services import reckon
from balai.readiness.tests.make import overdue, tell_all, today_at


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def city(db):
    return make_institution(is_sample=True)


@pytest.fixture
def leader(city, client):
    member = make_member(city, "leader", name="Panji")
    client.force_login(member.user)
    return member


def busy(city, days_ago: int = 0, met: int = 24) -> None:
    """A day on which thirty citizens were answered, so many of them in time; and its reckoning."""
    on = today_at(city) - timedelta(days=days_ago)
    DailyMeasure.objects.create(
        institution_id=city.pk, on=on, dimension="all", formula=1, answered=30, timed=30, met=met
    )
    reckon(city, on)


def test_before_the_first_night_the_page_says_so(client, leader):
    assert "Belum ada yang dihitung" in client.get("/stoc/").content.decode()
    assert client.get("/stoc/ukuran/O1/").status_code == 200


def test_the_leader_reads_what_is_known_and_what_is_not(client, leader, city):
    make_member(city, "case_coordinator", name="Lasmi")
    busy(city)
    page = client.get("/stoc/").content.decode()
    assert "Keterbukaan" in page
    assert "24 / 30" in page
    assert "76,92" in page  # (.8-.3)/(.95-.3)
    assert "Lasmi" in page
    assert "Belum ada pos yang tercatat di Balai." in page
    assert "<svg" in page


def test_a_number_opens_its_rows_with_the_readers_own_rights(client, leader, city):
    overdue(make_line(city), "Air mati sejak subuh")
    tell_all()
    reckon(city, today_at(city))
    assert "Air mati sejak subuh" in client.get("/stoc/ukuran/O1/").content.decode()
    client.force_login(make_member(city, "data_steward").user)
    assert "Air mati" not in client.get("/stoc/ukuran/O1/").content.decode()


def test_the_trend_is_a_picture_with_a_table_under_it(client, leader, city):
    for days, met in ((65, 15), (35, 20), (0, 28)):
        busy(city, days, met)
    page = client.get("/stoc/ukuran/O1/").content.decode()
    assert page.count("chart-dot") == 3
    assert "Bulan demi bulan" in page


def test_the_table_for_a_spreadsheet_has_exact_fractions_and_fingerprints(client, leader, city):
    busy(city)
    answer = client.get("/stoc/tabel.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert len(lines) == 24
    assert ",O1,ok,24,30,30,76.92,2026.1/1," in next(line for line in lines if ",O1," in line)


def test_nothing_of_another_institution_is_told(client, leader):
    busy(make_institution())
    assert "24 / 30" not in client.get("/stoc/").content.decode()
    assert "24,30" not in client.get("/stoc/tabel.csv").content.decode()


@pytest.mark.parametrize("address", ["/stoc/", "/stoc/ukuran/O1/", "/stoc/tabel.csv"])
def test_strangers_are_asked_to_sign_in(client, city, address):
    assert client.get(address).status_code == 302


def test_an_unknown_measure_is_no_page(client, leader):
    assert client.get("/stoc/ukuran/X9/").status_code == 404


def test_the_scorecard_has_seven_principles_and_says_what_is_unknown(client, leader, city):
    assert "Belum ada yang dihitung" in client.get("/stoc/tata-kelola/").content.decode()
    busy(city)
    page = client.get("/stoc/tata-kelola/").content.decode()
    assert "Daya tanggap: 76,92" in page
    assert "Kesetaraan: belum diketahui" in page
    assert client.get("/stoc/ukuran/G17/").status_code == 200
    assert client.get("/stoc/ukuran/G99/").status_code == 404
