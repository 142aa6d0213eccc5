"""Open data: every series as a page and as files; nothing of few people."""

import csv
import io
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.utils import translation

from balai.analytics.models import Dimension
from balai.people.tests.make import make_institution, make_unit
from balai.portal import opendata
from balai.portal.selectors.series import all_series, series_called
from balai.portal.tests.make import make_day, make_upkeep

SLUGS = [one.slug for one in all_series()]


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    with translation.override("id"):
        yield
    cache.clear()


@pytest.fixture
def city(db):
    city = make_institution("Kota Contoh")
    make_upkeep(city)
    make_day(city, taken_in=40, answered=36, timed=36, met=27)
    for key, n in (("webform", 33), ("mastodon", 4), ("telegram", 3)):
        make_day(city, dimension=Dimension.CHANNEL, key=key, taken_in=n, answered=n)
    make_day(city, dimension=Dimension.INTENT, key="complaint", taken_in=40, answered=36)
    make_day(city, dimension=Dimension.PLACE, key="32.73.01", label="=Cibiru", taken_in=9)
    unit = make_unit(city, "Dinas Jalan")
    make_day(city, dimension=Dimension.UNIT, key=str(unit.pk), taken_in=12, answered=12)
    return city


@pytest.mark.parametrize("slug", SLUGS)
def test_a_series_has_a_page_and_three_files_that_say_the_same(client, city, slug):
    base = f"/data/{city.slug}/{slug}"
    page = client.get(f"{base}/")
    assert page.status_code == 200
    assert ("<table" in page.content.decode()) == (slug != "stoc")  # not reckoned yet
    said = client.get(f"{base}.json").json()
    assert said["licence"] == opendata.LICENCE
    assert said["formula_version"] == 1
    assert said["definition"]
    assert said["n_column"] in [column["name"] for column in said["columns"]]
    assert bool(said["rows"]) == (slug != "stoc")
    table = client.get(f"{base}.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [list(row) for row in rows] == [list(row) for row in said["rows"]]
    for row, told in zip(rows, said["rows"], strict=True):
        count = told["taken_in"]
        assert row["taken_in"] == ("" if count is None else str(count))
    assert ElementTree.fromstring(client.get(f"{base}.svg").content).tag.endswith("svg")


def test_few_cases_are_empty_in_every_file(client, city):
    said = client.get(f"/data/{city.slug}/kanal.json").json()
    counts = {row["channel"]: row["taken_in"] for row in said["rows"]}
    assert sorted(counts.values(), key=str) == [33, None, None]
    assert '"taken_in": 4' not in client.get(f"/data/{city.slug}/kanal.json").content.decode()


def test_no_cell_is_a_formula_of_a_spreadsheet(client, city):
    table = client.get(f"/data/{city.slug}/wilayah.csv").content.decode()
    assert "'=Cibiru" in table


def test_the_catalogue_names_every_series_with_its_files_and_licence(client, city):
    answer = client.get(f"/data/{city.slug}/katalog.jsonld")
    said = answer.json()
    assert answer.headers["Content-Type"] == "application/ld+json"
    assert len(said["dcat:dataset"]) == len(SLUGS)
    for dataset in said["dcat:dataset"]:
        for one in dataset["dcat:distribution"]:
            path = one["dcat:downloadURL"]["@id"].removeprefix("http://testserver")
            assert client.get(path).status_code == 200
            assert one["dct:license"] == {"@id": opendata.LICENCE}
    page = client.get("/data/").content.decode()
    assert all(f"/data/{city.slug}/{slug}/" in page for slug in SLUGS)


def test_series_of_one_institution_say_nothing_of_another(client, city):
    other = make_institution("Desa Lain")
    said = client.get(f"/data/{other.slug}/kanal.json").json()
    assert said["rows"] == []
    assert client.get(f"/data/{other.slug}/kanal/").status_code == 200


@pytest.mark.parametrize("path", ["kanal.exe", "tidak-ada.csv", "tidak-ada/"])
def test_what_does_not_exist_is_not_there(client, city, path):
    assert client.get(f"/data/{city.slug}/{path}").status_code == 404


def test_months_go_back_two_years_and_end_today(city):
    period = series_called("bulanan").period(city)
    assert 700 < period.days <= 731
