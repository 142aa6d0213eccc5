"""The sample institution: fictional, whole on any day of the year, and made through the doors."""

import csv
import gzip
import json
import os
import re
import tomllib
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from balai.analytics.selectors import Period, figures
from balai.channels.models import Dispatch, Parcel
from balai.config import sample
from balai.config.sample.plan import plan
from balai.governance.rules import Calendar, Window
from balai.governance.selectors import calendar_of, verify_chain
from balai.governance.selectors.calendar import national_days_off
from balai.ground.clock import now
from balai.inbox.models import Conversation, Correction, Message
from balai.library.models import Article, Edition
from balai.library.selectors import advice
from balai.people.models import Grant, Institution, Role
from balai.registry.models import OfficialAccount
from balai.understanding.reading import read

OFFICE = tomllib.loads((sample.DATA / "office.toml").read_text())
THREADS = sample.threads()
LIMITS = {"complaint": OFFICE["target"]["limit"], "question": 60}
DATA = Path(os.environ.get("BALAI_TEST_DATA") or Path(__file__).parents[5] / "shared" / "data")
GAZETTEER = DATA / "nlp" / "gazetteer_wilayah" / "wilayah.csv.gz"
PLACES = (
    "Randuwangi", "Sindangpelita", "Bojongpelita", "Kalipelita", "Karanglentera", "Kedungpelita",
    "Wangunpelita", "Sumberlentera", "Pelitasari", "Citandar", "Ciwulang",
)  # fmt: skip


def said(name: str) -> list[str]:
    return [step[name] for thread in THREADS for step in thread["steps"] if name in step]


class TestWhatIsWritten:
    def test_it_is_a_week_of_at_least_sixty_threads_and_a_hundred_and_twenty_messages(self):
        assert len(THREADS) >= 60
        assert len(said("says")) + len(said("answer")) >= 120
        assert len({thread["key"] for thread in THREADS}) == len(THREADS)

    def test_no_sentence_is_said_twice(self):
        texts = [*said("says"), *said("answer")]
        assert [text for text, n in Counter(texts).items() if n > 1] == []

    def test_everybody_and_every_unit_that_is_named_exists(self):
        people = {*OFFICE["people"], OFFICE["institution"]["admin"]["login"]}
        assert {*said("by"), *said("to")} <= people
        assert set(said("unit")) <= set(OFFICE["units"])
        assert {thread["line"] for thread in THREADS} == set(OFFICE["lines"])
        assert 8 <= len(OFFICE["units"]) <= 10

    def test_the_library_is_written_in_plain_words(self):
        told = tomllib.loads((sample.DATA / "library.toml").read_text())["article"]
        assert [
            (article["topic"], one)
            for article in told
            for one in advice(article["ind"]["body"], "ind")
        ] == []

    def test_every_answer_fits_the_simulated_network(self):
        assert [text for text in said("answer") if len(text) > 500] == []

    def test_four_languages_are_spoken(self):
        spoken = Counter(reading.language.value for reading in read(said("says")))
        assert {"ind", "jav", "sun", "eng"} <= set(spoken)

    def test_no_number_in_it_belongs_to_anybody(self):
        texts = [*said("says"), *said("answer"), *said("note")]
        for text, reading in zip(texts, read(texts), strict=True):
            for span in reading.personal_data:
                shown = text[span.start : span.end]
                assert shown.endswith("@contoh.test") or shown.startswith("999999"), shown

    def test_nobody_is_addressed_outside_the_sample(self):
        text = " ".join([*said("says"), *said("answer")])
        assert re.findall(r"https?://\S+|\bwww\.\S+|@\w+\.(?!test\b)\w+", text) == []

    @pytest.mark.data
    def test_no_place_in_it_is_a_real_one(self):
        if not GAZETTEER.exists():
            pytest.skip(f"NO DATA FOLDER: {DATA} (set BALAI_TEST_DATA)")
        with gzip.open(GAZETTEER, "rt") as lines:
            real = {row["nama"].lower() for row in csv.DictReader(lines)}
        assert [place for place in PLACES if any(place.lower() in name for name in real)] == []


def calendar() -> Calendar:
    windows = [
        Window(day, line["opens"], line["closes"])
        for line in OFFICE["institution"]["hours"]
        for day in line["days"]
    ]
    return Calendar(
        zone="Asia/Jakarta", days_off=national_days_off(2015, 2029), windows=tuple(windows),
        first_year=2015, last_year=2029,
    )  # fmt: skip


HOURS = calendar()
any_moment = st.datetimes(
    min_value=datetime(2026, 1, 20), max_value=datetime(2028, 12, 20), timezones=st.just(UTC)
)


def steps_at(moment: datetime):
    return plan(THREADS, HOURS, limits=LIMITS, zone="Asia/Jakarta", now=moment)


class TestThePlan:
    @settings(max_examples=60, deadline=None)
    @given(moment=any_moment)
    def test_everything_happened_before_now_and_in_its_order(self, moment):
        steps = steps_at(moment)
        assert all(step.at < moment for step in steps)
        assert steps == sorted(steps, key=lambda step: step.at)
        for thread in THREADS:
            mine = [step for step in steps if step.thread is thread]
            assert [step.number for step in mine] == list(range(len(mine)))
            assert len(mine) == len(thread["steps"]) or not thread.get("sure")

    @settings(max_examples=60, deadline=None)
    @given(moment=any_moment)
    def test_what_should_be_near_its_end_is_near_it_also_after_holidays(self, moment):
        for step in steps_at(moment):
            if "left" in step.deed:
                worked = HOURS.working_minutes(step.at, moment)
                assert worked == pytest.approx(LIMITS[step.deed["of"]] - step.deed["left"], abs=1)

    def test_on_an_ordinary_wednesday_it_is_the_past_seven_days(self):
        moment = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
        assert all(step.at > moment - timedelta(days=7) for step in steps_at(moment))
        assert sum(len(thread["steps"]) for thread in THREADS) - len(steps_at(moment)) < 12


@pytest.fixture(scope="module")
def home(django_db_setup, django_db_blocker, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with django_db_blocker.unblock(), transaction.atomic():
        sample.make(home)
        yield home
        transaction.set_rollback(True)


class TestTheSampleInTheHouse:
    def test_it_is_made_once(self, home):
        before = Message.objects.count(), Parcel.objects.count(), Dispatch.objects.count()
        started = now()

        sample.make(home)

        assert now() - started < timedelta(seconds=1)
        after = Message.objects.count(), Parcel.objects.count(), Dispatch.objects.count()
        assert after == before
        assert Institution.objects.get().is_sample

    def test_every_role_is_held_by_somebody_who_is_told(self, home):
        assert set(Grant.objects.values_list("role", flat=True)) == set(Role.values)
        words = sample.welcome("http://localhost:8000")
        for login in OFFICE["people"]:
            assert f"{login}@contoh.test" in words
        assert sample.PASSWORD in words

    def test_every_state_appears_that_an_officer_or_citizen_can_bring_about(self, home):
        states = set(Conversation.objects.values_list("state", flat=True))
        assert states >= {
            "new", "triaged", "answered", "waiting_citizen", "no_action", "sealed", "resolved",
            "confirmed",
        }  # fmt: skip
        assert Conversation.objects.filter(reopened__gt=0).exists()

    def test_its_report_is_filled_by_what_its_week_announced(self, home):
        institution, today = Institution.objects.get(), now().date()
        period = Period(today - timedelta(days=60), today + timedelta(days=1))

        (whole,) = figures(institution.pk, "all", period, at=now()).lines
        assert whole.counts.taken_in >= 55
        assert whole.times.is_enough
        assert whole.attainment.is_enough
        assert whole.counts.reopened
        assert whole.backlog == Conversation.objects.filter(is_open=True).count()
        assert len(figures(institution.pk, "unit", period, at=now()).lines) > 3

    def test_clocks_are_met_missed_running_near_and_late(self, home):
        hours, moment = calendar_of(Institution.objects.get()), now()
        asked = Conversation.objects.exclude(due_at=None)
        answered = asked.exclude(first_answered_at=None)
        assert any(one.first_answered_at <= one.due_at for one in answered)
        assert any(one.first_answered_at > one.due_at for one in answered)
        open_ones = asked.filter(first_answered_at=None, is_open=True)
        left = [
            hours.working_minutes(moment, one.due_at)
            for one in open_ones
            if one.due_at > moment and one.clock != "emergency_acknowledgement"
        ]
        assert any(one.due_at < moment for one in open_ones)
        assert any(0 < minutes < 60 for minutes in left)
        assert any(minutes >= 60 for minutes in left)

    def test_every_word_of_a_citizen_came_as_a_parcel_at_its_moment(self, home):
        # What lies under the keepers' keys is kept nowhere else, so its parcel is forgotten.
        open_words = Message.objects.filter(direction="in").exclude(text="")
        assert Parcel.objects.filter(state="read").count() == open_words.count()
        assert Parcel.objects.filter(state="unreadable").count() == 1
        assert not Parcel.objects.filter(state="waiting").exists()
        late = open_words.filter(received_at__gt=now() - timedelta(minutes=1))
        assert not late.exists()
        for conversation in Conversation.objects.all():
            times = list(conversation.messages.order_by("id").values_list("sent_at", flat=True))
            assert times == sorted(times)
            assert conversation.opened_at == times[0]

    def test_every_answer_is_out_with_its_proof_or_was_taken_back(self, home):
        answers = Dispatch.objects.filter(purpose="inbox.answer")
        assert set(answers.values_list("state", flat=True)) == {"out", "cancelled"}
        others = Dispatch.objects.exclude(purpose="inbox.answer")
        assert set(others.values_list("purpose", "state")) == {
            ("publishing.post", "waiting"),
            ("inbox.safe", "waiting"),
        }
        told = "".join(path.read_text() for path in home.glob("sample/*/out.jsonl"))
        ids = {json.loads(line)["id"] for line in told.splitlines()}
        sent = Dispatch.objects.filter(state="out", connection__channel="helloworld")
        assert set(sent.values_list("remote_id", flat=True)) == ids
        assert Message.objects.filter(kind="called_off").count() == 1

    def test_the_machine_was_corrected_and_both_opinions_stand(self, home):
        assert Correction.objects.filter(read__gt="").exists()

    def test_accounts_are_active_asked_for_and_retired(self, home):
        states = Counter(OfficialAccount.objects.values_list("state", flat=True))
        assert states == {"active": 2, "requested": 1, "retired": 1}
        assert not OfficialAccount.objects.filter(requested_by=None).exists()

    def test_its_library_has_answers_apologies_and_follow_ups_in_every_state(self, home):
        articles = Article.objects.all()
        assert {article.kind for article in articles} == {"answer", "apology", "follow_up"}
        assert {e.state for e in Edition.objects.all()} == {"in_force", "draft"}
        assert articles.filter(review_on__lt=now().date()).exists()

    def test_the_audit_chain_holds(self, home):
        assert verify_chain(Institution.objects.get().pk).holds

    def test_one_signs_in_with_the_printed_password_and_no_second_step(self, home, client):
        words = {"login": "pengurus@contoh.test", "password": sample.PASSWORD}
        answer = client.post(reverse("account_login"), words)
        assert answer.status_code == 302, answer.content[:500]
        assert client.get("/", follow=True).status_code == 200


def test_a_failed_making_leaves_nothing(db, tmp_path, monkeypatch):
    def breaks(*_: object) -> None:
        raise RuntimeError("the lights went out")

    monkeypatch.setattr(sample.Week, "live", breaks)
    with pytest.raises(RuntimeError):
        sample.make(tmp_path)
    assert not Institution.objects.exists()


def test_the_hours_in_the_data_are_times_of_a_day():
    for line in OFFICE["institution"]["hours"]:
        assert isinstance(line["opens"], time)
        assert line["opens"] < line["closes"]
