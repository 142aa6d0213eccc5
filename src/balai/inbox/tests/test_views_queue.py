"""The queue: who sees what, in which order, at which cost."""

import re

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from balai.inbox.tests.talking import hear, make_line, signed_in
from balai.people.tests.make import make_institution, make_member

pytestmark = pytest.mark.django_db
QUEUE = "/kotak-masuk/"


@pytest.fixture
def institution():
    return make_institution()


@pytest.fixture
def line(institution):
    return make_line(institution)


@pytest.fixture
def officer(institution):
    return make_member(institution, "responder", name="Siti Rahma")


def rows_of(answer) -> list[int]:
    return [int(pk) for pk in re.findall(r'id="c(\d+)"', answer.content.decode())]


def test_danger_stands_at_the_top_however_old_it_is(line, officer):
    danger = hear(line, "Ada kebakaran", priority=2, intent="report_emergency")
    newer = hear(line, "Kapan buka?")
    answer = signed_in(officer).get(QUEUE)
    assert rows_of(answer) == [danger.pk, newer.pk]
    assert "Bahaya" in answer.content.decode()


def test_the_page_costs_the_same_for_ten_conversations_as_for_five_hundred(line, officer):
    client = signed_in(officer)
    for _ in range(10):
        hear(line)
    client.get(QUEUE)
    with CaptureQueriesContext(database, ) as few:
        client.get(QUEUE)
    for _ in range(490):
        hear(line)
    with CaptureQueriesContext(database) as many:
        answer = client.get(QUEUE)
    assert len(rows_of(answer)) == 50
    assert len(many) == len(few)
    print("queries", len(many))
    for q in many: print(q["sql"][:160])
