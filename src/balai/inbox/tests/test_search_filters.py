"""A search stays within the filters of the queue, and finds no hidden words."""

import pytest

from balai.inbox import services
from balai.inbox.tests.talking import hear, make_line, say, signed_in
from balai.inbox.tests.test_views_queue import seen

pytestmark = pytest.mark.django_db


def test_filters_hold_for_what_a_search_finds(institution, officer):
    board, mail = make_line(institution), make_line(institution, "email")
    here, there = hear(board, "Lampu padam"), hear(mail, "Lampu padam", language="jav")
    assert seen(officer, q="lampu") == [there.pk, here.pk]
    assert seen(officer, q="lampu", channel="email") == [there.pk]
    assert seen(officer, q="lampu", language="ind") == [here.pk]
    say(here, officer)
    assert seen(officer, q="lampu", view="open") == [there.pk, here.pk]


def test_hidden_words_are_found_only_among_what_was_hidden(line, officer):
    hidden, open_one = hear(line, "Lampu bodoh"), hear(line, "Lampu padam")
    services.moderate(hidden, by=officer, rule="M3")
    assert seen(officer, q="lampu") == [open_one.pk]
    assert seen(officer, q="lampu", view="all") == [open_one.pk]
    assert seen(officer, q="lampu", view="moderated") == [hidden.pk]


def test_a_filter_that_lets_little_through_looks_on_by_itself(line, officer, monkeypatch):
    rare = hear(line, "Lampu di Melati", language="jav")
    for _ in range(5):
        hear(line, "Lampu padam")
    monkeypatch.setattr("balai.inbox.views.queue.search", small_search)
    assert seen(officer, q="lampu", language="jav") == [rare.pk]
    page = signed_in(officer).get("/kotak-masuk/", {"q": "lampu"}).content.decode()
    assert 'rel="next"' in page


def small_search(institution_id, words, *, before=None):
    from balai.inbox.search import search

    return search(institution_id, words, before=before, limit=2)
