"""A citizen is answered once, in the own thread; the clock stops only with the network's proof."""

from datetime import timedelta

import pytest

from balai.channels import services as channels
from balai.channels.contract import OutcomeUnknown, Receipt, Refused
from balai.channels.models import Connection, Dispatch
from balai.channels.tests.make import make_connection, raising, script
from balai.ground.clock import now
from balai.ground.services import deliver
from balai.inbox import rules, services
from balai.inbox.models import Message, MessageKey
from balai.inbox.tests.talking import fresh, hear, say, send_all
from balai.people.tests.make import make_member

pytestmark = pytest.mark.django_db


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


def test_the_clock_runs_until_the_network_has_it_not_until_we_wrote_it(monkeypatch, line, officer):
    script(monkeypatch, publishes=lambda post: Receipt("jawab"))
    conversation = hear(line)
    message = say(conversation, officer)
    Message.objects.filter(pk=message.pk).update(sent_at=now() - timedelta(days=3))
    send_all()
    assert fresh(conversation).first_answered_at == Dispatch.objects.get().settled_at


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
    assert fresh(conversation).first_answered_at is None  # the citizen has not heard from us
    assert fresh(conversation).response_minutes is None


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


def test_a_citizen_whom_the_answer_did_not_help_is_owed_another_one(monkeypatch, line, officer):
    script(monkeypatch, publishes=lambda post: Receipt("jawab"))
    conversation = hear(line)
    say(conversation, officer)
    send_all()
    services.citizen_confirms(fresh(conversation), helped=False)
    assert fresh(conversation).is_open


def test_whoever_left_an_address_on_the_form_gets_the_answer_there_too_and_once(
    monkeypatch, institution, officer
):
    form = make_connection(institution, channel="webform")
    conversation = hear(form, identity='{"address": "sri@warga.example"}', receipt="tanda-1")
    say(conversation, officer, "Jembatan diperiksa besok.")
    send_all()
    assert not Dispatch.objects.filter(purpose=services.COPY).exists()  # no mailbox yet
    box = make_connection(institution, channel="email", settings={"address": "kota@contoh.example"})
    message = Message.objects.get(direction="out")
    assert services.send_copy(message).pk == services.send_copy(message).pk
    copy = Dispatch.objects.get(purpose=services.COPY)
    assert copy.connection == box
    assert "Jembatan diperiksa besok." in copy.outgoing
    assert "/status/tanda-1/" in copy.outgoing
    assert "sri@warga.example" in copy.outgoing
    assert fresh(conversation).state == "answered"


def test_without_an_address_nothing_is_copied(institution, officer):
    make_connection(institution, channel="email", settings={"address": "kota@contoh.example"})
    form = make_connection(institution, channel="webform")
    say(hear(form, receipt="tanda-2"), officer)
    send_all()
    assert not Dispatch.objects.filter(purpose=services.COPY).exists()
