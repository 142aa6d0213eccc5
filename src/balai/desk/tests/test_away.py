"""The away note: once into a matter, once a day to a person, never to machines, and no answer."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from balai.channels.contract import Receipt
from balai.channels.models import Dispatch
from balai.channels.tests.make import script
from balai.desk import services
from balai.desk.rules.matching import Conditions, Deeds
from balai.governance.services import enter_holiday, set_service_hours
from balai.ground.clock import now
from balai.ground.services import deliver
from balai.inbox.models import Conversation, Message
from balai.inbox.services import AWAY, send_away
from balai.inbox.tests.talking import fresh, hear, make_line, say, send_all
from balai.people.selectors import RULE
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member

TEXT = "Terima kasih. Kantor kami buka lagi {buka}."
WIB = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def city(db):
    return make_institution()


@pytest.fixture
def line(city, monkeypatch):
    script(monkeypatch, publishes=lambda post: Receipt(f"jauh-{post.key}"))
    return make_line(city)


@pytest.fixture
def chief(city):
    return make_member(city, "case_coordinator", name="Lasmi")


@pytest.fixture
def closed(city, chief):
    """The office opens on one weekday only: not on this one, nor tomorrow."""
    boss = make_member(city, "head_of_pr")
    weekday = (now().astimezone(WIB).weekday() + 3) % 7
    set_service_hours(institution=city, hours=[(weekday, time(8), time(12))], by=boss)
    services.keep_away_notes(
        city, texts={"ind": TEXT, "jav": "Matur nuwun. Kantor bukak malih {buka}."}, by=chief
    )
    services.arrange_desk(city, by=chief, sends_away_notes=True, gives_out=False)


def private(line, text="Lampu jalan mati", **fields):
    return hear(line, text, is_public=False, **fields)


def live():
    for _ in range(20):
        if not deliver() + services.answer_triggers():
            return
    raise AssertionError("the house talks to itself for ever")


def notes():
    return list(Message.objects.filter(kind="away").order_by("pk"))


def test_who_writes_outside_the_hours_is_told_once_when_the_office_opens(line, closed):
    conversation = private(line, citizen_key="a" * 32, thread_key="utas")
    live()
    private(line, citizen_key="a" * 32, thread_key="utas")
    live()
    (note,) = notes()
    assert (note.conversation, note.direction, note.is_automatic) == (conversation, "out", True)
    assert "{buka}" not in note.text
    assert "08.00 WIB" in note.text
    dispatch = Dispatch.objects.get(purpose=AWAY)
    assert dispatch.connection == line


def test_it_stops_no_clock_and_leaves_the_next_word_to_us(line, closed, chief):
    conversation = private(line)
    due = fresh(conversation).due_at
    live()
    send_all()
    live()
    after = fresh(conversation)
    assert (after.first_answered_at, after.due_at, after.state) == (None, due, "new")
    assert after.is_open
    say(after, chief)
    send_all()
    assert fresh(conversation).first_answered_at is not None


def test_a_reply_to_the_note_comes_into_the_same_conversation(line, closed):
    conversation = private(line, citizen_key="b" * 32)
    live()
    send_all()
    (note,) = notes()
    assert note.remote_id
    again = private(line, citizen_key="b" * 32, answers=(note.remote_id,))
    assert again == conversation


def test_one_person_with_two_matters_is_told_once_a_day(line, closed):
    first = private(line, citizen_key="c" * 32, thread_key="satu")
    second = private(line, citizen_key="c" * 32, thread_key="dua")
    live()
    assert [note.conversation for note in notes()] == [first]
    Message.objects.filter(kind="away").update(sent_at=now() - timedelta(hours=25))
    third = private(line, citizen_key="c" * 32, thread_key="tiga")
    live()
    assert [note.conversation for note in notes()] == [first, third]
    assert fresh(second).messages_in == 1


def test_machines_the_public_and_what_is_over_get_none(line, closed, chief):
    private(line, is_automatic=True, clock="", due_at=None)
    hear(line, is_public=True)
    answered = private(line)
    say(answered, chief)
    live()
    assert notes() == []


def test_an_echo_of_our_note_starts_no_talk_between_machines(line, closed):
    """The other side answers by itself, and does not say that it is a machine."""
    private(line, citizen_key="d" * 32, thread_key="robot")
    for _ in range(4):
        live()
        private(line, "Terima kasih atas pesan Anda", citizen_key="d" * 32, thread_key="robot")
    live()
    assert len(notes()) == 1


def test_it_is_worded_in_the_citizens_language_else_in_indonesian(line, closed):
    private(line, language="jav")
    private(line, language="bug")
    live()
    assert [note.text.split(".")[0] for note in notes()] == ["Matur nuwun", "Terima kasih"]


def test_nothing_is_sent_while_the_office_is_open_or_without_a_note(city, line, chief):
    boss = make_member(city, "head_of_pr")
    today = now().astimezone(WIB)
    all_day = [(today.weekday(), time(0), time(23, 59, 59))]
    set_service_hours(institution=city, hours=all_day, by=boss)
    services.keep_away_notes(city, texts={"ind": TEXT}, by=chief)
    services.arrange_desk(city, by=chief, sends_away_notes=True, gives_out=False)
    conversation = private(line)
    live()
    assert notes() == []
    enter_holiday(
        institution=city, on=today.date(), kind="local", name="Hari jadi", decree="1/2026", by=boss
    )
    assert services.send_away_note(fresh(conversation), by=RULE)
    services.keep_away_notes(city, texts={"ind": ""}, by=chief)
    assert not services.send_away_note(private(line), by=RULE)


def test_a_rule_can_send_it_where_the_office_does_not(city, line, closed, chief):
    services.arrange_desk(city, by=chief, sends_away_notes=False, gives_out=False)
    rule = services.write_rule(
        institution=city, name="Malam", when="taken_in", by=chief,
        conditions=Conditions(in_hours=False, words=("air",)), deeds=Deeds(away=True),
    )  # fmt: skip
    services.switch_on(rule, number=1, by=chief)
    private(line, "Lampu mati")
    wet = private(line, "Air mati")
    live()
    assert [note.conversation for note in notes()] == [wet]


def test_the_note_must_say_when_and_only_whoever_arranges_the_desk_words_it(city, chief):
    with pytest.raises(ValidationError):
        services.keep_away_notes(city, texts={"ind": "Kami tutup."}, by=chief)
    with pytest.raises(NotAllowed):
        services.keep_away_notes(city, texts={"ind": TEXT}, by=make_member(city, "responder"))


def test_a_paused_line_carries_no_note(line, closed):
    conversation = private(line)
    line.state = "paused"
    line.save()
    assert send_away(conversation, text="Halo", language="ind", by=RULE) is None
    assert Conversation.objects.get().version == 1


def test_a_note_of_yesterday_is_dated_in_the_offices_zone():
    from balai.desk.services.away import _in_words

    opens = datetime.combine(date(2026, 11, 23), time(7, 30), WIB)
    assert _in_words(opens, "ind") == "Senin, 23 November 07.30 WIB"
    assert _in_words(opens, "eng") == "Monday, 23 November 07.30 WIB"
