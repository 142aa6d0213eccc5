"""Notes that call colleagues, tasks, and the bell: a call widens nobody's rights."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from balai.ground.clock import now
from balai.inbox import rules, selectors, services
from balai.inbox.models import Call, Message, Task
from balai.inbox.tests.talking import fresh, hear, make_line, signed_in
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member, make_unit

BELL = "/panggilan/lonceng/"


@pytest.fixture
def dewi(institution):
    return make_member(institution, "responder", name="Dewi Lestari")


@pytest.fixture
def outsider(institution):
    """A case officer of a unit that has nothing to do with it."""
    unit = make_unit(institution, name="Dinas Lain")
    return make_member(institution, "case_officer", name="Oki", unit=unit)


NAMES = {1: "Siti", 2: "Siti Rahma", 3: "Budi"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Siti Rahma tolong lihat", {2}),
        ("@siti, dan @BUDI.", {1, 3}),
        ("surel siti@budi.id", {3}),
        ("@Sitinjak bukan siapa-siapa", set()),
        ("tanpa nama @", set()),
    ],
)
def test_the_longest_name_that_stands_there_is_meant(text, named):
    assert rules.named_in(text, NAMES) == named


@given(st.text(alphabet="@SitBudRahm ,.\n"))
def test_any_text_names_only_who_exists(text):
    assert rules.named_in(text, NAMES) <= NAMES.keys()
    assert "@" in text or not rules.named_in(text, NAMES)


@pytest.mark.django_db
def test_who_is_named_or_picked_is_called_once_and_never_oneself(line, officer, dewi):
    talk = hear(line)
    note = services.write_note(
        talk, text="@Dewi Lestari dan @Rina, lihat ini", by=officer, mentions=[dewi]
    )
    [one] = Call.objects.all()
    assert (one.member, one.kind, one.ref, one.by) == (dewi, "mention", note.pk, officer)
    assert note.extra["mentions"] == [officer.pk, dewi.pk] or dewi.pk in note.extra["mentions"]
    assert selectors.unseen_calls(dewi) == 1
    assert selectors.unseen_calls(officer) == 0


@pytest.mark.django_db
def test_who_may_not_read_is_not_called_and_the_note_is_not_lost(line, officer, outsider):
    talk = hear(line)
    with pytest.raises(ValidationError, match="Oki"):
        services.write_note(talk, text="@Oki bagaimana?", by=officer)
    assert not Message.objects.filter(direction="note").exists()
    client = signed_in(officer)
    page = client.post(f"/kotak-masuk/{talk.pk}/note/", {"text": "@Oki bagaimana?"})
    assert page.status_code == 422
    assert "@Oki bagaimana?" in page.content.decode()
    assert not selectors.readable(outsider).filter(pk=talk.pk).exists()


@pytest.mark.django_db
def test_nobody_of_another_institution_is_picked(line, officer):
    stranger = make_member(make_institution("Kota Lain"), "responder")
    with pytest.raises(NotAllowed):
        services.write_note(hear(line), text="x", by=officer, mentions=[stranger])


@pytest.mark.django_db
def test_the_bell_counts_leads_there_and_falls_silent(line, officer, dewi):
    talk = hear(line)
    note = services.write_note(talk, text="@Dewi Lestari", by=officer)
    client = signed_in(dewi)
    assert '<span class="count">1</span>' in client.get(BELL).content.decode()
    assert '<span class="count">1</span>' in client.get("/kotak-masuk/").content.decode()
    page = client.get("/panggilan/").content.decode()
    assert "Rina menyebut Anda dalam catatan" in page
    [one] = Call.objects.all()
    assert client.post(f"/panggilan/{one.pk}/").url == f"/kotak-masuk/{talk.pk}/#m{note.pk}"
    assert "count" not in client.get(BELL).content.decode()
    assert signed_in(officer).post(f"/panggilan/{one.pk}/").status_code == 404


@pytest.mark.django_db
def test_a_call_to_what_one_may_no_longer_read_leads_nowhere(institution, line, officer):
    unit = make_unit(institution, name="Dinas Air")
    member = make_member(institution, "case_officer", unit=unit, name="Wawan")
    talk = hear(line)
    services.assign(talk, by=officer, unit=unit)
    services.write_note(talk, text="@Wawan lihat", by=officer)
    services.assign(talk, by=officer)
    page = signed_in(member).get("/panggilan/").content.decode()
    assert "tidak lagi dapat membaca" in page
    assert f"/kotak-masuk/{talk.pk}/" not in page
    [one] = Call.objects.all()
    there = signed_in(member).post(f"/panggilan/{one.pk}/", follow=True)
    assert there.status_code == 404


@pytest.mark.django_db
def test_a_task_is_given_done_and_not_done_after_all(line, officer, dewi):
    talk = hear(line)
    client = signed_in(officer)
    said = {"what": "Telepon Dinas PU", "who": dewi.pk, "until": now().date().isoformat()}
    assert client.post(f"/kotak-masuk/{talk.pk}/task/", said).status_code == 302
    [task] = selectors.tasks_of(dewi)
    assert Call.objects.get().kind == "task"
    hers = signed_in(dewi)
    assert "Telepon Dinas PU" in hers.get("/kotak-masuk/tugas/").content.decode()
    assert hers.post(f"/kotak-masuk/tugas/{task.pk}/", {"mine": "1"}).url.endswith("/tugas/")
    task.refresh_from_db()
    assert (task.done_by, selectors.tasks_of(dewi)) == (dewi, [])
    assert Call.objects.get(kind="task_done").member == officer
    page = client.get(f"/kotak-masuk/{talk.pk}/").content.decode()
    assert "Telepon Dinas PU" in page
    client.post(f"/kotak-masuk/tugas/{task.pk}/", {"undo": "1"})
    assert selectors.tasks_of(dewi) == [task]


@pytest.mark.django_db
def test_a_task_needs_words_a_day_to_come_and_somebody_who_may_read(line, officer, outsider):
    talk = hear(line)
    yesterday = now().date() - timedelta(days=1)
    with pytest.raises(ValidationError):
        services.give_task(talk, what="x", by=officer, until=yesterday)
    with pytest.raises(ValidationError, match="Oki"):
        services.give_task(talk, what="x", by=officer, who=outsider)
    page = signed_in(officer).post(f"/kotak-masuk/{talk.pk}/task/", {"what": ""})
    assert page.status_code == 422
    assert not Task.objects.exists()


@pytest.mark.django_db
def test_tasks_of_other_institutions_do_not_exist_and_readers_settle_none(line, officer, dewi):
    talk = hear(line)
    task = services.give_task(talk, what="x", by=officer, who=dewi)
    foreign = make_line(make_institution("Kota Lain"))
    stranger = make_member(foreign.institution, "responder")
    assert signed_in(stranger).post(f"/kotak-masuk/tugas/{task.pk}/").status_code == 404
    auditor = make_member(line.institution, "auditor")
    assert signed_in(auditor).post(f"/kotak-masuk/tugas/{task.pk}/").status_code == 403
    assert fresh(talk).tasks.get().done_at is None


@pytest.mark.django_db
def test_what_a_leaver_had_to_do_waits_for_whoever_takes_it(line, officer, dewi):
    task = services.give_task(hear(line), what="x", by=officer, who=dewi)
    assert services.release_tasks_of(dewi.pk) == 1
    task.refresh_from_db()
    assert task.who is None


@pytest.mark.django_db
def test_a_sealed_conversation_keeps_its_tasks_to_itself(line, officer, dewi):
    talk = hear(line)
    services.triage(talk, by=officer, said={})
    services.give_task(talk, what="Rahasia", by=officer, who=dewi)
    services.seal(talk, by=officer, path="child")
    assert selectors.tasks_of(dewi) == []
    assert "Rahasia" not in signed_in(dewi).get("/kotak-masuk/tugas/").content.decode()
