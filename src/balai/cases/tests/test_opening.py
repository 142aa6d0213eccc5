"""A citizen's matter becomes a case, is verified, turned away, merged or asked about."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from balai.cases import services
from balai.cases.models import Case, Standstill
from balai.cases.rules.life import NotAllowedNow
from balai.cases.selectors import case_of_conversation
from balai.cases.tests.make import Office, answers_in, fresh, seen
from balai.governance.selectors import entries_of, verify_chain
from balai.ground.clock import now
from balai.inbox.services import resolve, seal, triage
from balai.inbox.tests.talking import fresh as fresh_talk
from balai.inbox.tests.talking import hear, make_line, say
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def office(db):
    return Office(make_institution())


def test_a_case_is_opened_from_a_conversation_and_its_clock_starts_when_the_citizen_spoke(office):
    spoke = now() - timedelta(days=2)
    talk = office.says(sent_at=spoke)
    case = office.open(talk)
    clock = case.clocks.get()
    assert (clock.kind, clock.limit, clock.pack, clock.mark) == (
        "verification",
        3,
        "sp4n_lapor 2018.1",
        "V2",
    )
    assert clock.started_at == case.received_at == fresh_talk(talk).opened_at
    assert case.due_at == clock.due_at
    assert fresh_talk(talk).state == "linked_to_case"
    assert case_of_conversation(talk) == case
    assert [e.did for e in entries_of(case)] == ["case.opened"]


def test_a_conversation_speaks_in_one_case_at_a_time(office):
    talk = office.says()
    case = office.open(talk)
    with pytest.raises(ValidationError):
        office.open(talk)
    services.reject_case(
        case, reason="not_ours", text="Mohon ke provinsi.", key="a" * 32, seen=seen(case),
        by=office.coordinator,
    )  # fmt: skip
    assert office.open(talk).pk != case.pk


def test_what_is_sealed_or_over_becomes_no_case(office):
    talk = office.says()
    triage(talk, by=office.responder, said={})
    seal(talk, path="whistleblowing", by=office.coordinator)
    with pytest.raises(ValidationError):
        office.open(talk)
    assert not Case.objects.exists()


def test_a_title_with_a_citizens_number_is_refused(office):
    with pytest.raises(ValidationError) as refused:
        office.open(title="KTP 3201010101010001 hilang")
    assert "title" in refused.value.error_dict


def test_who_may_not_open_cases_opens_none(office):
    talk = office.says()
    for who in (office.officer, office.superior):
        with pytest.raises(NotAllowed):
            office.open(talk, by=who)
    foreign = Office(make_institution())
    with pytest.raises(NotAllowed):
        office.open(talk, by=foreign.coordinator)


def test_a_second_reporter_speaks_in_the_same_case_and_is_told_the_same(office):
    first, second = office.says("Jalan bolong"), office.says("Jalan rusak depan pasar")
    case = office.open(first)
    services.add_voice(case, second, by=office.responder)
    services.verify_case(case, scrutiny="ordinary", by=office.coordinator)
    services.dispatch_case(fresh(case), unit=office.unit, by=office.coordinator)
    services.start_work(fresh(case), by=office.officer)
    office.answer(fresh(case), "Kami tambal hari ini.")
    assert answers_in(first) == answers_in(second) == ["Kami tambal hari ini."]
    assert case.voices.count() == 2
    assert len(set(case.voices.values_list("receipt", flat=True))) == 2


def test_verification_sets_the_clock_of_the_resolution_by_what_it_takes(office):
    for scrutiny, days in (("ordinary", 5), ("without_oversight", 14), ("with_oversight", 60)):
        case = office.open(office.says())
        services.verify_case(case, scrutiny=scrutiny, by=office.coordinator)
        running = case.clocks.get(ended_at=None)
        assert (running.kind, running.limit) == ("resolution", days)
        assert running.started_at == case.received_at
        assert fresh(case).due_at == running.due_at
    with pytest.raises(NotAllowed):
        services.verify_case(office.open(), scrutiny="ordinary", by=office.officer)


def test_a_question_to_the_citizen_lets_the_resolution_wait_and_not_the_verification(office):
    talk = office.says(sent_at=now() - timedelta(days=1))
    case = office.open(talk)
    before = case.clocks.get().due_at
    services.ask_citizen(
        case, text="Di kilometer berapa?", key="b" * 32, seen=seen(case), by=office.coordinator
    )
    assert fresh(case).state == "needs_clarification"
    assert fresh_talk(talk).state == "waiting_citizen"
    Standstill.objects.update(since=now() - timedelta(days=5))
    hear(office.line, "KM 3", thread_key=talk.thread_key, citizen_key=talk.citizen.key)
    services.note_words([talk.pk])
    case = fresh(case)
    assert (case.state, case.clocks.get().due_at) == ("received", before)
    assert case.news_at is not None
    assert fresh_talk(talk).state == "linked_to_case"
    services.verify_case(case, scrutiny="ordinary", by=office.coordinator)
    waited = fresh(case).due_at
    other = office.open(office.says(sent_at=talk.opened_at))
    services.verify_case(other, scrutiny="ordinary", by=office.coordinator)
    assert waited > fresh(other).due_at


def test_the_citizen_is_asked_twice_at_most(office):
    case = office.open()
    for key in ("c", "d"):
        services.ask_citizen(
            fresh(case), text="Di mana?", key=key * 32, seen=seen(case), by=office.coordinator
        )
        services.note_clarified(fresh(case), by=office.coordinator)
    with pytest.raises(ValidationError):
        services.ask_citizen(
            fresh(case), text="Di mana?", key="e" * 32, seen=seen(case), by=office.coordinator
        )


def test_who_is_turned_away_reads_why_in_the_own_thread(office):
    talk = office.says()
    case = office.open(talk)
    services.reject_case(
        case, reason="not_ours", text="Ini jalan provinsi.", key="f" * 32, seen=seen(case),
        by=office.coordinator,
    )  # fmt: skip
    case = fresh(case)
    assert (case.state, case.is_open) == ("rejected", False)
    assert answers_in(talk) == ["Ini jalan provinsi."]
    assert not case.clocks.filter(ended_at=None).exists()
    with pytest.raises(NotAllowedNow):
        services.verify_case(case, scrutiny="ordinary", by=office.coordinator)


def test_a_merged_case_gives_its_voices_to_the_master_which_takes_the_earliest_time(office):
    old, new = office.says(sent_at=now() - timedelta(days=3)), office.says()
    master, older = office.verified(conversation=new), office.open(old)
    before = master.due_at
    services.merge_case(older, master, by=office.coordinator)
    master, older = fresh(master), fresh(older)
    assert (older.state, older.master_id) == ("duplicate", master.pk)
    assert {v.conversation_id for v in master.voices.all()} == {old.pk, new.pk}
    assert master.received_at == older.received_at
    assert master.due_at <= before
    assert case_of_conversation(old) == master
    with pytest.raises(NotAllowedNow):
        services.merge_case(older, master, by=office.coordinator)
    with pytest.raises(ValidationError):
        services.merge_case(fresh(master), older, by=office.coordinator)


def test_no_case_is_merged_with_one_of_another_institution(office):
    foreign = Office(make_institution())
    with pytest.raises(NotAllowed):
        services.merge_case(office.open(), foreign.open(), by=office.coordinator)


def test_what_the_desk_answered_already_keeps_its_state_and_may_become_a_case(office):
    talk = office.says()
    case = office.open(talk)
    services.verify_case(case, scrutiny="ordinary", by=office.coordinator)
    assert fresh_talk(talk).state == "linked_to_case"
    line = make_line(office.institution)
    resolved = hear(line, "sudah")
    triage(resolved, by=office.responder, said={"intent": "question"})
    say(resolved, office.responder)
    answered = fresh_talk(resolved)
    case = office.open(answered)
    assert fresh_talk(resolved).state == "answered"
    assert case.state == "received"
    other = hear(line, "selesai")
    triage(other, by=office.responder, said={"intent": "question"})
    say(other, office.responder)
    resolve(fresh_talk(other), by=office.responder)
    with pytest.raises(ValidationError):
        office.open(fresh_talk(other))


def test_the_audit_chain_holds(office):
    office.resolved()
    assert verify_chain(office.institution.pk).holds
