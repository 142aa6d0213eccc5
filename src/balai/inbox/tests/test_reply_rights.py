"""May we answer, how, until when, at what price: said before anybody writes, and held to."""

import sys
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from balai.channels import catalogue
from balai.channels.contract import Can, Limits
from balai.channels.models import Dispatch
from balai.ground.clock import now
from balai.ground.services import deliver
from balai.inbox import rules, selectors, services
from balai.inbox.models import Draft
from balai.inbox.tests.talking import fresh, hear, make_line, say, signed_in
from balai.inbox.wording import cost_of
from balai.people.tests.make import make_member

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
HelloWorld = catalogue.CONNECTORS["helloworld"]


class DayLong(HelloWorld):
    """A network that takes private answers for a day."""

    slug = "daylong"
    label = "Sehari"
    limits: ClassVar[Limits] = Limits(direct_within=timedelta(hours=24))


@pytest.fixture
def daylong(institution, monkeypatch):
    monkeypatch.setitem(catalogue.CONNECTORS, "daylong", DayLong)
    return make_line(institution, "daylong")


def private(line, *, hours_ago, **fields):
    """A citizen wrote privately, and the house heard of it."""
    talk = hear(line, is_public=False, sent_at=now() - hours_ago * HOUR, **fields)
    deliver()
    return fresh(talk)


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (None, "open"),
        (AT + 4 * HOUR, "open"),
        (AT + 3 * HOUR, "ending"),
        (AT + timedelta(seconds=1), "ending"),
        (AT, "over"),
        (AT - HOUR, "over"),
    ],
)
def test_the_right_ends_at_its_moment_and_says_so_before(until, state):
    assert rules.reply_state(may=True, until=until, at=AT) == state
    assert rules.reply_state(may=False, until=until, at=AT) == "never"


moments = st.none() | st.datetimes(
    datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)
)


@given(moments, moments, st.booleans())
def test_what_presses_is_never_later_than_either_end(due, until, is_answered):
    at = rules.pressing_at(due, until, is_answered=is_answered)
    ends = [end for end in (None if is_answered else due, until) if end]
    assert (at is None) == (not ends)
    assert all(at <= end for end in ends)
    assert at is None or at in ends


def test_what_a_text_costs_is_said_in_the_operator_s_money():
    assert cost_of("350 IDR", 2).endswith("700 IDR")
    assert cost_of("0,015 USD", 3).endswith("0.045 USD")
    assert cost_of("gratis kira-kira", 2).endswith("gratis kira-kira")
    assert cost_of("", 2) == ""


@pytest.mark.django_db
def test_the_end_of_the_right_is_kept_where_the_network_has_one(daylong, line):
    talk = private(daylong, hours_ago=1)
    assert abs(talk.reply_until - (now() + 23 * HOUR)) < timedelta(minutes=1)
    public = hear(daylong)
    ordinary = hear(line, is_public=False)
    deliver()
    assert fresh(public).reply_until is None
    assert fresh(ordinary).reply_until is None


@pytest.mark.django_db
def test_after_the_end_nothing_leaves_and_the_words_stay_as_a_draft(daylong, officer):
    talk = private(daylong, hours_ago=25)
    client = signed_in(officer)
    page = client.get(f"/kotak-masuk/{talk.pk}/").content.decode()
    assert 'name="form_key"' not in page
    assert "kini tidak lagi menerima" in page
    said = {"text": "Terlambat", "form_key": "0" * 32, "after": str(talk.last_message_id)}
    answer = client.post(f"/kotak-masuk/{talk.pk}/jawab/", said)
    assert answer.status_code == 302
    assert not Dispatch.objects.exists()
    assert Draft.objects.get(conversation=talk).text == "Terlambat"
    with pytest.raises(services.NoRightToReply):
        say(talk, officer)


@pytest.mark.django_db
def test_a_citizen_who_writes_again_opens_the_right_again(daylong, officer):
    talk = private(daylong, hours_ago=25, thread_key="satu", citizen_key="a" * 32)
    again = private(daylong, hours_ago=0, thread_key="satu", citizen_key="a" * 32)
    assert again.pk == talk.pk
    assert say(again, officer).pk


@pytest.mark.django_db
def test_a_channel_that_only_brings_is_never_answered(institution, officer, monkeypatch):
    class Only(HelloWorld):
        slug = "only"
        can: ClassVar[Can] = Can.FETCH

    monkeypatch.setitem(catalogue.CONNECTORS, "only", Only)
    talk = hear(make_line(institution, "only"))
    page = signed_in(officer).get(f"/kotak-masuk/{talk.pk}/").content.decode()
    assert "hanya membawa pesan" in page
    assert 'name="form_key"' not in page


@pytest.mark.django_db
def test_the_way_and_the_price_stand_beside_the_answer(institution, officer):
    line = make_line(institution, "sms", settings={"price_per_part": "350 IDR"})
    talk = hear(line, is_public=False, extra={"handle": {"number": "+6281234567890"}})
    client = signed_in(officer)
    page = client.get(f"/kotak-masuk/{talk.pk}/").content.decode()
    assert "SMS: hanya warga itu" in page
    assert "350 IDR" in page
    kept = client.post(
        f"/kotak-masuk/{talk.pk}/konsep/", {"text": "a" * 161}, headers={"HX-Request": "true"}
    )
    assert "700 IDR" in kept.content.decode()


def by_deadline(member, **asked):
    client, ids, place = member, [], None
    while True:
        page = selectors.queue(client, selectors.Asked(order="deadline", after=place, **asked))
        ids += [row.id for row in page.rows]
        place = page.after
        if place is None:
            return ids


@pytest.mark.django_db
def test_danger_comes_first_then_what_ends_first_then_what_has_no_end(daylong, line, officer):
    late = hear(line, due_at=now() - HOUR)
    window = private(daylong, hours_ago=23, due_at=now() + 48 * HOUR)
    soon = hear(line, due_at=now() + 2 * HOUR)
    clock = private(daylong, hours_ago=1, due_at=now() + 3 * HOUR)
    danger = hear(line, priority=2, due_at=now() + 90 * HOUR)
    urgent = hear(line, priority=1, due_at=now() + 5 * HOUR)
    again = hear(line)
    type(again).objects.filter(pk=again.pk).update(first_answered_at=now())
    nothing = hear(line, due_at=None)
    assert by_deadline(officer) == [
        each.pk for each in (danger, late, window, soon, clock, urgent, nothing, again)
    ]


@pytest.mark.django_db
def test_pages_by_deadline_show_each_conversation_once(daylong, line, officer, monkeypatch):
    monkeypatch.setattr("balai.inbox.selectors.rows.WALK", 4)
    monkeypatch.setattr("balai.inbox.selectors.pressing.PAGE", 3)
    made = []
    for n in range(20):
        chosen = daylong if n % 3 == 0 else line
        made.append(
            hear(
                chosen,
                priority=n % 5 // 2,
                is_public=False,
                sent_at=now() - n * HOUR,
                due_at=None if n % 7 == 6 else now() + (n % 4) * HOUR,
            )
        )
    deliver()
    seen = by_deadline(officer)
    assert sorted(seen) == sorted(each.pk for each in made)
    kept = {each.pk: fresh(each) for each in made}
    keys = [
        rules.pressing_at(c.due_at, c.reply_until, is_answered=False)
        for c in (kept[pk] for pk in seen)
        if c.priority < 2
    ]
    ends = [key for key in keys if key]
    assert ends == sorted(ends)
    assert keys[len(ends) :] == [None] * (len(keys) - len(ends))


@pytest.mark.django_db
def test_the_reader_s_order_counts_before_the_office_s(institution, line, officer):
    chief = make_member(institution, "case_coordinator")
    services.order_queue(by=chief, order="deadline", for_all=True)
    assert selectors.order_of(officer) == "deadline"
    services.order_queue(by=officer, order="newest")
    assert selectors.order_of(officer) == "newest"
    assert selectors.order_of(chief) == "deadline"
    later, sooner = hear(line, due_at=now() + HOUR), hear(line, due_at=now() + 9 * HOUR)
    page = signed_in(chief).get("/kotak-masuk/?view=open").content.decode()
    assert page.index(f'id="c{later.pk}"') < page.index(f'id="c{sooner.pk}"')
    page = signed_in(officer).get("/kotak-masuk/?view=open").content.decode()
    assert page.index(f'id="c{sooner.pk}"') < page.index(f'id="c{later.pk}"')
    page = signed_in(officer).get("/kotak-masuk/?view=open&order=deadline").content.decode()
    assert page.index(f'id="c{later.pk}"') < page.index(f'id="c{sooner.pk}"')


@pytest.mark.django_db
def test_only_who_arranges_the_desk_orders_for_everybody(officer):
    signed_in(officer).post("/kotak-masuk/tampilan/urutan/", {"order": "deadline", "for_all": "on"})
    other = make_member(officer.institution, "responder")
    assert selectors.order_of(other) == "newest"
    assert selectors.order_of(officer) == "deadline"


@pytest.mark.django_db
def test_the_next_to_answer_follows_the_reader_s_order(line, officer):
    here, far, near = hear(line), hear(line, due_at=now() + 9 * HOUR), hear(line, due_at=now())
    assert selectors.next_in_queue(officer, not_this=here.pk) == near.pk
    services.order_queue(by=officer, order="deadline")
    assert selectors.next_in_queue(officer, not_this=near.pk) == here.pk
    assert selectors.next_in_queue(officer, not_this=here.pk) == near.pk
    assert far.pk


@pytest.mark.django_db
def test_the_number_of_a_saved_view_is_right_or_says_that_there_may_be_more(
    line, officer, monkeypatch
):
    for n in range(7):
        hear(line, language="jav" if n % 2 else "ind")
    view = services.save_view(by=officer, name="Jawa", filters={"language": "jav"})
    asked = {view.pk: selectors.Asked(language="jav")}
    assert selectors.view_counts(officer, asked) == {view.pk: (3, False)}
    page = signed_in(officer).get("/kotak-masuk/?view=open").content.decode()
    assert 'Jawa <span class="count">3</span>' in page
    monkeypatch.setattr(sys.modules["balai.inbox.selectors.queue"], "VIEW_WALK", 4)
    (counted,) = selectors.view_counts(officer, asked).values()
    assert counted.more
    assert counted.n <= 3


@pytest.mark.django_db
@pytest.mark.only_on("sqlite")  # the plans are its own
@pytest.mark.parametrize("view", ["open", "mine", "unassigned"])
def test_the_order_by_deadline_walks_indexes_and_sorts_no_history(line, officer, view):
    services.assign(hear(line), by=officer, to=officer)
    hear(line)
    with CaptureQueriesContext(database) as asked:
        selectors.queue(officer, selectors.Asked(view=view, order="deadline"))
    reads = [q["sql"] for q in asked if "LIMIT 51" in q["sql"]]
    assert len(reads) == 5
    for sql in reads[:-1]:  # the last reads the rows of one page by their keys
        with database.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = " | ".join(row[3] for row in cursor.fetchall())
        assert view == "mine" or "TEMP B-TREE" not in plan, plan
        assert "SCAN inbox_conversation" not in plan, plan
