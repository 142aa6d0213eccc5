"""What persons decide about a conversation, and who may: triage, assignment, endings, identity."""

from datetime import timedelta

import pytest

from balai.channels.models import Dispatch
from balai.governance.models import AuditEntry
from balai.ground.clock import now
from balai.inbox import rules, services
from balai.inbox.models import Conversation, Correction, QueueCount
from balai.inbox.tests.talking import fresh, hear, say
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member, make_unit

pytestmark = pytest.mark.django_db


def recounted(institution):
    kept = {c.state: c.n for c in QueueCount.objects.filter(institution=institution) if c.n}
    real: dict[str, int] = {}
    for state in Conversation.objects.filter(institution=institution).values_list(
        "state", flat=True
    ):
        real[state] = real.get(state, 0) + 1
    return kept, real


def test_every_step_leaves_a_trace_in_the_audit_log_and_none_holds_the_citizens_words(
    institution, line, officer
):
    conversation = hear(line, "NIK saya 3273010101900001")
    services.triage(conversation, by=officer, said={"intent": "complaint", "priority": 1})
    services.write_note(conversation, text="Telepon dulu", by=officer)
    say(conversation, officer)
    did = list(
        AuditEntry.objects.filter(object_kind="inbox.conversation")
        .order_by("number")
        .values_list("did", flat=True)
    )
    assert did == ["conversation.triaged", "conversation.noted", "conversation.answered"]
    assert "3273010101900001" not in str(list(AuditEntry.objects.values()))


def test_what_a_person_says_against_the_machine_is_kept_beside_it(line, officer):
    conversation = hear(line, intent="question")
    services.triage(conversation, by=officer, said={"intent": "complaint"})
    correction = Correction.objects.get()
    assert (correction.field, correction.read, correction.said) == (
        "intent",
        "question",
        "complaint",
    )
    assert fresh(conversation).intent == "complaint"


def test_saying_that_it_is_an_emergency_brings_the_short_clock_from_when_the_citizen_spoke(
    line, officer
):
    conversation = hear(line)
    services.triage(conversation, by=officer, said={"priority": 2})
    after = fresh(conversation)
    assert after.clock == "emergency_acknowledgement"
    assert after.due_at == after.opened_at + timedelta(minutes=5)


@pytest.mark.parametrize("intent", ["complaint", "report_emergency"])
def test_a_complaint_or_emergency_cannot_be_set_aside(line, officer, intent):
    conversation = hear(line, intent=intent)
    services.triage(conversation, by=officer, said={})
    with pytest.raises(rules.NotAllowedNow):
        services.set_aside(conversation, by=officer, reason="-")
    assert fresh(conversation).state == "triaged"


def test_a_stranger_a_reader_and_another_institution_may_not_answer(institution, line):
    conversation = hear(line)
    for nobody in (
        make_member(institution),
        make_member(institution, "auditor"),
        make_member(institution, "system_admin"),
        make_member(make_institution(), "responder"),
    ):
        with pytest.raises(NotAllowed):
            say(conversation, nobody)
    assert not Dispatch.objects.exists()


def test_an_officer_of_one_unit_acts_only_in_that_unit(institution, line, officer):
    ours, theirs = make_unit(institution), make_unit(institution)
    clerk = make_member(institution, "case_officer", unit=ours, granted_unit=ours)
    conversation = hear(line)
    services.assign(conversation, by=officer, unit=theirs)
    with pytest.raises(NotAllowed):
        services.write_note(conversation, text="?", by=clerk)
    services.assign(fresh(conversation), by=officer, unit=ours)
    services.write_note(fresh(conversation), text="Siap", by=clerk)


def test_silence_of_seven_days_confirms_and_the_counters_stay_right(institution, line, officer):
    conversation = hear(line)
    services.triage(conversation, by=officer, said={})
    say(conversation, officer)
    services.resolve(fresh(conversation), by=officer)
    assert services.confirm_silent_endings() == 0
    Conversation.objects.update(resolved_at=now() - timedelta(days=8))
    services.confirm_silent_endings()
    assert fresh(conversation).state == "confirmed"
    kept, real = recounted(institution)
    assert kept == real == {"confirmed": 1}


def test_opening_an_identity_is_recorded_with_its_reason(line, officer):
    conversation = hear(line, identity='{"name": "Siti", "handle": "@siti", "address": ""}')
    assert services.open_identity(conversation, by=officer, reason="menelepon")["name"] == "Siti"
    entry = AuditEntry.objects.get(did="conversation.identity_opened")
    assert entry.reason == "menelepon"


def test_the_citizen_confirms_on_the_status_page_or_says_that_it_did_not_help(line, officer):
    conversation = hear(line)
    services.triage(conversation, by=officer, said={})
    say(conversation, officer)
    services.resolve(fresh(conversation), by=officer)
    services.citizen_confirms(fresh(conversation), helped=False)
    assert fresh(conversation).state == "triaged"
    services.citizen_confirms(fresh(conversation), helped=True)
    assert fresh(conversation).state == "triaged"


def test_a_new_holiday_moves_open_clocks_later_never_earlier_and_leaves_a_trace(line, officer):
    conversation = hear(line, due_at=now() + timedelta(days=900))
    services.follow_calendar(line.institution_id)
    assert services.recompute_some_clocks() == 1
    assert fresh(conversation).due_at == conversation.due_at
    Conversation.objects.update(due_at=now() - timedelta(days=900))
    services.follow_calendar(line.institution_id)
    assert services.recompute_some_clocks() == 1
    assert fresh(conversation).due_at > conversation.opened_at
    entry = AuditEntry.objects.get(did="conversation.due_recomputed")
    assert set(entry.facts) == {"before", "after"}


def test_clocks_are_walked_some_at_a_time_and_none_is_passed_over(line):
    due = now() - timedelta(days=900)
    talks = [hear(line, due_at=due) for _ in range(5)]  # at one moment: their ids part them
    services.follow_calendar(line.institution_id)

    assert services.recompute_some_clocks(2) == 2
    assert Conversation.objects.filter(due_at=due).count() == 3
    services.follow_calendar(line.institution_id)  # another decree meanwhile: from the first again
    looked_at = [services.recompute_some_clocks(2) for _ in range(10)]

    assert sum(looked_at) >= len(talks)
    assert looked_at[-1] == 0
    assert not Conversation.objects.filter(due_at=due).exists()
    assert AuditEntry.objects.filter(did="conversation.due_recomputed").count() == len(talks)


def test_the_open_work_of_somebody_who_left_waits_for_everybody_again(line, officer):
    conversation = hear(line)
    services.assign(conversation, by=officer, to=officer)
    assert services.release_work_of(officer.pk) == 1
    assert fresh(conversation).assignee is None


def test_a_complaint_that_was_set_aside_by_mistake_is_owed_an_answer_again(line, officer):
    conversation = hear(line, intent="praise")
    services.triage(conversation, by=officer, said={})
    services.set_aside(conversation, by=officer, reason="praise")
    services.triage(conversation, by=officer, said={"intent": "complaint"})
    assert (fresh(conversation).state, fresh(conversation).is_open) == ("triaged", True)


def test_what_waits_for_the_citizen_is_also_passed_on_when_its_officer_leaves(line, officer):
    conversation = hear(line)
    say(conversation, officer)
    assert services.release_work_of(officer.pk) == 1
    assert fresh(conversation).assignee is None


def test_what_was_moved_to_a_safe_channel_is_touched_no_more_by_the_desk(
    institution, line, officer
):
    conversation = hear(line, intent="whistleblow")
    services.triage(conversation, by=officer, said={})
    message = say(fresh(conversation), officer)
    services.undo_answer(message, by=officer)
    services.seal(fresh(conversation), by=officer, path="wbs")
    for verb in (
        lambda: say(fresh(conversation), officer),
        lambda: services.undo_answer(message, by=officer),
        lambda: services.write_note(fresh(conversation), text="?", by=officer),
        lambda: services.assign(fresh(conversation), by=officer, to=officer),
        lambda: services.triage(fresh(conversation), by=officer, said={"priority": 1}),
        lambda: services.open_identity(fresh(conversation), by=officer, reason="?"),
    ):
        with pytest.raises(rules.NotAllowedNow):
            verb()
    assert fresh(conversation).state == "sealed"


def test_an_officer_answers_what_was_assigned_to_the_person_even_without_a_unit(
    institution, line, officer
):
    ours = make_unit(institution)
    clerk = make_member(institution, "case_officer", unit=ours, granted_unit=ours)
    conversation = hear(line)
    with pytest.raises(NotAllowed):
        say(conversation, clerk)
    services.assign(conversation, by=officer, to=clerk)
    Conversation.objects.update(unit=None)
    assert say(fresh(conversation), clerk).pk


def test_work_is_never_given_to_another_institution(line, officer):
    conversation, elsewhere = hear(line), make_institution()
    for whom in ({"to": make_member(elsewhere)}, {"unit": make_unit(elsewhere)}):
        with pytest.raises(NotAllowed):
            services.assign(fresh(conversation), by=officer, **whom)
    assert fresh(conversation).unit is None
