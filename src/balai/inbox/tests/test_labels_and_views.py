"""How a team arranges its desk: labels that are counted right, views kept and shared."""

import re
import sys

import pytest
from django.core.exceptions import ValidationError
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from balai.inbox import services
from balai.inbox.models import Label, Labelling, SavedView
from balai.inbox.selectors import views_of
from balai.inbox.tests.talking import fresh, hear, make_line, signed_in
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member, make_unit

pytestmark = pytest.mark.django_db
QUEUE = "/kotak-masuk/"


@pytest.fixture
def line(db):
    return make_line(make_institution())


@pytest.fixture
def officer(line):
    return make_member(line.institution, "responder", name="Siti Rahma")


@pytest.fixture
def head(line):
    return make_member(line.institution, "responder", "case_coordinator", name="Budi")


def label(line, head, name="Banjir", colour="info") -> Label:
    return services.add_label(line.institution, name=name, colour=colour, by=head)


def rows_of(answer) -> list[int]:
    return [int(pk) for pk in re.findall(r'id="c(\d+)"', answer.content.decode())]


def test_a_label_is_seen_on_the_row_and_on_the_page_at_once_and_filters_the_queue(
    line, officer, head
):
    flood, other = hear(line, "air masuk rumah"), hear(line, "kapan buka?")
    banjir = label(line, head)
    client = signed_in(officer)
    assert "tag is-info" not in client.get(QUEUE).content.decode()
    said = client.post(f"{QUEUE}{flood.pk}/label/", {"labels": [banjir.pk]})
    assert said.status_code == 302
    page = client.get(QUEUE).content.decode()
    assert re.search(rf'id="c{flood.pk}".*?tag is-info">Banjir<', page, re.S)
    assert 'class="tag is-info">Banjir<' in client.get(f"{QUEUE}{flood.pk}/").content.decode()
    for view in ("open", "unassigned", "late", "all"):
        found = rows_of(client.get(QUEUE, {"view": view, "label": banjir.pk}))
        assert found == ([] if view == "late" else [flood.pk]), view
    client.post(f"{QUEUE}{flood.pk}/label/", {})
    assert rows_of(client.get(QUEUE, {"label": banjir.pk})) == []
    assert rows_of(client.get(QUEUE)) == [other.pk, flood.pk]


def test_a_label_on_more_conversations_than_are_looked_up_is_walked_to(
    line, officer, head, monkeypatch
):
    monkeypatch.setattr(sys.modules["balai.inbox.selectors.queue"], "WALK", 4)
    banjir = label(line, head)
    talks = [hear(line, f"air {n}") for n in range(9)]
    for talk in talks[::2]:
        services.put_labels(talk, by=officer, add=[banjir])
    client, found, address = signed_in(officer), [], f"?view=open&label={banjir.pk}"
    while address:
        answer = client.get(QUEUE + address)
        found += rows_of(answer)
        link = re.search(r'rel="next"[^>]*href="([^"]+)"', answer.content.decode())
        address = link[1].replace("&amp;", "&") if link else ""
    assert found == [talk.pk for talk in reversed(talks[::2])]


@pytest.mark.only_on("sqlite")  # the plans are its own
def test_a_rare_label_is_looked_up_without_a_look_through_history(line, officer, head):
    banjir = label(line, head)
    services.put_labels(hear(line), by=officer, add=[banjir])
    client = signed_in(officer)
    for view in ("open", "all", "late"):
        with CaptureQueriesContext(database) as asked:
            client.get(QUEUE, {"view": view, "label": banjir.pk})
        for sql in (q["sql"] for q in asked if "LIMIT 51" in q["sql"]):
            with database.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                plan = " | ".join(row[3] for row in cursor.fetchall())
            assert "SCAN inbox_conversation" not in plan, plan
            assert "SCAN inbox_labelling" not in plan, plan


def test_labels_are_the_offices_own_and_arranged_by_those_who_answer_for_the_desk(
    line, officer, head
):
    with pytest.raises(NotAllowed):
        services.add_label(line.institution, name="x", colour="ok", by=officer)
    elsewhere = make_line(make_institution("Kota Lain"))
    stranger = make_member(elsewhere.institution, "responder", "case_coordinator")
    foreign = label(elsewhere, stranger, "Rahasia")
    talk = hear(line)
    with pytest.raises(NotAllowed):
        services.put_labels(talk, by=officer, add=[foreign])
    client = signed_in(head)
    assert client.post(f"{QUEUE}{talk.pk}/label/", {"labels": [foreign.pk]}).status_code == 422
    assert client.get(f"{QUEUE}label/{foreign.pk}/").status_code == 404
    assert client.post(f"{QUEUE}label/{foreign.pk}/akhiri/").status_code == 404
    assert "Rahasia" not in client.get(f"{QUEUE}label/").content.decode()
    assert rows_of(client.get(QUEUE, {"label": foreign.pk})) == [talk.pk]  # filters nothing


def test_two_labels_in_use_never_share_a_name_but_a_retired_one_frees_it(line, head):
    first = label(line, head)
    with pytest.raises(ValidationError):
        label(line, head, "banjir")
    services.retire_label(first, by=head)
    assert label(line, head, "banjir").pk != first.pk


def test_a_retired_label_stays_where_it_stands_and_is_offered_no_more(line, officer, head):
    banjir, talk = label(line, head), hear(line)
    services.put_labels(talk, by=officer, add=[banjir])
    services.retire_label(banjir, by=head)
    client = signed_in(officer)
    page = client.get(f"{QUEUE}{talk.pk}/").content.decode()
    assert 'class="tag is-info">Banjir<' in page
    assert 'name="labels"' not in page
    client.post(f"{QUEUE}{talk.pk}/label/", {})
    assert Labelling.objects.filter(conversation=talk).count() == 1


def test_the_page_of_labels_lists_adds_changes_and_retires_them(line, head):
    client = signed_in(head)
    assert "Belum ada label" in client.get(f"{QUEUE}label/").content.decode()
    client.post(f"{QUEUE}label/tambah/", {"name": "Bansos", "colour": "ok"})
    made = Label.objects.get()
    assert client.post(f"{QUEUE}label/tambah/", {"name": "bansos", "colour": "ok"}).status_code == (
        422
    )
    client.post(f"{QUEUE}label/{made.pk}/", {"name": "Bantuan sosial", "colour": "soon"})
    assert "Bantuan sosial" in client.get(f"{QUEUE}label/").content.decode()
    client.post(f"{QUEUE}label/{made.pk}/akhiri/")
    assert Label.objects.get().retired_at is not None


class TheCountOfALabel(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(st.integers(0, 2), st.sets(st.integers(0, 2)), st.sets(st.integers(0, 2))),
            max_size=12,
        )
    )
    def test_is_right_whatever_is_put_on_and_taken_off(self, steps):
        line = make_line(make_institution())
        head = make_member(line.institution, "responder", "case_coordinator")
        labels = [label(line, head, name) for name in "abc"]
        talks = [hear(line) for _ in range(3)]
        for talk, add, remove in steps:
            services.put_labels(
                talks[talk],
                by=head,
                add=[labels[n] for n in add],
                remove=[labels[n] for n in remove],
            )
        for one in Label.objects.all():
            assert one.used == Labelling.objects.filter(label=one).count()


def test_putting_on_what_stands_already_changes_nothing(line, officer, head):
    banjir, talk = label(line, head), hear(line)
    services.put_labels(talk, by=officer, add=[banjir])
    before = fresh(talk).version
    services.put_labels(talk, by=officer, add=[banjir])
    assert fresh(talk).version == before


def test_a_saved_view_stands_above_the_queue_and_shows_what_was_filtered(line, officer):
    complaint = hear(line, intent="complaint")
    hear(line, intent="praise")
    client = signed_in(officer)
    shown = client.get(QUEUE, {"view": "open", "intent": "complaint"}).content.decode()
    address = re.search(r'href="(/kotak-masuk/tampilan/simpan/[^"]+)"', shown)[1]
    address = address.replace("&amp;", "&")
    assert client.get(address).status_code == 200
    said = client.post(address, {"name": "Keluhan"})
    page = client.get(said.url)
    assert rows_of(page) == [complaint.pk]
    assert re.search(r'aria-current="page">Keluhan <span class="count">1<', page.content.decode())
    assert len(re.findall(r'aria-current="page"', _tabs(page))) == 1
    assert "Keluhan" in _tabs(client.get(QUEUE))


def test_the_inbox_opens_with_the_view_that_the_officer_chose_until_told_otherwise(line, officer):
    client = signed_in(officer)
    client.post(f"{QUEUE}tampilan/simpan/?view=mine", {"name": "Milikku", "first": "on"})
    assert client.get(QUEUE).url == f"{QUEUE}?view=mine"
    assert client.get(QUEUE, {"view": "open"}).status_code == 200
    view = SavedView.objects.get()
    client.post(f"{QUEUE}tampilan/{view.pk}/awal/")
    assert client.get(QUEUE).status_code == 200


def test_a_view_is_shared_with_a_unit_or_with_all_by_who_arranges_the_desk(line, officer, head):
    roads = make_unit(line.institution, "Dinas Jalan")
    boss = make_member(line.institution, "responder", "case_coordinator", unit=roads)
    colleague = make_member(line.institution, "responder", unit=roads)
    with pytest.raises(NotAllowed):
        services.save_view(by=officer, name="x", filters={"view": "late"}, audience="all")
    with pytest.raises(ValidationError):
        services.save_view(by=head, name="x", filters={"view": "late"}, audience="unit")
    services.save_view(by=boss, name="Jalan", filters={"view": "late"}, audience="unit")
    services.save_view(by=head, name="Semua orang", filters={"view": "all"}, audience="all")
    services.save_view(by=head, name="Rahasiaku", filters={"view": "mine"})
    assert [v.name for v in views_of(colleague)] == ["Jalan", "Semua orang"]
    assert [v.name for v in views_of(officer)] == ["Semua orang"]
    assert "audience" not in signed_in(officer).get(f"{QUEUE}tampilan/simpan/").content.decode()


def test_a_view_belongs_to_its_owner_and_another_institution_never_meets_it(line, officer, head):
    mine = services.save_view(by=officer, name="Milikku", filters={"view": "mine"})
    shared = services.save_view(by=head, name="Bersama", filters={"view": "all"}, audience="all")
    stranger = make_member(make_institution("Kota Lain"), "responder", "case_coordinator")
    for who, view in ((head, mine), (stranger, mine), (stranger, shared)):
        for deed in ("hapus", "naik", "awal"):
            path = f"{QUEUE}tampilan/{view.pk}/{deed}/"
            assert signed_in(who).post(path).status_code == 404
    assert signed_in(officer).post(f"{QUEUE}tampilan/{shared.pk}/hapus/").status_code == 403
    assert signed_in(officer).post(f"{QUEUE}tampilan/{mine.pk}/hapus/").status_code == 302
    assert not SavedView.objects.filter(pk=mine.pk).exists()


def test_views_stand_in_the_order_that_their_owner_gives_them(line, officer):
    for name in ("satu", "dua", "tiga"):
        services.save_view(by=officer, name=name, filters={"view": "all", "q": name})
    last = SavedView.objects.get(name="tiga")
    client = signed_in(officer)
    client.post(f"{QUEUE}tampilan/{last.pk}/naik/")
    assert [v.name for v in views_of(officer)] == ["satu", "tiga", "dua"]
    page = client.get(f"{QUEUE}tampilan/").content.decode()
    assert re.findall(r'class="row-title"[^>]*>(\w+)<', page) == ["satu", "tiga", "dua"]


def _tabs(answer) -> str:
    return re.search(r'<nav class="tabs".*?</nav>', answer.content.decode(), re.S)[0]
