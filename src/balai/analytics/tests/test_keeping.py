"""Figures follow what happens, however often it is told, and equal what the rows say."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from balai.analytics.models import Contribution, DailyMeasure, Told, Upkeep
from balai.analytics.rules import COUNTED
from balai.analytics.selectors import Period, figures, open_ages, series
from balai.analytics.services import count_told, keep_up, note_told, recompute, walk_some
from balai.governance.selectors import calendar_of
from balai.ground.clock import now
from balai.ground.models import Announcement
from balai.ground.services import deliver
from balai.inbox import services as inbox
from balai.inbox.models import Conversation
from balai.inbox.rules import NotAllowedNow
from balai.inbox.tests.talking import came_to, fresh, hear, make_line, say
from balai.people.models import Institution
from balai.people.tests.make import make_institution, make_member, make_unit

pytestmark = pytest.mark.django_db


def tell_all():
    while deliver():
        pass
    while count_told():
        pass


def kept(institution: Institution) -> dict:
    """The rollups, without days that count nothing any more."""
    rows = DailyMeasure.objects.filter(institution_id=institution.pk)
    found = {
        (row.on, row.dimension, row.key): ([getattr(row, name) for name in COUNTED], row.times)
        for row in rows
    }
    return {spot: told for spot, told in found.items() if any(told[0]) or told[1]}


def whole(institution: Institution):
    """The line of everything over the last days."""
    today = now().date()
    period = Period(today - timedelta(days=400), today + timedelta(days=2))
    lines = figures(institution.pk, "all", period, at=now()).lines
    return lines[0] if lines else None


def arrived(message) -> None:
    came_to(message, "out")
    inbox.note_delivery(message)


@pytest.fixture
def office():
    return make_institution()


@pytest.fixture
def officer(office):
    return make_member(
        office, "responder", "case_coordinator", "head_of_pr", unit=make_unit(office)
    )


@pytest.fixture
def line(office):
    return make_line(office)


def test_a_message_counts_on_its_day_along_every_dimension(office, line):
    hear(line, intent="complaint")
    tell_all()

    keys = {(dimension, key) for _on, dimension, key in kept(office)}
    assert keys == {
        ("all", ""), ("unit", ""), ("member", ""), ("channel", "helloworld"),
        ("intent", "complaint"),
    }  # fmt: skip
    assert whole(office).counts.taken_in == whole(office).backlog == 1


def test_an_answer_counts_when_it_has_arrived_and_no_longer_when_it_came_back(
    office, officer, line
):
    answer = say(hear(line), officer)
    tell_all()
    assert whole(office).counts.answered == 0
    arrived(answer)
    tell_all()
    assert (whole(office).counts.answered, whole(office).counts.met) == (1, 1)
    assert whole(office).times.n == 1

    came_to(answer, "out", returned_at=now())
    inbox.note_bounce(answer, "mailbox full")
    tell_all()

    assert (whole(office).counts.answered, whole(office).times.n) == (0, 0)
    assert whole(office).backlog == 1


def test_a_corrected_topic_moves_the_figure_to_the_other_topic(office, officer, line):
    talk = hear(line, intent="question")
    tell_all()
    inbox.triage(talk, by=officer, said={"intent": "complaint"})
    tell_all()

    topics = {key for (_on, dimension, key) in kept(office) if dimension == "intent"}
    assert topics == {"complaint"}


def test_hearing_the_same_fact_twice_changes_nothing(office, officer, line):
    talk = hear(line)
    arrived(say(talk, officer))
    tell_all()
    before = kept(office)

    Announcement.objects.update(heard_at=None, next_try_at=now())
    tell_all()

    assert kept(office) == before


def test_what_is_late_is_a_miss_without_anybody_announcing_it(office, officer, line):
    past = now() - timedelta(minutes=1)
    hear(line, due_at=past)
    arrived(say(hear(line), officer))
    tell_all()

    assert whole(office).attainment == (1, 2)
    assert whole(office).late == 1


def test_a_reopened_conversation_is_counted_as_such(office, officer, line):
    talk = hear(line)
    arrived(say(talk, officer))
    inbox.resolve(talk, by=officer)
    tell_all()
    assert whole(office).counts.at_once == whole(office).counts.ended == 1

    inbox.take_up_again(talk, by=officer, reason="Lampu mati lagi")
    tell_all()
    assert (whole(office).counts.ended, whole(office).counts.reopened) == (0, 1)

    inbox.answer(
        fresh(talk), text="Sudah.", by=officer, form_key="0" * 32, after=talk.last_in_id,
        in_addition=True,
    )  # fmt: skip
    inbox.resolve(talk, by=officer)
    tell_all()
    assert whole(office).counts.ended == 1
    assert whole(office).counts.at_once == 0


def test_a_return_after_a_week_does_not_undo_that_it_was_solved_at_once(office, officer, line):
    talk = hear(line)
    arrived(say(talk, officer))
    inbox.resolve(talk, by=officer)
    eight_days_ago = now() - timedelta(days=8)
    Conversation.objects.filter(pk=talk.pk).update(resolved_at=eight_days_ago)
    inbox.take_up_again(talk, by=officer, reason="Bertanya lagi")
    assert (fresh(talk).reopened, fresh(talk).reopened_soon) == (1, 0)


def test_the_place_a_citizen_names_first_is_where_the_matter_lies(office, line):
    places = [
        {"code": "32.73", "name": "Kota Contoh"},
        {"code": "32.73.25", "name": "Cibiru"},
        {"code": None, "name": "Jalan Melati"},
    ]
    talk = hear(line, reading={"places": places})
    hear(
        line, thread_key=talk.thread_key, citizen_key=talk.citizen.key,
        reading={"places": [{"code": "33.01", "name": "Lain"}]},
    )  # fmt: skip
    tell_all()

    today = now().date()
    period = Period(today - timedelta(days=2), today + timedelta(days=2))
    (found,) = figures(office.pk, "place", period, at=now()).lines
    assert (found.key, found.label, found.counts.taken_in) == ("32.73.25", "Cibiru", 1)


def test_a_series_has_every_day_and_open_ages_are_in_working_minutes(office, line):
    hear(line)
    tell_all()
    today = now().date()
    period = Period(today - timedelta(days=3), today + timedelta(days=1))

    days = series(office.pk, "all", "", period)
    assert len(days) == 5
    assert sum(counts.taken_in for _day, counts in days) == 1
    (age,) = open_ages(office.pk, period, calendar_of(office), at=now())
    assert 0 <= age <= 10


def test_two_offices_keep_figures_of_their_own(office, line):
    other = make_institution("Kabupaten Lain")
    hear(line)
    tell_all()

    assert whole(other) is None


def test_an_office_that_was_there_before_its_figures_is_counted_some_at_a_time(office, line):
    talks = [hear(line) for _ in range(5)]
    Announcement.objects.all().delete()
    inbox.release_work_of(0)
    keep_up(office.pk, [talks[2].pk])

    while walk_some(limit=2):
        pass

    assert whole(office).counts.taken_in == 5
    upkeep = Upkeep.objects.get(institution=office)
    assert (upkeep.is_complete, upkeep.formula) == (True, 1)


def test_counting_anew_mends_figures_that_are_wrong(office, officer, line):
    arrived(say(hear(line), officer))
    hear(line)
    tell_all()
    right = kept(office)
    DailyMeasure.objects.update(taken_in=77, times={})
    Contribution.objects.filter(minutes=None).delete()

    assert recompute(office) == 2

    assert kept(office) == right


def test_many_facts_of_one_conversation_wait_together_and_are_counted_once(office, officer, line):
    talk = hear(line)
    for intent in ("complaint", "question", "praise"):
        inbox.triage(fresh(talk), by=officer, said={"intent": intent})
    while deliver():
        pass
    assert Told.objects.count() > 1
    assert whole(office) is None

    assert count_told() == 0

    assert not Told.objects.exists()
    assert whole(office).counts.taken_in == 1


def test_what_is_told_is_counted_in_bounded_pieces_oldest_first(office, line):
    talks = [hear(line) for _ in range(5)]
    Announcement.objects.all().delete()
    for talk in talks:
        note_told(office.pk, [talk.pk], message_ids=[talk.last_in_id])

    assert count_told(limit=2) == 2
    assert whole(office).counts.taken_in == 2
    assert [told.conversation_ids for told in Told.objects.order_by("pk")] == [
        [talk.pk] for talk in talks[2:]
    ]


def test_a_worker_that_dies_while_counting_has_changed_nothing(office, line, monkeypatch):
    hear(line)
    while deliver():
        pass
    waiting = list(Told.objects.values())

    def die(*_args, **_named):
        raise SystemExit

    with monkeypatch.context() as cut:
        cut.setattr(Told.objects.none().__class__, "delete", die)
        with pytest.raises(SystemExit):
            count_told()

    assert list(Told.objects.values()) == waiting
    assert whole(office) is None
    tell_all()
    assert whole(office).counts.taken_in == 1


DEEDS = ("hear", "more", "answer", "arrive", "bounce", "triage", "assign", "resolve", "reopen",
         "aside", "undo", "tell", "twice", "count", "recount", "die")  # fmt: skip


class AnyHistory(TestCase):
    """Whatever happens, in whatever order: what was kept up equals what the rows say."""

    @settings(deadline=None, max_examples=25)
    @given(
        st.lists(
            st.tuples(st.sampled_from(DEEDS), st.integers(0, 3), st.integers(0, 3)),
            min_size=1,
            max_size=25,
        )
    )
    def test_what_was_kept_up_equals_what_is_counted_anew(self, history):
        with transaction.atomic():
            stage = _Stage()
            for deed, which, how in history:
                stage.do(deed, which, how)
            tell_all()
            incremental = kept(stage.office)
            days = {on for on, _dimension, _key in incremental}
            if days:
                recompute(stage.office, {min(days)})
                assert kept(stage.office) == incremental
            recompute(stage.office)
            assert kept(stage.office) == incremental
            transaction.set_rollback(True)


class _Stage:
    """A small office in which things happen that the rules allow; what they refuse is passed by."""

    def __init__(self) -> None:
        self.office = make_institution(zone="Asia/Jayapura")
        self.lines = [make_line(self.office), make_line(self.office, channel="file")]
        self.units = [make_unit(self.office), make_unit(self.office)]
        self.officers = [
            make_member(self.office, "responder", "case_coordinator", unit=unit)
            for unit in self.units
        ]
        self.talks: list[Conversation] = []
        self.answers: list = []

    def do(self, deed: str, which: int, how: int) -> None:
        if deed == "tell":
            deliver(limit=1 + how)
            return
        if deed == "count":
            count_told(limit=1 + how)
            return
        if deed == "recount":  # also while something waits to be counted
            recompute(self.office)
            return
        if deed == "die":  # in the middle of counting: the database takes all of it back
            with transaction.atomic():
                count_told(limit=1 + how)
                transaction.set_rollback(True)
            return
        if deed == "twice":
            Announcement.objects.update(heard_at=None, next_try_at=now())
            return
        if deed == "hear" or not self.talks:
            self.talks.append(
                hear(
                    self.lines[which % 2],
                    intent=("question", "complaint", "", "praise")[how],
                    sent_at=now() - timedelta(hours=30 * which),
                    reading={"places": [{"code": f"91.0{how}", "name": "X"}] * (how % 2)},
                )
            )
            return
        talk = fresh(self.talks[which % len(self.talks)])
        try:
            with transaction.atomic():
                self._to(deed, talk, how)
        except (NotAllowedNow, inbox.AlreadyAnswered, inbox.NoRightToReply):
            pass

    def _to(self, deed: str, talk: Conversation, how: int) -> None:
        by = self.officers[how % 2]
        match deed:
            case "more":
                hear(
                    talk.connection,
                    thread_key=talk.thread_key,
                    citizen_key=talk.citizen.key,
                    intent=("question", "complaint")[how % 2],
                    sent_at=now() - timedelta(hours=20 * how),
                )
            case "answer":
                self.answers.append(say(talk, by))
            case "arrive" if self.answers:
                arrived(self.answers[how % len(self.answers)])
            case "bounce" if self.answers:
                answer = self.answers[how % len(self.answers)]
                came_to(answer, "out", returned_at=now())
                inbox.note_bounce(answer, "returned")
            case "undo" if self.answers:
                inbox.undo_answer(self.answers[how % len(self.answers)], by=by)
            case "triage":
                inbox.triage(talk, by=by, said={"intent": ("question", "complaint")[how % 2]})
            case "assign":
                inbox.assign(talk, by=by, to=(by, None)[how // 2], unit=self.units[how % 2])
            case "resolve":
                inbox.resolve(talk, by=by)
            case "reopen":
                inbox.take_up_again(talk, by=by, reason="lagi")
            case "aside":
                inbox.set_aside(talk, by=by, reason="pujian")
