"""The citizen's own page of a case."""

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from balai.cases import services
from balai.cases.models import Case
from balai.cases.tests.make import Office, fresh
from balai.people.tests.make import make_institution


@pytest.fixture(autouse=True)
def _indonesian():
    cache.clear()
    with translation.override("id"):
        yield


@pytest.fixture
def office(db):
    return Office(make_institution(is_sample=True))


def page_of(case, client=None):
    return (client or Client()).get(f"/lacak/{case.voices.get().receipt}/")


def says(case, deed, **more):
    return Client(enforce_csrf_checks=True).post(
        f"/lacak/{case.voices.get().receipt}/", {"deed": deed, **more}
    )


def test_a_citizen_sees_in_plain_words_where_it_stands_and_when_it_is_due(office):
    case = office.in_progress()
    answer = page_of(case)
    page = answer.content.decode()
    assert "Sedang dikerjakan" in page
    assert "Paling lambat" in page
    assert "WIB" in page
    assert "Dinas Jalan" in page
    assert "Damar" not in page  # the officer's name is nobody's business
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert not answer.cookies


def test_a_promised_day_is_public_and_an_earlier_one_stays_to_be_seen(office):
    case = office.in_progress()
    for day, words in (("2030-01-07", "Ditambal."), ("2030-02-04", "Hujan, mundur.")):
        services.promise_day(
            fresh(case), on=date.fromisoformat(day), words=words, by=office.officer
        )
    page = page_of(case).content.decode()
    assert "4 Februari 2030" in page
    assert "7 Januari 2030" in page


def test_who_says_yes_confirms_and_who_says_no_disputes(office):
    case = office.resolved()
    assert "Ya, sudah selesai" in page_of(case).content.decode()
    says(case, "disputes")
    assert fresh(case).state == "disputed"
    says(case, "confirms")
    assert fresh(case).state == "disputed"
    other = office.resolved()
    says(other, "confirms")
    assert fresh(other).state == "confirmed"
    assert "Selesai, kata Anda" in page_of(other).content.decode()


def test_a_rating_is_kept_between_one_and_five(office):
    case = office.resolved()
    for odd in ("stars-0", "stars-9", "stars-", "stars-x"):
        says(case, odd)
    assert fresh(case).rating is None
    says(case, "stars-4")
    assert fresh(case).rating == 4


def test_a_citizen_takes_the_report_back(office):
    case = office.in_progress()
    says(case, "withdraws")
    assert fresh(case).state == "withdrawn"
    says(case, "confirms")
    assert fresh(case).state == "withdrawn"
    assert "Anda menarik laporan ini" in page_of(case).content.decode()


def test_nothing_of_another_reporter_stands_on_the_page(office):
    case = office.open(office.says("Rumah saya di Gang Melati"))
    services.add_voice(case, office.says("Saya Budi, sama"), by=office.responder)
    first, second = case.voices.order_by("pk")
    page = Client().get(f"/lacak/{first.receipt}/").content.decode()
    assert second.receipt not in page
    assert "Budi" not in page
    assert "1 warga lain" in page


def test_every_wrong_address_answers_alike_and_guessing_is_slowed(office):
    office.open()
    pages = {
        Client().get(f"/lacak/{wrong}/").content.replace(f"/lacak/{wrong}/".encode(), b"")
        for wrong in ("a" * 22, "x", "1" * 32)
    }
    assert len(pages) == 1
    statuses = [Client().get(f"/lacak/salah-{number}/").status_code for number in range(40)]
    assert statuses[0] == 404
    assert statuses[-1] == 429


def test_pressing_without_end_is_slowed(office):
    case = office.resolved()
    statuses = [says(case, "stars-3").status_code for _ in range(14)]
    assert statuses[0] == 302
    assert statuses[-1] == 422


def test_a_reporter_of_a_merged_case_follows_the_one_that_goes_on(office):
    master, copy = office.in_progress(), office.open(title="Sama")
    receipt = copy.voices.get().receipt
    services.merge_case(copy, Case.objects.get(pk=master.pk), by=office.coordinator)
    page = Client().get(f"/lacak/{receipt}/").content.decode()
    assert f"#{master.pk}" in page
    assert "Sedang dikerjakan" in page
