"""Rules: written, switched on, acting once, never on themselves, and pausing when too eager."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balai.desk import services
from balai.desk.models import Notice, Rule, RuleRun, RuleVersion, Trigger
from balai.desk.rules.matching import Conditions, Deeds
from balai.desk.selectors import dry_run, newest_version
from balai.desk.tests.make import make_shift, make_team
from balai.governance.selectors import entries_of, verify_chain
from balai.ground.clock import first_id_at, now
from balai.ground.models import Announcement
from balai.ground.services import deliver
from balai.inbox.models import Conversation, Message
from balai.inbox.services import add_label, assign, seal, triage
from balai.inbox.tests.talking import fresh, hear, make_line, say
from balai.people.services import NotAllowed, dissolve_unit, member_leaves
from balai.people.tests.make import make_institution, make_member, make_unit


@pytest.fixture
def city(db):
    return make_institution()


@pytest.fixture
def line(city):
    return make_line(city)


@pytest.fixture
def chief(city):
    return make_member(city, "case_coordinator", name="Lasmi")


@pytest.fixture
def roads(city):
    return make_unit(city, "Jalan")


def rule_on(chief, when="taken_in", **fields):
    fields = {"conditions": Conditions(), "name": "Aturan", **fields}
    rule = services.write_rule(institution=chief.institution, when=when, by=chief, **fields)
    services.switch_on(rule, number=1, by=chief)
    rule.refresh_from_db()
    return rule


def live():
    """Everybody hears what happened and answers, until nothing is left to say."""
    for _ in range(20):
        if not deliver() + services.answer_triggers():
            return
    raise AssertionError("the house talks to itself for ever")


def test_what_fits_is_passed_labelled_and_raised_once_with_the_rules_id(city, line, chief, roads):
    label = add_label(city, name="Jalan", colour="info", by=chief)
    rule = rule_on(
        chief,
        conditions=Conditions(words=("lampu jalan",)),
        deeds=Deeds(unit=roads.pk, label=label.pk, raise_to=1),
    )
    lamp, other = hear(line, "Lampu jalan mati"), hear(line, "Kapan KTP jadi?")
    live()
    lamp, other = fresh(lamp), fresh(other)
    assert (lamp.unit, lamp.priority) == (roads, 1)
    assert [tag.label for tag in lamp.labellings.all()] == [label]
    assert (other.unit, other.priority) == (None, 0)
    run = RuleRun.objects.get()
    assert (run.conversation, run.outcome, run.did) == (lamp, "done", ["unit", "label", "raise_to"])
    traces = [(e.actor, e.reason) for e in entries_of(lamp)]
    assert set(traces) == {("rule", f"rule {rule.pk} version 1")}
    assert verify_chain(city.pk).holds


def test_a_rule_that_would_answer_itself_acts_once(city, line, chief, roads):
    """Moving to the unit is a move; the rule listens to moves."""
    rule_on(chief, when="moved", deeds=Deeds(unit=roads.pk))
    other = make_unit(city, "Air")
    rule_on(chief, when="moved", deeds=Deeds(unit=other.pk), name="Balik")
    conversation = hear(line)
    triage(conversation, by=chief, said={"intent": "complaint"})
    live()
    assert RuleRun.objects.count() == 2
    assert not Trigger.objects.exists()
    origins = Announcement.objects.filter(name="ConversationMoved").values_list("facts", flat=True)
    assert {facts["origin"] for facts in origins} == {"", "rule"}


def test_a_citizen_who_writes_again_meets_the_same_version_no_second_time(line, chief, roads):
    rule = rule_on(chief, deeds=Deeds(raise_to=1))
    first = hear(line, citizen_key="a" * 32, thread_key="utas")
    live()
    hear(line, citizen_key="a" * 32, thread_key="utas")
    live()
    assert RuleRun.objects.count() == 1
    services.revise_rule(
        rule, name="Lain", when="taken_in", conditions=Conditions(), deeds=Deeds(raise_to=2),
        by=chief,
    )  # fmt: skip
    services.switch_on(rule, number=2, by=chief)
    hear(line, citizen_key="a" * 32, thread_key="utas")
    live()
    assert [run.version.number for run in RuleRun.objects.order_by("pk")] == [1, 2]
    assert fresh(first).priority == 2


def test_a_rule_never_lowers_urgency_nor_takes_from_a_person(line, chief, roads, city):
    officer = make_member(city, "responder")
    held = hear(line, priority=2)
    assign(held, by=chief, to=officer)
    rule_on(chief, when="moved", deeds=Deeds(raise_to=1, unit=roads.pk, member=chief.pk))
    triage(held, by=chief, said={"intent": "complaint"})
    live()
    assert (fresh(held).priority, fresh(held).assignee) == (2, officer)
    assert RuleRun.objects.get().outcome == "nothing"


def test_what_a_rule_gives_to_somebody_who_is_away_goes_to_the_deputy(line, chief, city):
    from balai.desk.selectors import today_of

    sekar, tegar = make_member(city, "responder"), make_member(city, "responder")
    day = today_of(city)
    services.enter_absence(
        sekar, kind="leave", first_on=day, last_on=day + timedelta(days=1), deputy=tegar, by=sekar
    )
    rule_on(chief, deeds=Deeds(member=sekar.pk))
    conversation = hear(line)
    live()
    assert fresh(conversation).assignee == tegar


def test_a_rule_passes_to_a_team_and_tells_its_lead(line, chief, city, roads):
    lead = make_member(city, "responder", name="Sekar")
    team = make_team(city, lead, unit=roads, lead=lead, by=chief)
    make_shift(team, lead, by=chief)
    rule_on(chief, deeds=Deeds(team=team.pk, notify_lead=True), name="Ke jalan")
    conversation = hear(line)
    live()
    assert services.give_out(team, by=chief) == 1
    notice = Notice.objects.get()
    assert (notice.member, notice.conversation, notice.facts) == (
        lead, conversation, {"rule": "Ke jalan"},
    )  # fmt: skip


def test_what_machines_wrote_and_what_is_sealed_meets_no_rule(line, chief):
    rule_on(chief, deeds=Deeds(raise_to=1))
    automatic = hear(line, is_automatic=True, clock="", due_at=None)
    secret = hear(line)
    triage(secret, by=chief, said={"intent": "whistleblow"})
    seal(secret, by=chief, path="Inspektorat")
    live()
    assert not RuleRun.objects.exists()
    assert [fresh(automatic).priority, fresh(secret).priority] == [0, 0]


def test_a_rule_that_is_too_eager_pauses_itself_and_says_so(line, chief):
    rule = rule_on(chief, deeds=Deeds(raise_to=1), limit_per_hour=2)
    for _ in range(4):
        hear(line)
    live()
    rule.refresh_from_db()
    assert rule.state == "paused"
    assert RuleRun.objects.count() == 2
    notice = Notice.objects.get()
    assert (notice.kind, notice.member) == ("paused", chief)
    assert [e.did for e in entries_of(rule)][-1] == "rule.paused"
    services.switch_on(rule, number=1, by=chief)
    hear(line)
    live()
    assert RuleRun.objects.count() == 3


def test_quiet_is_found_once_when_its_hours_have_passed(line, chief, city):
    rule = rule_on(chief, when="quiet", quiet_hours=2, deeds=Deeds(notify=(chief.pk,)))
    silent, fresh_one, answered = hear(line), hear(line), hear(line)
    say(answered, chief)
    hours_ago = first_id_at(now() - timedelta(hours=3))
    RuleVersion.objects.update(looked_to=hours_ago - 10)
    last = silent.last_message_id
    Message.objects.filter(pk=last).update(id=hours_ago)
    Conversation.objects.filter(pk=silent.pk).update(
        last_message_id=hours_ago, last_in_id=hours_ago
    )
    assert services.look_for_quiet() == 1
    assert services.look_for_quiet() == 0
    assert [run.conversation for run in RuleRun.objects.all()] == [silent]
    assert Notice.objects.get().member == chief
    rule.in_force.refresh_from_db()
    assert rule.in_force.looked_to > hours_ago
    assert fresh(fresh_one).version == 1


def test_what_came_before_a_quiet_rule_was_switched_on_is_left_alone(line, chief):
    old = hear(line)
    ago = first_id_at(now() - timedelta(days=3))
    Message.objects.filter(pk=old.last_message_id).update(id=ago)
    Conversation.objects.filter(pk=old.pk).update(last_message_id=ago, last_in_id=ago)
    rule_on(chief, when="quiet", quiet_hours=2, deeds=Deeds(raise_to=1))
    services.look_for_quiet()
    assert not RuleRun.objects.exists()


def test_a_dry_run_shows_last_week_page_by_page_and_changes_nothing(city, line, chief, monkeypatch):
    from balai.desk.selectors import ruling

    monkeypatch.setattr(ruling, "SHOWN", 2)
    for n in range(5):
        hear(line, f"Lampu jalan {n}", reading={"intent": {"value": "complaint"}})
    hear(line, "Air mati")
    hear(make_line(make_institution()), "Lampu jalan di kota lain")
    before = {c.pk: c.version for c in Conversation.objects.all()}
    asked = Conditions(words=("lampu jalan",), intents=("complaint",))
    page = dry_run(chief, "taken_in", asked)
    assert [m.message.text for m in page.meetings] == ["Lampu jalan 4", "Lampu jalan 3"]
    assert page.looked_at == 6
    rest = []
    while page.before:
        page = dry_run(chief, "taken_in", asked, before=page.before)
        rest += [m.message.text for m in page.meetings]
    assert rest == ["Lampu jalan 2", "Lampu jalan 1", "Lampu jalan 0"]
    assert {c.pk: c.version for c in Conversation.objects.all()} == before
    assert not RuleRun.objects.exists()


def test_a_rule_names_only_what_is_at_work_here_when_written_and_when_switched_on(city, chief):
    foreign = make_unit(make_institution())
    with pytest.raises(ValidationError):
        services.write_rule(
            institution=city, name="X", when="taken_in", conditions=Conditions(),
            deeds=Deeds(unit=foreign.pk), by=chief,
        )  # fmt: skip
    gone = make_member(city, "responder")
    rule = services.write_rule(
        institution=city, name="X", when="taken_in", conditions=Conditions(),
        deeds=Deeds(member=gone.pk), by=chief,
    )  # fmt: skip
    member_leaves(gone, by=make_member(city, "system_admin"))
    with pytest.raises(ValidationError):
        services.switch_on(rule, number=1, by=chief)
    with pytest.raises(ValidationError):
        services.write_rule(
            institution=city, name="X", when="taken_in", conditions=Conditions(), deeds=Deeds(),
            by=chief,
        )  # fmt: skip


def test_what_a_rule_names_may_vanish_and_the_log_says_so(line, chief, city, roads):
    rule_on(chief, deeds=Deeds(unit=roads.pk, raise_to=1))
    dissolve_unit(roads, by=make_member(city, "system_admin"))
    conversation = hear(line)
    live()
    run = RuleRun.objects.get()
    assert (run.did, run.outcome) == (["raise_to"], "done")
    assert run.words
    assert fresh(conversation).unit is None


def test_only_whoever_arranges_the_desk_writes_and_switches_and_it_is_traced(city, chief):
    rule = services.write_rule(
        institution=city, name="X", when="taken_in", conditions=Conditions(),
        deeds=Deeds(raise_to=1), by=chief,
    )  # fmt: skip
    responder = make_member(city, "responder")
    stranger = make_member(make_institution(), "case_coordinator")
    for by in (responder, stranger):
        for verb in (
            lambda by=by: services.switch_on(rule, number=1, by=by),
            lambda by=by: services.switch_off(rule, by=by),
            lambda by=by: services.retire_rule(rule, by=by, reason="x"),
            lambda by=by: services.move_rule_up(rule, by=by),
        ):
            with pytest.raises(NotAllowed):
                verb()
    second = make_member(city, "head_of_pr")
    services.switch_on(rule, number=1, by=second)
    on = [e for e in entries_of(rule) if e.did == "rule.switched_on"]
    assert [e.facts for e in on] == [{"version": 1, "by_its_author": False}]
    assert newest_version(rule).author == chief


def test_the_table_itself_refuses_a_second_act(line, chief):
    rule = rule_on(chief, deeds=Deeds(raise_to=1))
    conversation = hear(line)
    services.run_rule(rule, conversation)
    assert services.run_rule(rule, conversation) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleRun.objects.create(
            rule=rule, version=rule.in_force, conversation=conversation, at=now()
        )


deeds = st.builds(
    Deeds,
    unit=st.none() | st.just(-1) | st.just(-2),
    raise_to=st.none() | st.integers(1, 2),
    notify_lead=st.booleans(),
).filter(bool)
rule_sets = st.lists(st.tuples(st.sampled_from(["taken_in", "moved"]), deeds), max_size=4)
happenings = st.lists(st.sampled_from(["hear", "again", "triage", "assign"]), max_size=6)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rule_sets, happenings)
def test_whatever_the_rules_the_house_comes_to_rest(
    city, line, chief, roads, rule_sets, happenings
):
    """No set of rules and no order of events keeps it busy, and none acts twice."""
    Rule.objects.update(state="off")
    units = {-1: roads.pk, -2: make_unit(city).pk}
    for when, one in rule_sets:
        unit = units[one.unit] if one.unit else None
        rule_on(
            chief, when=when, deeds=Deeds(unit, None, None, None, one.raise_to, (), one.notify_lead)
        )
    conversation = hear(line)
    for happening in happenings:
        if happening == "hear":
            hear(line)
        elif happening == "again":
            hear(line, citizen_key=conversation.citizen.key, thread_key=conversation.thread_key)
        elif happening == "triage":
            triage(fresh(conversation), by=chief, said={"intent": "complaint"})
        else:
            assign(fresh(conversation), by=chief, unit=roads)
    live()
    assert not Trigger.objects.exists()
    pairs = list(RuleRun.objects.values_list("conversation", "version"))
    assert len(pairs) == len(set(pairs))
