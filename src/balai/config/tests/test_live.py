"""Open pages are told what changed in their own institution, once, and whatever the order."""

from datetime import timedelta

import pytest
from django.test import Client

from balai.config import live
from balai.ground.clock import now
from balai.ground.models import Announcement
from balai.ground.services import news_mark
from balai.people.tests.make import make_institution, make_member

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def announced(number: int, scope: int = 7, conversation: int = 0, ago: int = 0) -> None:
    moment = now() - timedelta(seconds=ago)
    Announcement.objects.create(
        pk=number,
        name="ConversationMoved",
        facts={"conversation_id": conversation or number},
        scope=scope,
        announced_at=moment,
        next_try_at=moment,
    )


def test_what_an_earlier_transaction_announces_late_is_told_too_and_nothing_twice():
    announced(100)
    told = live.nothing_told()
    announced(103)
    told, news = live.news_since(told)
    assert news == {7: [103]}
    announced(102)
    told, news = live.news_since(told)
    assert news == {7: [102]}
    assert live.news_since(told)[1] == {}


def test_what_is_old_is_not_looked_at_again():
    announced(100, ago=100)
    told, _ = live.news_since(live.Told(0, frozenset()))
    assert told == live.Told(100, frozenset())


def test_each_institution_hears_only_of_its_own():
    announced(100, scope=7)
    announced(101, scope=8)
    announced(102, scope=0)
    assert live.news_since(live.Told(0, frozenset()))[1] == {7: [100], 8: [101]}


def test_many_changes_are_told_in_several_looks(monkeypatch):
    monkeypatch.setattr(live, "TOLD_AT_ONCE", 2)
    for number in (1, 2, 3):
        announced(number)
    told, first = live.news_since(live.Told(0, frozenset()))
    _, second = live.news_since(told)
    assert (first, second) == ({7: [1, 2]}, {7: [3]})


def test_the_mark_of_a_page_changes_with_a_late_comer():
    announced(100)
    announced(103)
    before = news_mark()
    announced(102)
    assert news_mark() != before


def test_only_members_are_told_anything_whatever_other_cookies_they_carry():
    member = make_member(make_institution(), "responder")
    client = Client()
    client.force_login(member.user, backend=BACKEND)
    key = client.cookies["sessionid"].value

    def heard(cookie: str) -> int | None:
        return live.institution_of({"headers": [(b"cookie", cookie.encode())]})

    assert heard(f"a[b]=1; sessionid={key}") == member.institution_id
    assert heard("sessionid=x") is None
    assert heard("") is None
