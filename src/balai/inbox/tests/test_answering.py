"""A citizen is answered once, in the own thread; the clock stops only with the network's proof."""

from datetime import timedelta

import pytest

from balai.channels import services as channels
from balai.channels.contract import OutcomeUnknown, Receipt, Refused
from balai.channels.models import Connection, Dispatch
from balai.channels.tests.make import make_connection, raising, script
from balai.governance.models import AuditEntry
from balai.ground.clock import now
from balai.ground.services import deliver
from balai.inbox import rules, services
from balai.inbox.models import Conversation, Correction, Message, MessageKey, QueueCount
from balai.inbox.tests.talking import hear, say
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def institution():
    return make_institution()


@pytest.fixture
def officer(institution):
    return make_member(institution, "responder", name="Rina")


@pytest.fixture
def line(institution):
    return make_connection(institution)


def send_all():
    """The undo window is over; workers send and the house hears of it."""
    Dispatch.objects.filter(state="waiting").update(due_at=now() - timedelta(seconds=1))
    for dispatch in Dispatch.objects.filter(state="waiting").select_related(
        "connection__institution"
    ):
        channels.send(dispatch)
    deliver()


def fresh(conversation):
    return Conversation.objects.get(pk=conversation.pk)


def recounted(institution):
    kept = {c.state: c.n for c in QueueCount.objects.filter(institution=institution) if c.n}
    real: dict[str, int] = {}
    for state in Conversation.objects.filter(institution=institution).values_list(
        "state", flat=True
    ):
        real[state] = real.get(state, 0) + 1
    return kept, real


def test_an_answer_goes_into_the_citizens_own_thread(monkeypatch, line, officer):
    given = []
    script(monkeypatch, publishes=lambda post: given.append(post) or Receipt("jawab-1"))
    conversation = hear(line, extra={"handle": {"uri": "at://pesan", "cid": "c"}})
    say(conversation, officer, "Petugas datang jam 10.")
    send_all()
    assert given[0].text == "Petugas datang jam 10."
    assert given[0].reply_to == {"uri": "at://pesan", "cid": "c"}


def test_the_response_clock_stops_only_when_the_answer_is_out(monkeypatch, line, officer):
    script(monkeypatch, publishes=lambda post: Receipt("jawab-1"))
    conversation = hear(line)
    say(conversation, officer)
    assert fresh(conversation).state == "answered"
    assert fresh(conversation).first_answered_at is None
    send_all()
    assert fresh(conversation).first_answered_at is not None
    assert fresh(conversation).response_minutes is not None


def test_our_answer_is_known_by_the_networks_id_so_that_its_echo_is_no_new_message(
    monkeypatch, line, officer
):
    script(monkeypatch, publishes=lambda post: Receipt("jawab-1"))
    message = say(hear(line), officer)
    send_all()
    assert MessageKey.objects.get(remote_id="jawab-1").message_id == message.pk


def test_an_answer_that_the_network_refuses_gives_the_word_back_to_us(monkeypatch, line, officer):
    script(monkeypatch, publishes=raising(Refused("too long", permanent=True)))
    conversation = hear(line)
    say(conversation, officer)
    send_all()
    assert fresh(conversation).state == "triaged"
    assert fresh(conversation).is_open
    assert fresh(conversation).first_answered_at is None


def test_an_unknown_outcome_does_not_stop_the_clock(monkeypatch, line, officer):
    script(monkeypatch, publishes=raising(OutcomeUnknown("silence")))
    conversation = hear(line)
    say(conversation, officer)
    send_all()
    assert fresh(conversation).first_answered_at is None
    assert Dispatch.objects.get().state == "unknown"


def test_a_form_that_is_sent_twice_is_one_answer(line, officer):
    conversation = hear(line)
    told = {"text": "Halo", "by": officer, "form_key": "f1", "after": conversation.last_in_id}
    first = services.answer(conversation, **told)
    second = services.answer(conversation, **told)
    assert first.pk == second.pk
    assert Dispatch.objects.count() == 1


def test_a_second_officer_is_shown_the_first_answer_instead_of_sending_another(
    institution, line, officer
):
    other = make_member(institution, "responder", name="Budi")
    conversation = hear(line)
    first = say(conversation, officer, "Sudah kami catat.")
    with pytest.raises(services.AlreadyAnswered) as already:
        say(conversation, other, "Akan kami cek.")
    assert already.value.answer.pk == first.pk
    assert Dispatch.objects.count() == 1


def test_a_text_that_the_network_would_not_take_is_refused_before_sending(line, officer):
    conversation = hear(line)
    with pytest.raises(services.TooLong) as problem:
        say(conversation, officer, "x" * 501)
    assert problem.value.limit == 500
    assert not Dispatch.objects.exists()
    assert fresh(conversation).state == "new"


def test_an_answer_can_be_undone_until_it_begins_to_leave(monkeypatch, line, officer):
    script(monkeypatch, publishes=lambda post: Receipt("jawab"))
    conversation = hear(line)
    message = say(conversation, officer)
    assert services.undo_answer(message, by=officer) is True
    send_all()
    assert Dispatch.objects.get().state == "cancelled"
    assert Message.objects.get(pk=message.pk).direction == "note"
    assert fresh(conversation).is_open
    late = say(conversation, officer, "Jawaban kedua.")
    send_all()
    assert services.undo_answer(late, by=officer) is False


def test_an_answer_waits_for_the_undo_window(monkeypatch, line, officer):
    network = script(monkeypatch, publishes=lambda post: Receipt("jawab"))
    say(hear(line), officer)
    channels.send(Dispatch.objects.select_related("connection").get())
    assert network.given == []
    assert Dispatch.objects.get().due_at > now() + rules.UNDO_WINDOW / 2


def test_a_bounce_gives_the_word_back_to_us(monkeypatch, line, officer):
    from balai.channels.contract import Returned

    script(monkeypatch, publishes=lambda post: Receipt("<m@x>"))
    conversation = hear(line)
    say(conversation, officer)
    send_all()
    channels.note_returned(
        Connection.objects.get(pk=line.pk), Returned("<m@x>", False, True, "550 no such user")
    )
    deliver()
    assert fresh(conversation).state == "triaged"


def test_a_citizen_who_writes_again_after_our_answer_is_owed_a_new_word(monkeypatch, line, officer):
    script(monkeypatch, publishes=lambda post: Receipt("jawab"))
    conversation = hear(line, thread_key="u1", citizen_key="a" * 32)
    say(conversation, officer)
    send_all()
    again = hear(line, "Masih mati juga", thread_key="u1", citizen_key="a" * 32)
    assert again.pk == conversation.pk
    assert (fresh(conversation).state, fresh(conversation).is_open) == ("triaged", True)
    say(fresh(conversation), officer, "Petugas kembali sore ini.")
    assert Message.objects.filter(direction="out").count() == 2


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
    services.recompute_open_clocks(line.institution)
    assert fresh(conversation).due_at == conversation.due_at
    Conversation.objects.update(due_at=now() - timedelta(days=900))
    assert services.recompute_open_clocks(line.institution) == 1
    assert fresh(conversation).due_at > conversation.opened_at
    entry = AuditEntry.objects.get(did="conversation.due_recomputed")
    assert set(entry.facts) == {"before", "after"}


def test_the_open_work_of_somebody_who_left_waits_for_everybody_again(line, officer):
    conversation = hear(line)
    services.assign(conversation, by=officer, to=officer)
    assert services.release_work_of(officer.pk) == 1
    assert fresh(conversation).assignee is None


def test_words_that_came_while_the_officer_wrote_are_not_passed_over(line, officer):
    thread = {"thread_key": "u1", "citizen_key": "a" * 32}
    conversation = hear(line, **thread)
    seen = conversation.last_in_id
    hear(line, "Sekarang ada orang terluka", **thread)
    with pytest.raises(services.CitizenWroteMeanwhile):
        services.answer(conversation, text="Besok kami cek.", by=officer, form_key="f1", after=seen)
    assert fresh(conversation).is_open
    assert not Dispatch.objects.exists()


def test_a_refusal_that_is_heard_again_does_not_reopen_what_was_answered_meanwhile(
    monkeypatch, line, officer
):
    script(monkeypatch, publishes=raising(Refused("too long", permanent=True)))
    conversation = hear(line)
    refused = say(conversation, officer)
    send_all()
    say(fresh(conversation), officer, "Lebih pendek.")
    services.note_delivery(refused)
    assert fresh(conversation).state == "answered"


def test_a_refusal_after_the_matter_was_closed_opens_it_again(monkeypatch, line, officer):
    script(monkeypatch, publishes=raising(Refused("gone", permanent=True)))
    conversation = hear(line)
    say(conversation, officer)
    services.resolve(fresh(conversation), by=officer)
    send_all()
    assert fresh(conversation).is_open


def test_calling_off_a_second_answer_leaves_the_first_one_standing(monkeypatch, line, officer):
    script(monkeypatch, publishes=lambda post: Receipt("jawab"))
    conversation = hear(line)
    say(conversation, officer)
    send_all()
    told = {"form_key": "f2", "after": fresh(conversation).last_message_id, "in_addition": True}
    second = services.answer(conversation, text="Juga ini.", by=officer, **told)
    assert services.undo_answer(second, by=officer) is True
    assert fresh(conversation).state == "answered"


def test_after_a_bounce_another_answer_is_no_second_one(monkeypatch, line, officer):
    from balai.channels.contract import Returned

    script(monkeypatch, publishes=lambda post: Receipt("<m@x>"))
    conversation = hear(line)
    say(conversation, officer)
    send_all()
    returned = Returned("<m@x>", False, True, "550 no such user")
    channels.note_returned(Connection.objects.get(pk=line.pk), returned)
    deliver()
    say(fresh(conversation), officer, "Lewat telepon saja.")
    assert fresh(conversation).state == "answered"


def test_a_refused_answer_that_goes_out_after_all_is_the_answer(monkeypatch, line, officer):
    script(monkeypatch, publishes=raising(Refused("too long", permanent=True)))
    conversation = hear(line)
    message = say(conversation, officer)
    send_all()
    services.send_answer_again(message, by=officer)
    assert fresh(conversation).state == "answered"
    with pytest.raises(services.AlreadyAnswered):
        say(fresh(conversation), officer)


def test_a_refused_answer_is_not_sent_again_behind_another_one(monkeypatch, line, officer):
    script(monkeypatch, publishes=raising(Refused("too long", permanent=True)))
    conversation = hear(line)
    message = say(conversation, officer)
    send_all()
    say(fresh(conversation), officer, "Lebih pendek.")
    with pytest.raises(services.AlreadyAnswered):
        services.send_answer_again(message, by=officer)
    assert Dispatch.objects.get(ref=message.pk).state == "refused"


def test_a_complaint_that_was_set_aside_by_mistake_is_owed_an_answer_again(line, officer):
    conversation = hear(line, intent="praise")
    services.triage(conversation, by=officer, said={})
    services.set_aside(conversation, by=officer, reason="praise")
    services.triage(conversation, by=officer, said={"intent": "complaint"})
    assert (fresh(conversation).state, fresh(conversation).is_open) == ("triaged", True)


def test_a_citizen_whom_the_answer_did_not_help_is_owed_another_one(monkeypatch, line, officer):
    script(monkeypatch, publishes=lambda post: Receipt("jawab"))
    conversation = hear(line)
    say(conversation, officer)
    send_all()
    services.citizen_confirms(fresh(conversation), helped=False)
    assert fresh(conversation).is_open


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
