"""Answers that a second person reads: in the very words that leave, and never by their author."""

import dataclasses
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from balai.channels.models import Dispatch
from balai.ground.clock import now
from balai.inbox import rules, selectors, services
from balai.inbox.models import Call, Draft, HeldAnswer, Message
from balai.inbox.services import fresh_form_key
from balai.inbox.services.approving import hash_of
from balai.inbox.tests.talking import fresh, hear, make_line, say, signed_in
from balai.people.models import Delegation
from balai.people.rules import PERMISSIONS
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member, make_unit

WAITING = "/kotak-masuk/persetujuan/"


@pytest.fixture
def chief(institution):
    return make_member(institution, "case_coordinator", name="Bu Kepala")


@pytest.fixture
def policy(institution, chief):
    return services.add_policy(
        institution, by=chief, why="Keluhan dibaca dua orang", intent="complaint"
    )


@pytest.fixture
def complaint(line, policy):
    return hear(line, "Jalan rusak sejak Mei", intent="complaint")


def hold(talk, by, text="Kami perbaiki pekan ini.", **said):
    said = {"form_key": fresh_form_key(), "after": talk.last_in_id, **said}
    return services.hold_answer(talk, text=text, by=by, **said)


occasions = st.builds(
    rules.Occasion,
    intent=st.sampled_from(["", "complaint", "question"]),
    label_ids=st.frozensets(st.integers(1, 3)),
    connection_id=st.integers(1, 3),
    sensitivity=st.frozensets(st.sampled_from(["child", "violence"])),
    unit_id=st.none() | st.integers(1, 3),
    author_roles=st.frozensets(st.sampled_from(["responder", "case_officer"])),
)


@given(occasions)
def test_an_empty_policy_fits_every_answer_and_none_fits_no_answer(occasion):
    assert rules.policy_that_holds([rules.Policy(7)], occasion) == 7
    assert rules.policy_that_holds([], occasion) is None


@given(occasions)
def test_each_wish_of_a_policy_narrows_it(occasion):
    wishes = {
        "intent": "complaint",
        "label_id": 2,
        "connection_id": 2,
        "sensitivity": rules.ANY_SENSITIVITY,
        "unit_ids": frozenset({1, 2}),
        "author_role": "responder",
    }
    fits = {
        "intent": occasion.intent == "complaint",
        "label_id": 2 in occasion.label_ids,
        "connection_id": occasion.connection_id == 2,
        "sensitivity": bool(occasion.sensitivity),
        "unit_ids": occasion.unit_id in (1, 2),
        "author_role": "responder" in occasion.author_roles,
    }
    for name, wish in wishes.items():
        one = dataclasses.replace(rules.Policy(1), **{name: wish})
        assert (rules.policy_that_holds([one], occasion) == 1) == fits[name], name
    assert (rules.policy_that_holds([rules.Policy(1, **wishes)], occasion) == 1) == all(
        fits.values()
    )


@pytest.mark.django_db
def test_an_answer_under_a_policy_waits_and_the_clock_goes_on(complaint, officer, chief):
    with pytest.raises(services.NeedsApproval):
        say(complaint, officer)
    held = hold(complaint, officer)
    talk = fresh(complaint)
    assert (talk.state, talk.is_open, talk.first_answered_at) == ("new", True, None)
    assert talk.assignee == officer
    assert held.text_hash == hash_of(held.text)
    assert not Dispatch.objects.exists()
    assert Call.objects.get().member == chief


@pytest.mark.django_db
def test_what_was_approved_leaves_with_its_undo_window_in_the_very_words(complaint, officer, chief):
    held = hold(complaint, officer, asks_back=True)
    message = services.approve_answer(held, by=chief, text_hash=held.text_hash)
    dispatch = Dispatch.objects.get()
    assert dispatch.due_at > now() + timedelta(seconds=10)
    assert (message.text, message.author) == (held.text, officer)
    assert fresh(complaint).state == "waiting_citizen"
    held.refresh_from_db()
    assert (held.state, held.decided_by, held.message_id) == ("released", chief, message.pk)
    assert services.undo_answer(message, by=officer)


@pytest.mark.django_db
def test_nobody_approves_their_own_words_nor_through_a_deputy(complaint, institution, chief):
    author = make_member(institution, "case_coordinator", "responder")
    held = hold(complaint, author)
    with pytest.raises(NotAllowed):
        services.approve_answer(held, by=author, text_hash=held.text_hash)
    deputy = make_member(institution, "editor")
    Delegation.objects.create(
        role="case_coordinator",
        lender=author,
        deputy=deputy,
        starts_at=now() - timedelta(days=1),
        ends_at=now() + timedelta(days=1),
        reason="cuti",
    )
    with pytest.raises(NotAllowed):
        services.approve_answer(held, by=deputy, text_hash=held.text_hash)
    with transaction.atomic(), pytest.raises(IntegrityError):
        HeldAnswer.objects.filter(pk=held.pk).update(
            state="released", decided_by=author, message_id=1
        )


@pytest.mark.django_db
def test_other_words_void_what_was_read(complaint, officer, chief):
    first = hold(complaint, officer, "Besok.")
    second = hold(complaint, officer, "Lusa.")
    with pytest.raises(services.NotWaiting):
        services.approve_answer(first, by=chief, text_hash=first.text_hash)
    with pytest.raises(services.NotWaiting):
        services.approve_answer(second, by=chief, text_hash=first.text_hash)
    assert services.approve_answer(second, by=chief, text_hash=second.text_hash).text == "Lusa."


@pytest.mark.django_db
def test_a_second_author_reads_the_first_answer_before_writing(complaint, officer, institution):
    other = make_member(institution, "responder", name="Dewi")
    held = hold(complaint, officer, "Kami yang pertama.")
    with pytest.raises(services.AnswerWaits) as waits:
        hold(complaint, other)
    assert waits.value.held == held
    said = {"text": "Saya juga", "form_key": fresh_form_key(), "after": complaint.last_message_id}
    page = signed_in(other).post(f"/kotak-masuk/{complaint.pk}/jawab/", said)
    assert page.status_code == 422
    body = page.content.decode()
    assert "Kami yang pertama." in body
    assert "Saya juga" in body
    assert HeldAnswer.objects.count() == 1


@pytest.mark.django_db
def test_two_approvers_release_it_once(complaint, officer, chief, institution):
    second = make_member(institution, "head_of_pr")
    held = hold(complaint, officer)
    services.approve_answer(held, by=chief, text_hash=held.text_hash)
    with pytest.raises(services.NotWaiting):
        services.approve_answer(held, by=second, text_hash=held.text_hash)
    assert Dispatch.objects.count() == 1


@pytest.mark.django_db
def test_a_citizen_who_writes_meanwhile_stops_the_approval(line, policy, officer, chief):
    talk = hear(line, intent="complaint", thread_key="t", citizen_key="c" * 32)
    held = hold(talk, officer)
    hear(line, "Sudah selesai kok", thread_key="t", citizen_key="c" * 32)
    with pytest.raises(services.CitizenWroteMeanwhile):
        services.approve_answer(held, by=chief, text_hash=held.text_hash)
    page = signed_in(chief).post(f"{WAITING}{held.pk}/setujui/", {"text_hash": held.text_hash})
    assert page.status_code == 302
    assert not Dispatch.objects.exists()


@pytest.mark.django_db
def test_a_returned_answer_is_a_draft_again_and_says_why(complaint, officer, chief):
    held = hold(complaint, officer)
    client = signed_in(chief)
    assert client.post(f"{WAITING}{held.pk}/kembalikan/", {"reason": " "}).status_code == 302
    assert HeldAnswer.objects.get().state == "waiting"
    client.post(f"{WAITING}{held.pk}/kembalikan/", {"reason": "Sebut tanggalnya"})
    assert HeldAnswer.objects.get().state == "returned"
    assert Draft.objects.get(member=officer).text == held.text
    page = signed_in(officer).get(f"/kotak-masuk/{complaint.pk}/").content.decode()
    assert "Sebut tanggalnya" in page
    assert "Mintakan persetujuan" in page
    assert Call.objects.filter(member=officer, kind="returned").exists()


@pytest.mark.django_db
def test_the_author_takes_it_back_and_nobody_else(complaint, officer, chief, institution):
    held = hold(complaint, officer)
    other = make_member(institution, "responder")
    with pytest.raises(NotAllowed):
        services.withdraw_answer(held, by=other)
    signed_in(officer).post(f"{WAITING}{held.pk}/tarik/")
    assert HeldAnswer.objects.get().state == "withdrawn"
    assert Draft.objects.get().text == held.text


@pytest.mark.django_db
def test_the_page_shows_what_waits_and_offers_only_what_one_may(complaint, officer, chief):
    held = hold(complaint, officer)
    page = signed_in(chief).get(WAITING).content.decode()
    assert held.text in page
    assert "Setujui dan kirim" in page
    mine = signed_in(officer).get(WAITING).content.decode()
    assert "Setujui dan kirim" not in mine
    assert "Tarik dan ubah" in mine
    answer = signed_in(chief).post(f"{WAITING}{held.pk}/setujui/", {"text_hash": held.text_hash})
    assert answer.status_code == 302
    assert Message.objects.filter(direction="out").count() == 1
    assert "Tidak ada yang menunggu" in signed_in(chief).get(WAITING).content.decode()


@pytest.mark.django_db
def test_a_press_on_answer_asks_for_approval_where_a_policy_holds(complaint, officer):
    said = {"text": "Siap", "form_key": fresh_form_key(), "after": complaint.last_message_id}
    client = signed_in(officer)
    for _twice in range(2):
        answer = client.post(f"/kotak-masuk/{complaint.pk}/jawab/", said)
        assert answer.url.endswith("#held")
    assert HeldAnswer.objects.count() == 1


@pytest.mark.django_db
def test_other_institutions_and_other_roles_find_no_door(complaint, officer, chief, policy):
    held = hold(complaint, officer)
    stranger = signed_in(make_member(make_institution("Kota Lain"), "case_coordinator"))
    for end in ("setujui", "kembalikan"):
        said = {"text_hash": held.text_hash, "reason": "x"}
        assert stranger.post(f"{WAITING}{held.pk}/{end}/", said).status_code == 404
        assert signed_in(officer).post(f"{WAITING}{held.pk}/{end}/", said).status_code == 403
    assert held.text not in stranger.get(WAITING).content.decode()
    ended = f"/kotak-masuk/aturan-jawaban/{policy.pk}/akhiri/"
    assert stranger.post(ended).status_code == 404
    assert signed_in(officer).post(ended).status_code == 403
    assert HeldAnswer.objects.get().state == "waiting"
    assert selectors.policies_of(chief.institution).count() == 1


@pytest.mark.django_db
def test_a_policy_of_a_unit_holds_below_it_and_of_a_role_for_that_role(institution, line, chief):
    top = make_unit(institution, name="Dinas")
    below = make_unit(institution, name="Seksi", parent=top)
    services.add_policy(institution, by=chief, why="Dinas", unit=top, author_role="case_officer")
    author = make_member(institution, "case_officer", unit=below)
    talk = hear(line)
    services.assign(talk, by=chief, unit=below)
    assert selectors.policy_for(fresh(talk), author)
    assert selectors.policy_for(fresh(talk), chief) is None
    services.assign(talk, by=chief)
    assert selectors.policy_for(fresh(talk), author) is None


@pytest.mark.django_db
def test_policies_are_added_and_ended_on_their_page(institution, line, chief):
    foreign = make_line(make_institution("Kota Lain"))
    client = signed_in(chief)
    said = {"why": "Akun utama", "connection": foreign.pk}
    assert client.post("/kotak-masuk/aturan-jawaban/tambah/", said).status_code == 422
    said["connection"] = line.pk
    assert client.post("/kotak-masuk/aturan-jawaban/tambah/", said).status_code == 302
    page = client.get("/kotak-masuk/aturan-jawaban/").content.decode()
    assert "Akun utama" in page
    [policy] = selectors.policies_of(institution)
    client.post(f"/kotak-masuk/aturan-jawaban/{policy.pk}/akhiri/")
    assert not selectors.policies_of(institution)


def test_those_who_are_called_are_those_who_may_approve():
    assert PERMISSIONS["conversation.approve"].everywhere == {
        "head_of_pr",
        "case_coordinator",
        "crisis_lead",
    }
