"""One deed on many conversations: each is judged and recorded by itself, and nothing is hidden."""

import re
from datetime import timedelta

import pytest

from balai.governance.models import AuditEntry
from balai.ground.clock import now
from balai.inbox import selectors, services
from balai.inbox.models import Conversation, Correction
from balai.inbox.tests.talking import came_to, fresh, hear, make_line, say, signed_in
from balai.people.tests.make import make_institution, make_member, make_unit

pytestmark = pytest.mark.django_db
QUEUE = "/kotak-masuk/"
BULK = f"{QUEUE}sekaligus/"


@pytest.fixture
def line(db):
    return make_line(make_institution())


@pytest.fixture
def officer(line):
    return make_member(line.institution, "responder", name="Siti Rahma")


def do(client, deed, talks, **said):
    """Press the button on the queue, then confirm; the page that says what became of each."""
    picked = {"deed": deed, "pick": [talk.pk for talk in talks]}
    assert client.post(f"{BULK}?view=open", picked).status_code == 200
    return client.post(f"{BULK}?view=open", {**picked, **said, "sure": "1"}, follow=True)


def test_ticked_conversations_are_assigned_in_one_go(line, officer):
    unit = make_unit(line.institution, "Dinas PU")
    talks = [hear(line) for _ in range(3)]
    page = do(signed_in(officer), "assign", talks[:2], unit=unit.pk, to=officer.pk)
    assert "Selesai untuk 2 percakapan" in page.content.decode()
    assert [fresh(talk).unit_id for talk in talks] == [unit.pk, unit.pk, None]
    assert AuditEntry.objects.filter(did="conversation.assigned").count() == 2


def test_what_one_refuses_is_said_in_words_and_the_others_are_done(line, officer):
    thanks, complaint, unsorted_one = hear(line, intent="praise"), hear(line), hear(line)
    services.triage(thanks, by=officer, said={})
    services.triage(complaint, by=officer, said={"intent": "complaint"})
    answered = hear(line)
    came_to(say(answered, officer), "out")
    talks = [thanks, complaint, unsorted_one, answered]
    page = do(signed_in(officer), "set_aside", talks, reason="praise").content.decode()
    assert [fresh(talk).state for talk in talks] == ["no_action", "triaged", "new", "answered"]
    assert "Selesai untuk 1 percakapan" in page
    assert "tidak pernah dikesampingkan" in page
    assert "Pilah dahulu" in page
    assert "“Sudah dijawab”" in page
    assert AuditEntry.objects.filter(did="conversation.set_aside").count() == 1


def test_many_are_resolved_labelled_and_sorted_each_with_its_own_trace(line, officer):
    head = make_member(line.institution, "case_coordinator")
    banjir = services.add_label(line.institution, name="Banjir", colour="info", by=head)
    talks = [hear(line) for _ in range(2)]
    client = signed_in(officer)
    do(client, "label", talks, add=[banjir.pk])
    banjir.refresh_from_db()
    assert banjir.used == 2
    do(client, "label", talks, remove=[banjir.pk])
    banjir.refresh_from_db()
    assert banjir.used == 0
    do(client, "triage", talks, intent="information_request", priority="")
    assert {fresh(talk).intent for talk in talks} == {"information_request"}
    assert {fresh(talk).priority for talk in talks} == {0}
    refused = do(client, "resolve", talks).content.decode()
    assert "Belum dijawab" in refused
    for talk in talks:
        came_to(say(fresh(talk), officer), "out")
    do(client, "resolve", talks)
    assert {fresh(talk).state for talk in talks} == {"resolved"}
    for deed, times in (("labelled", 4), ("triaged", 2), ("resolved", 2)):
        assert AuditEntry.objects.filter(did=f"conversation.{deed}").count() == times


def test_labels_that_say_the_opposite_or_nothing_are_asked_again(line, officer):
    head = make_member(line.institution, "case_coordinator")
    banjir = services.add_label(line.institution, name="Banjir", colour="info", by=head)
    client, talk = signed_in(officer), hear(line)
    picked = {"deed": "label", "pick": [talk.pk], "sure": "1"}
    assert client.post(BULK, picked).status_code == 422
    both = {**picked, "add": [banjir.pk], "remove": [banjir.pk]}
    assert client.post(BULK, both).status_code == 422


def test_nothing_ticked_and_too_much_ticked_are_said_and_change_nothing(line, officer):
    client = signed_in(officer)
    assert client.post(BULK, {"deed": "resolve"}).status_code == 422
    talks = [hear(line) for _ in range(51)]
    picked = {"deed": "assign", "pick": [t.pk for t in talks], "to": officer.pk, "sure": "1"}
    answer = client.post(BULK, picked)
    assert answer.status_code == 422
    assert "paling banyak 50" in answer.content.decode()
    assert not Conversation.objects.exclude(assignee=None).exists()
    assert client.post(BULK, {"deed": "delete", "pick": [talks[0].pk]}).status_code == 404


def test_what_a_member_may_not_read_is_neither_shown_nor_touched(line, officer):
    foreign = hear(make_line(make_institution("Kota Lain")), "rahasia kota")
    sealed = hear(line, "rahasia orang")
    services.triage(sealed, by=officer, said={})
    services.seal(sealed, by=officer, path="child")
    client = signed_in(officer)
    picked = {"deed": "assign", "pick": [foreign.pk, sealed.pk]}
    assert "rahasia" not in client.post(BULK, picked).content.decode()
    page = do(client, "assign", [foreign, sealed], to=officer.pk).content.decode()
    assert page.count("tidak ada lagi di sini") == 2
    assert not Conversation.objects.exclude(assignee=None).exists()


def test_who_may_only_read_has_no_boxes_and_is_refused_for_each(line, officer):
    talk = hear(line)
    assert 'name="pick"' in signed_in(officer).get(QUEUE).content.decode()
    reader = signed_in(make_member(line.institution, "leader"))
    page = reader.get(QUEUE).content.decode()
    assert 'name="pick"' not in page
    assert 'id="bulk"' not in page
    said = do(reader, "assign", [talk]).content.decode()
    assert "Anda tidak berwenang" in said
    assert fresh(talk).assignee is None


def test_the_way_back_keeps_the_filters_and_nothing_else(line, officer):
    talk = hear(line)
    client = signed_in(officer)
    picked = {"deed": "assign", "pick": [talk.pk], "sure": "1"}
    asked = "view=mine&intent=complaint&next=https://jahat.example/"
    page = client.post(f"{BULK}?{asked}", picked, follow=True).content.decode()
    back = re.search(r'class="button" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert back == f"{QUEUE}?view=mine&intent=complaint"
    assert signed_in(officer).get(f"{BULK}hasil/").url == QUEUE


def as_it_is(talk):
    found = fresh(talk)
    labels = sorted(found.labellings.values_list("label_id", flat=True))
    names = ("state", "unit_id", "assignee_id", "intent", "priority", "clock", "due_at")
    return [getattr(found, name) for name in (*names, "resolved_at", "is_open")] + [labels]


def counted(institution):
    return {state: n for state, n in selectors.counts(institution.pk).items() if n}


@pytest.mark.parametrize("deed", ["assign", "label", "triage", "set_aside", "resolve"])
def test_what_was_done_to_many_is_undone_in_one_press(line, officer, deed):
    head = make_member(line.institution, "head_of_pr")
    banjir = services.add_label(line.institution, name="Banjir", colour="info", by=head)
    unit = make_unit(line.institution, "Dinas PU")
    talks = [hear(line, intent="praise") for _ in range(3)]
    for talk in talks:
        services.triage(talk, by=officer, said={})
        if deed == "resolve":
            came_to(say(talk, officer), "out")
    before, counts = [as_it_is(talk) for talk in talks], counted(line.institution)
    said = {
        "assign": {"unit": unit.pk, "to": officer.pk},
        "label": {"add": [banjir.pk]},
        "triage": {"intent": "complaint", "priority": "1"},
        "set_aside": {"reason": "praise"},
        "resolve": {},
    }[deed]
    client = signed_in(officer)
    page = do(client, deed, talks, **said)
    assert "Urungkan" in page.content.decode()
    assert [as_it_is(talk) for talk in talks] != before
    done = client.post(f"{BULK}urungkan/", follow=True)
    assert "Diurungkan untuk 3 percakapan" in done.content.decode()
    assert [as_it_is(talk) for talk in talks] == before
    assert counted(line.institution) == counts
    assert Correction.objects.count() == 0
    banjir.refresh_from_db()
    assert banjir.used == 0
    again = client.post(f"{BULK}urungkan/", follow=True)
    assert "Terlambat" in again.content.decode()


def test_what_somebody_changed_since_stays(line, officer):
    talks = [hear(line), hear(line)]
    client = signed_in(officer)
    do(client, "assign", talks, to=officer.pk)
    other = make_member(line.institution, "responder")
    services.assign(talks[0], by=officer, to=other)
    page = client.post(f"{BULK}urungkan/", follow=True).content.decode()
    assert "Diurungkan untuk 1 percakapan" in page
    assert [fresh(talk).assignee for talk in talks] == [other, None]


def test_after_a_minute_it_is_too_late_and_others_undo_nothing(line, officer):
    talk = hear(line)
    client = signed_in(officer)
    do(client, "assign", [talk], to=officer.pk)
    other = signed_in(make_member(line.institution, "responder"))
    assert other.post(f"{BULK}urungkan/").status_code == 302
    assert fresh(talk).assignee == officer
    session = client.session
    last = {**session["inbox.bulk"], "until": (now() - timedelta(seconds=1)).isoformat()}
    session["inbox.bulk"] = last
    session.save()
    assert "Urungkan" not in client.get(f"{BULK}hasil/").content.decode()
    client.post(f"{BULK}urungkan/")
    assert fresh(talk).assignee == officer
