"""The unit's work: sent there, returned, planned, referred, answered, judged by the citizen."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from balai.cases import services
from balai.cases.models import Case, Clock, EscalationNotice, Move, Reply
from balai.cases.rules.life import NotAllowedNow
from balai.cases.tests.make import Office, answers_in, fresh, seen
from balai.governance.models import AuditEntry
from balai.governance.selectors import calendar_of
from balai.governance.services import enter_holiday, withdraw_holiday
from balai.ground.clock import now
from balai.ground.models import Announcement
from balai.inbox.tests.talking import fresh as fresh_talk
from balai.inbox.tests.talking import hear
from balai.people.services import NotAllowed, member_leaves
from balai.people.tests.make import make_institution, make_member


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def office(db):
    return Office(make_institution())


def talk_of(case):
    return fresh_talk(case.voices.get().conversation)


def test_the_unit_that_has_a_case_reads_and_answers_its_conversation(office):
    case = office.dispatched()
    assert talk_of(case).unit == office.unit
    with pytest.raises(NotAllowed):
        services.start_work(case, by=office.stranger)
    services.start_work(case, by=office.officer)
    office.answer(fresh(case), "Kami tambal hari ini.")
    assert answers_in(talk_of(case)) == ["Kami tambal hari ini."]
    assert (fresh(case).state, fresh(case).officer) == ("answered", office.officer)
    assert talk_of(case).state == "answered"


def test_pressing_twice_answers_once(office):
    case = office.in_progress()
    key = services.fresh_key()
    for _ in range(2):
        services.answer_case(
            fresh(case), text="Sudah.", key=key, seen=seen(case), by=office.officer
        )
    assert Reply.objects.filter(case=case).count() == 1
    assert answers_in(talk_of(case)) == ["Sudah."]


def test_an_answer_does_not_pass_over_what_the_citizen_wrote_meanwhile(office):
    case = office.in_progress()
    talk, read = talk_of(case), seen(case)
    hear(office.line, "Bertambah dalam!", thread_key=talk.thread_key, citizen_key=talk.citizen.key)
    with pytest.raises(ValidationError):
        services.answer_case(case, text="Nanti.", key="a" * 32, seen=read, by=office.officer)
    assert fresh(case).state == "in_progress"
    office.answer(fresh(case))


def test_nobodys_number_leaves_to_several_people(office):
    with pytest.raises(ValidationError):
        office.answer(office.in_progress(), "NIK 3201010101010001 sudah kami catat.")


def test_the_address_of_the_tracking_page_never_stands_in_a_public_thread(office):
    public, private = office.says(), office.says(is_public=False)
    case = office.open(public)
    services.add_voice(case, private, by=office.responder)
    services.verify_case(case, scrutiny="ordinary", by=office.coordinator)
    services.dispatch_case(
        fresh(case), unit=office.unit, text="Kami teruskan ke dinas.", key="b" * 32,
        seen=seen(case), by=office.coordinator,
    )  # fmt: skip
    receipts = {v.conversation_id: v.receipt for v in case.voices.all()}
    assert "/lacak/" not in answers_in(public)[0]
    assert receipts[private.pk] in answers_in(private)[0]
    assert receipts[public.pk] not in answers_in(private)[0]


def test_a_unit_returns_twice_and_then_a_superior_decides(office):
    case = office.dispatched()
    for who, unit in ((office.officer, office.other_unit), (office.stranger, office.unit)):
        services.return_case(fresh(case), reason="bukan ruas kami", suggested=unit, by=who)
        case = fresh(case)
        assert (case.state, case.unit) == ("returned", None)
        if case.returns < 2:
            services.dispatch_case(case, unit=unit, by=office.coordinator)
    with pytest.raises(NotAllowed):
        services.dispatch_case(case, unit=office.unit, by=office.coordinator)
    services.dispatch_case(case, unit=office.unit, by=office.superior)
    with pytest.raises(ValidationError):
        services.return_case(fresh(case), reason="lagi", by=office.officer)
    resolution = case.clocks.get(kind="resolution")
    assert resolution.started_at == case.received_at  # sending it round starts no clock anew


def test_a_unit_returns_within_a_working_day_and_the_coordinator_later(office):
    case = office.dispatched()
    Case.objects.filter(pk=case.pk).update(dispatched_at=now() - timedelta(days=10))
    with pytest.raises(ValidationError):
        services.return_case(fresh(case), reason="bukan kami", by=office.officer)
    services.return_case(fresh(case), reason="bukan mereka", by=office.coordinator)
    assert fresh(case).returns == 1


def test_a_case_goes_to_no_unit_and_no_officer_of_another_institution(office):
    foreign = Office(make_institution())
    case = office.verified()
    with pytest.raises(NotAllowed):
        services.dispatch_case(case, unit=foreign.unit, by=office.coordinator)
    with pytest.raises(NotAllowed):
        services.dispatch_case(case, unit=office.unit, by=foreign.coordinator)
    with pytest.raises(ValidationError):
        services.dispatch_case(
            case, unit=office.unit, officer=office.stranger, by=office.coordinator
        )


def test_a_promised_day_is_kept_beside_a_later_one(office):
    case = office.in_progress()
    first, later = now().date() + timedelta(days=5), now().date() + timedelta(days=9)
    services.promise_day(case, on=first, words="Ditambal.", by=office.officer)
    services.promise_day(
        fresh(case), on=later, words="Hujan.", is_scheduled=True, by=office.officer
    )
    assert fresh(case).state == "action_scheduled"
    assert [p.on for p in case.promises.all()] == [first, later]
    with pytest.raises(ValidationError):
        services.promise_day(
            fresh(case), on=now().date() - timedelta(days=2), words="?", by=office.officer
        )


def test_a_case_with_another_agency_stops_our_clock_and_runs_one_of_seven_days(office):
    case = office.in_progress()
    before = case.clocks.get(kind="resolution", ended_at=None).due_at
    services.refer_case(
        case, agency="Balai Jalan Provinsi", external_number="17/2026", by=office.coordinator
    )
    running = case.clocks.get(ended_at=None)
    assert (running.kind, running.limit) == ("follow_up", 7)
    services.start_work(fresh(case), by=office.officer)
    again = case.clocks.get(ended_at=None)
    assert again.kind == "resolution"
    calendar = calendar_of(office.institution)
    assert again.due_at >= before - timedelta(minutes=1)
    assert again.due_at >= calendar.deadline(again.started_at, 3)
    assert case.referrals.get().came_back_at is not None


def test_the_result_waits_for_the_citizen_who_confirms_and_then_it_is_closed(office):
    case = office.resolved()
    assert talk_of(case).state == "resolved"
    confirmation = case.clocks.get(ended_at=None)
    assert (confirmation.kind, confirmation.limit, confirmation.mark) == ("confirmation", 10, "U")
    assert services.close_some() == 0
    assert services.citizen_confirms(case.voices.get())
    assert talk_of(case).state == "confirmed"
    assert services.close_some() == 1
    assert services.close_some() == 0
    assert fresh(case).state == "closed"
    told = Announcement.objects.get(name="CaseClosed").facts
    assert (told["case_id"], told["confirmed"]) == (case.pk, True)


def test_what_nobody_disputes_in_time_is_closed(office):
    case = office.resolved()
    Clock.objects.filter(kind="confirmation").update(due_at=now(), started_at=case.received_at)
    assert services.close_some() == 1
    assert fresh(case).state == "closed"
    assert not services.citizen_disputes(case.voices.get())


def test_of_several_reporters_all_confirm_and_one_is_enough_to_dispute(office):
    case = office.open()
    services.add_voice(case, office.says(), by=office.responder)
    services.verify_case(case, scrutiny="ordinary", by=office.coordinator)
    services.dispatch_case(fresh(case), unit=office.unit, by=office.coordinator)
    services.start_work(fresh(case), by=office.officer)
    office.answer(fresh(case))
    services.resolve_case(fresh(case), result="fixed", by=office.coordinator)
    first, second = case.voices.order_by("pk")
    services.citizen_confirms(first)
    assert fresh(case).state == "resolved"
    services.citizen_disputes(second)
    assert fresh(case).state == "disputed"


def test_a_dispute_goes_to_another_officer_and_the_second_one_to_a_superior(office):
    case = office.resolved()
    before = case.clocks.filter(kind="resolution").latest("pk").due_at
    assert services.citizen_disputes(case.voices.get())
    running = case.clocks.get(ended_at=None)
    assert running.due_at >= calendar_of(office.institution).deadline(running.started_at, 3)
    assert running.due_at >= before - timedelta(minutes=1)
    with pytest.raises(ValidationError):
        services.take_up_dispute(
            fresh(case), officer=office.officer, reason="sama", by=office.coordinator
        )
    services.take_up_dispute(
        fresh(case), officer=office.second, reason="petugas lain", by=office.coordinator
    )
    with pytest.raises(ValidationError):
        office.answer(fresh(case), "Sudah, kok.")
    with pytest.raises(ValidationError):
        services.assign_officer(fresh(case), officer=office.officer, by=office.coordinator)
    office.answer(fresh(case), "Kami perbaiki ulang.", by=office.second)
    services.resolve_case(fresh(case), result="fixed", by=office.coordinator)
    assert services.citizen_disputes(case.voices.get())
    with pytest.raises(NotAllowed):
        services.take_up_dispute(
            fresh(case), officer=office.officer, reason="lagi", by=office.coordinator
        )
    services.take_up_dispute(
        fresh(case), officer=office.officer, reason="saya tunjuk", by=office.superior
    )
    office.answer(fresh(case), "Sudah dilapis ulang.")
    services.resolve_case(fresh(case), result="fixed", by=office.coordinator)
    assert not services.citizen_disputes(case.voices.get())  # our last word stands
    assert services.citizen_confirms(case.voices.get())


def test_nobody_judges_a_dispute_about_the_own_answer(office):
    both = make_member(office.institution, "leader", "case_coordinator", name="Dua Peran")
    case = office.in_progress()
    office.answer(case, by=both)
    services.resolve_case(fresh(case), result="explained", by=office.coordinator)
    services.citizen_disputes(case.voices.get())
    Case.objects.filter(pk=case.pk).update(disputes=2)
    with pytest.raises(NotAllowed):
        services.take_up_dispute(fresh(case), officer=office.second, reason="x", by=both)


def test_a_citizen_takes_the_report_back_and_with_the_last_voice_the_case_ends(office):
    case = office.in_progress()
    services.add_voice(case, office.says(), by=office.responder)
    first, second = case.voices.order_by("pk")
    assert services.withdraw(first)
    assert fresh(case).state == "in_progress"
    assert services.withdraw(second)
    assert fresh(case).state == "withdrawn"
    assert not services.withdraw(second)
    assert not case.clocks.filter(ended_at=None).exists()


def test_marks_are_told_once_each_to_whom_they_concern(office):
    case = office.in_progress()
    clock = case.clocks.get(ended_at=None)
    assert services.escalate_some() == 0
    early = now() - timedelta(days=200)
    Clock.objects.filter(pk=clock.pk).update(
        started_at=early, due_at=early + timedelta(days=20), next_mark_at=early
    )
    assert services.escalate_some() == 1
    assert services.escalate_some() == 0
    told = EscalationNotice.objects.filter(clock=clock).order_by("mark")
    assert [(n.mark, n.audience) for n in told] == [
        (50, "officer"),
        (80, "coordinator"),
        (100, "unit_head"),
        (150, "leader"),
    ]
    assert fresh(case).escalated == 150
    assert Announcement.objects.filter(name="DeadlineMissed").count() == 1


def test_a_holiday_moves_open_deadlines_on_and_both_values_are_recorded(office):
    admin = make_member(office.institution, "head_of_pr")
    case = office.in_progress()
    clock = case.clocks.get(ended_at=None)
    day = clock.due_at.date()
    holiday = enter_holiday(
        institution=office.institution, on=day, kind="local", name="Hari Jadi", decree="1/2026",
        by=admin,
    )  # fmt: skip
    services.follow_calendar(office.institution.pk)
    assert services.recompute_some_clocks() >= 1
    assert services.recompute_some_clocks() == 0
    moved = Clock.objects.get(pk=clock.pk)
    assert moved.due_at > clock.due_at
    assert fresh(case).due_at == moved.due_at
    entry = AuditEntry.objects.get(did="case.due_recomputed")
    assert entry.facts["before"] == clock.due_at.isoformat()
    assert entry.facts["after"] == moved.due_at.isoformat()
    withdraw_holiday(holiday=holiday, by=admin, reason="dicabut")
    services.follow_calendar(office.institution.pk)
    services.recompute_some_clocks()
    assert Clock.objects.get(pk=clock.pk).due_at == moved.due_at  # a promise is never shortened
    last = AuditEntry.objects.filter(did="case.due_recomputed").latest("number")
    assert last.facts["computed"] < last.facts["after"] == last.facts["before"]


def test_thanks_after_a_result_are_no_dispute_until_somebody_has_read_them(office):
    case = office.resolved()
    talk = talk_of(case)
    hear(office.line, "terima kasih", thread_key=talk.thread_key, citizen_key=talk.citizen.key)
    services.note_words([talk.pk])
    case = fresh(case)
    assert (case.state, bool(case.news_at)) == ("resolved", True)
    services.citizen_confirms(case.voices.get(), by=office.officer)
    assert (fresh(case).state, fresh(case).news_at) == ("confirmed", None)
    assert talk_of(case).state == "confirmed"


def test_words_of_danger_stay_with_the_desk_and_mark_the_case(office):
    case = office.answered()
    talk = talk_of(case)
    hear(
        office.line, "Ada yang jatuh, tolong!", thread_key=talk.thread_key,
        citizen_key=talk.citizen.key, priority=2,
    )  # fmt: skip
    services.note_words([talk.pk])
    assert fresh(case).is_danger
    assert talk_of(case).state == "triaged"


def test_the_words_with_which_a_case_was_opened_are_no_news(office):
    talk = office.says()
    case = office.open(talk)
    services.note_words([talk.pk])
    assert fresh(case).news_at is None


def test_what_a_member_had_in_hand_is_the_whole_units_when_they_leave(office):
    case = office.in_progress()
    admin = make_member(office.institution, "system_admin")
    member_leaves(member=office.officer, by=admin)
    services.release_cases_of(office.officer.pk)
    assert fresh(case).officer is None


def test_nothing_is_answered_before_the_unit_works_or_resolved_before_it_answered(office):
    case = office.dispatched()
    with pytest.raises(NotAllowedNow):
        office.answer(case)
    assert answers_in(talk_of(case)) == []
    with pytest.raises(NotAllowedNow):
        services.resolve_case(case, result="fixed", by=office.coordinator)


def test_a_returned_case_is_not_verified_anew_and_a_disputed_one_not_taken_by_anybody(office):
    case = office.dispatched()
    services.return_case(case, reason="bukan kami", by=office.officer)
    with pytest.raises(NotAllowedNow):
        services.verify_case(fresh(case), scrutiny="with_oversight", by=office.coordinator)
    assert case.clocks.filter(kind="resolution").count() == 1
    disputed = office.resolved()
    services.citizen_disputes(disputed.voices.get())
    with pytest.raises(NotAllowedNow):
        services.start_work(fresh(disputed), by=office.officer)


def test_every_step_stands_in_the_trail(office):
    case = office.resolved()
    assert list(Move.objects.filter(case=case).order_by("pk").values_list("became", flat=True)) == [
        "received",
        "verified",
        "dispatched",
        "in_progress",
        "answered",
        "resolved",
    ]
