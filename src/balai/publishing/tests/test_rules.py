"""The law of posts: states, approvals, checks, comparison (domain 5.4(1), 3.6, R41)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from balai.publishing import rules

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
PEOPLE = st.integers(1, 5)


class Paper(RuleBasedStateMachine):
    """A post under many hands: whatever they do, it leaves only by the rules."""

    def __init__(self):
        super().__init__()
        self.state, self.words, self.authors = "draft", "a", {1}
        self.voices, self.sensitive = [], False
        self.approved_words = None

    @property
    def mark(self):
        return rules.fingerprint({"text": self.words, "sensitive": self.sensitive})[1]

    def go(self, after):
        self.state = rules.after_move(self.state, after)

    @precondition(lambda self: rules.may_be_edited(self.state))
    @rule(words=st.text("ab", min_size=1, max_size=3), by=PEOPLE, sensitive=st.booleans())
    def edit(self, words, by, sensitive):
        before = self.mark
        self.words, self.sensitive = words, sensitive
        if self.mark != before:
            self.authors.add(by)
            if self.state not in ("draft", "changes_requested"):
                self.go("draft")

    @precondition(lambda self: self.state in ("draft", "changes_requested"))
    @rule()
    def submit(self):
        self.go("in_review")

    @precondition(lambda self: self.state == "in_review")
    @rule(by=PEOPLE, says_yes=st.booleans())
    def judge(self, by, says_yes):
        self.voices.append(rules.Voice(by, self.mark, says_yes))
        needed = rules.approvals_needed(is_sensitive=self.sensitive, has_humour=False)
        after = rules.verdict(self.voices, self.mark, self.authors, needed)
        if after != "in_review":
            self.go(after)
            self.approved_words = self.mark if after == "approved" else None

    @precondition(lambda self: self.state in ("approved", "scheduled", "held", "failed"))
    @rule(after=st.sampled_from(["scheduled", "publishing", "held", "approved"]))
    def carry(self, after):
        if rules.may_move(self.state, after):
            self.go(after)

    @precondition(lambda self: self.state == "publishing")
    @rule(after=st.sampled_from(["published", "failed"]))
    def settle(self, after):
        self.go(after)

    @rule()
    def wait(self):
        """Time passes; nothing happens by itself."""

    @invariant()
    def what_leaves_was_approved_in_these_very_words_by_others(self):
        if self.state not in ("approved", "scheduled", "publishing", "published"):
            return
        assert self.approved_words == self.mark
        yes = {v.member_id for v in self.voices if v.fingerprint == self.mark and v.says_yes}
        assert len(yes - self.authors) >= (2 if self.sensitive else 1)


TestPaper = Paper.TestCase


def test_every_state_that_a_step_leads_to_exists_and_ends_are_ends():
    states = set(rules.MOVES)
    assert {after for row in rules.MOVES.values() for after in row} <= states
    assert rules.MOVES["withdrawn"] == rules.MOVES["archived"] == frozenset()
    with pytest.raises(rules.NotAllowedNow):
        rules.after_move("draft", "published")


@given(st.sampled_from(sorted(rules.MOVES)))
def test_nothing_becomes_published_except_from_the_door(state):
    if rules.may_move(state, "published"):
        assert state in ("publishing", "failed")


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=9)), st.text(max_size=9))
def test_a_fingerprint_is_of_all_bytes_and_of_nothing_else(content, more):
    mark = rules.fingerprint(content)[1]
    turned = dict(reversed(list(content.items())))
    assert rules.fingerprint(turned)[1] == mark
    if content.get("text") != more:
        assert rules.fingerprint({**content, "text": more})[1] != mark


def test_whoever_wrote_a_word_has_no_voice():
    voices = [rules.Voice(1, "x", True), rules.Voice(2, "x", True), rules.Voice(2, "y", True)]
    assert rules.verdict(voices, "x", {1}, 2) == "in_review"
    assert rules.verdict([*voices, rules.Voice(3, "x", True)], "x", {1}, 2) == "approved"
    assert rules.verdict([*voices, rules.Voice(2, "x", False)], "x", {1}, 1) == "changes_requested"


def test_an_approval_lapses_after_thirty_days():
    assert not rules.has_lapsed(AT, AT + timedelta(days=30))
    assert rules.has_lapsed(AT, AT + timedelta(days=30, seconds=1))
    assert rules.has_lapsed(None, AT)


@pytest.mark.parametrize("purpose", sorted(rules.ROUTINE))
def test_a_hold_stops_what_is_routine(purpose):
    assert rules.after_hold("scheduled", purpose) == "held"
    assert not rules.may_skip_approval(purpose)


@pytest.mark.parametrize("purpose", ["safety_warning", "correction_debunk"])
def test_a_hold_lets_warnings_and_corrections_through(purpose):
    assert rules.after_hold("scheduled", purpose) == "scheduled"
    assert rules.may_skip_approval(purpose)


def test_there_are_twelve_purposes_in_three_families():
    assert sum(map(len, rules.PURPOSES.values())) == 12
    assert len(rules.SYMBOLIC) == 3


def draft(**fields):
    whole = {
        "text": "Kami buka hari Sabtu.", "length": 21, "limits": rules.Limits(),
        "purpose": "service_information", "segment": "warga", "has_objective": True, **fields,
    }  # fmt: skip
    return rules.Draft(**whole)


def codes(found):
    return [problem.code for problem in found]


def test_a_good_draft_has_no_problem():
    assert rules.blocking(draft(), AT.date()) == []


def test_all_problems_are_told_at_once():
    bad = draft(
        length=400, limits=rules.Limits(text=300), purpose="", segment=" ", has_objective=False,
        pictures=[rules.Picture("", 10)], facts=[rules.Fact("Angka turun", "")],
        personal=["nik"], same_words_on=date(2026, 11, 1),
    )  # fmt: skip
    assert codes(rules.blocking(bad, AT.date())) == [
        "no_purpose", "no_segment", "too_long", "secret_in_text", "said_before", "no_alt",
        "no_source",
    ]  # fmt: skip


@pytest.mark.parametrize("purpose", sorted(rules.ROUTINE - rules.WITHOUT_OBJECTIVE))
def test_only_ceremonies_and_emergencies_go_without_an_objective(purpose):
    found = rules.blocking(draft(purpose=purpose, has_objective=False), AT.date())
    assert codes(found) == ["no_objective"]


def test_humour_is_locked_in_warnings_corrections_and_incidents():
    for locked in ({"purpose": "correction_debunk"}, {"is_locked": True}):
        assert "humour_locked" in codes(rules.blocking(draft(humour=["😂"], **locked), AT.date()))
    assert codes(rules.cautions(draft(humour=["😂"]))) == ["humour_not_said"]


def test_a_fact_that_ran_out_stops_the_post():
    old = rules.Fact("Harga beras", "BPS", AT.date() - timedelta(days=1))
    assert codes(rules.blocking(draft(facts=[old]), AT.date())) == ["stale_fact"]


def test_figures_without_a_fact_are_pointed_at():
    assert codes(rules.cautions(draft(text="Sudah 1.200 warga dilayani"))) == [
        "number_without_fact"
    ]


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_comparison_holds_both_texts_whole(one, other):
    pieces = rules.compared(one, other)
    assert "".join(p.text for p in pieces if p.kind != "new") == one
    assert "".join(p.text for p in pieces if p.kind != "gone") == other


def test_the_same_words_in_another_dress_are_twins():
    assert rules.is_twin("Ayo ke Puskesmas!", "ayo  ke puskesmas")
    assert not rules.is_twin("", "")


def test_looks_follow_after_an_hour_a_day_a_week_and_a_month():
    looks, at = [], AT
    while (following := rules.next_look(AT, at)) is not None:
        looks.append(following - AT)
        at = following
    assert [look.total_seconds() / 3600 for look in looks] == [1, 24, 168, 720]


def test_the_time_to_a_correction_is_in_clock_hours():
    assert rules.hours_between(AT, AT + timedelta(minutes=90)) == 1.5
