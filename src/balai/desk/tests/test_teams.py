"""Teams and shifts: arranged by whoever answers for the desk; work is given to whoever is there."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from balai.desk import services
from balai.desk.models import Absence, Duty, HandOver, Passed, TeamMember
from balai.desk.selectors import rota_of, today_of, waiting_of
from balai.desk.selectors.teams import hand_overs_for
from balai.desk.sweeps import give_out_work
from balai.desk.tests.make import make_shift, make_team
from balai.governance.selectors import entries_of, verify_chain
from balai.ground.clock import now
from balai.ground.services import deliver
from balai.inbox.services import assign
from balai.inbox.tests.talking import fresh, hear, make_line
from balai.people.selectors import DESK
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
def sekar(city):
    return make_member(city, "responder", name="Sekar")


@pytest.fixture
def tegar(city):
    return make_member(city, "responder", name="Tegar")


@pytest.fixture
def team(city, chief, sekar, tegar):
    team = make_team(city, sekar, tegar, name="Tim Tanggapan", by=chief, takes_unsorted=True)
    make_shift(team, sekar, tegar, by=chief)
    return team


def away(member, by, **fields):
    today = today_of(member.institution)
    days = {"first_on": today, "last_on": today + timedelta(days=2), "kind": "leave"}
    return services.enter_absence(member, by=by, **{**days, **fields})


def holders(*conversations):
    return [fresh(conversation).assignee_id for conversation in conversations]


def test_work_is_given_to_the_least_loaded_and_leaves_a_trace(team, line, sekar, tegar, chief):
    assign(hear(line), by=chief, to=sekar)
    first, second = hear(line), hear(line)
    assert services.give_out(team, by=chief) == 2
    assert sorted(holders(first, second)) == sorted([sekar.pk, tegar.pk])
    given = [e for e in entries_of(first) if e.did == "conversation.assigned"]
    assert [(e.actor, e.reason) for e in given] == [(f"member:{chief.pk}", f"team {team.pk}")]
    assert services.give_out(team, by=chief) == 0


def test_who_is_full_or_off_duty_gets_nothing(team, line, sekar, tegar, chief):
    services.set_capacity(sekar, most=1, by=chief)
    other = hear(line)
    assign(other, by=chief, to=sekar)
    services.change_day(
        team.shifts.get(), on=today_of(team.institution), hours=[], member=tegar, by=chief
    )
    yesterday = today_of(team.institution) - timedelta(days=1)
    services.change_day(team.shifts.get(), on=yesterday, hours=[], member=tegar, by=chief)
    waiting = hear(line)
    assert services.give_out(team, by=chief) == 0
    assert holders(waiting) == [None]


def test_who_may_not_answer_for_a_unit_gets_nothing_of_it(city, line, chief):
    roads, water = make_unit(city, "Jalan"), make_unit(city, "Air")
    officer = make_member(city, "case_officer", unit=water, name="Tirta")
    team = make_team(city, officer, unit=roads, by=chief)
    make_shift(team, officer, by=chief)
    hole = hear(line)
    assign(hole, by=chief, unit=roads)
    assert services.give_out(team, by=chief) == 0
    assert holders(hole) == [None]


def test_danger_comes_first_then_what_is_due_first(team, line, sekar, chief):
    late = hear(line, due_at=now() + timedelta(hours=1))
    later = hear(line, due_at=now() + timedelta(hours=5))
    danger = hear(line, due_at=now() + timedelta(hours=9), priority=2)
    assert [c.pk for c in waiting_of(team)] == [danger.pk, late.pk, later.pk]


def test_the_deputy_gets_what_is_new_and_goes_on_with_what_waits(team, line, sekar, tegar, chief):
    in_hand = hear(line)
    assign(in_hand, by=chief, to=sekar)
    absence = away(sekar, by=sekar, deputy=tegar)
    new = hear(line)
    services.arrange_desk(team.institution, by=chief, sends_away_notes=False, gives_out=True)
    assert give_out_work() == 2
    assert holders(in_hand, new) == [tegar.pk, tegar.pk]
    assert [e.actor for e in entries_of(in_hand)][-1] == "desk"
    services.withdraw_absence(absence, by=sekar)
    assert rota_of(team.institution).away == {}


def test_without_a_deputy_it_waits_for_everybody_again(team, line, sekar, tegar, chief):
    in_hand = hear(line)
    assign(in_hand, by=chief, to=sekar)
    away(sekar, by=chief)
    assert services.cover_absent(team.institution) == 1
    assert holders(in_hand) == [None]
    assert services.give_out(team, by=DESK) == 1
    assert holders(in_hand) == [tegar.pk]


def test_one_conversation_is_claimed_once(team, line, chief, sekar, tegar):
    """What two workers saw at once, only the first may give."""
    conversation = hear(line)
    from balai.desk.services.giving import _claim

    with transaction.atomic():
        assert _claim(conversation.pk, assignee_id=None)
        assign(conversation, by=chief, to=tegar)
        assert not _claim(conversation.pk, assignee_id=None)
    assert holders(conversation) == [tegar.pk]


def test_what_is_passed_to_a_team_is_given_to_that_team_only(city, team, line, chief):
    crisis = make_member(city, "crisis_lead", name="Guntur")
    other = make_team(city, crisis, by=chief)
    make_shift(other, crisis, by=chief)
    flood = hear(line)
    services.pass_to_team(flood, other, by=chief)
    assert services.give_out(team, by=chief) == 0
    assert services.give_out(other, by=chief) == 1
    assert holders(flood) == [crisis.pk]


def test_who_leaves_the_office_leaves_teams_and_nothing_is_lost(team, line, sekar, tegar, chief):
    boss = make_member(team.institution, "system_admin")
    services.edit_team(team, name=team.name, lead=sekar, members=[sekar, tegar],
                       takes_unsorted=True, by=chief)  # fmt: skip
    conversation = hear(line)
    assign(conversation, by=chief, to=sekar)
    away(tegar, by=chief, deputy=sekar)
    member_leaves(sekar, by=boss)
    deliver()
    team.refresh_from_db()
    assert team.lead is None
    assert not TeamMember.objects.filter(member=sekar).exists()
    assert not Duty.objects.filter(member=sekar).exists()
    assert Absence.objects.get(member=tegar).deputy is None
    assert holders(conversation) == [None]
    assert waiting_of(team).filter(pk=conversation.pk).exists()


def test_a_unit_with_open_work_is_not_dissolved_and_its_team_outlives_it(city, line, chief, sekar):
    boss = make_member(city, "system_admin")
    roads = make_unit(city, "Jalan")
    team = make_team(city, sekar, unit=roads, by=chief)
    make_shift(team, sekar, by=chief)
    hole = hear(line)
    services.pass_to_team(hole, team, by=chief)
    assert fresh(hole).unit == roads
    with pytest.raises(ValidationError):
        dissolve_unit(roads, by=boss)
    assign(hole, by=chief)
    dissolve_unit(roads, by=boss)
    deliver()
    team.refresh_from_db()
    assert team.unit is None
    assert Passed.objects.filter(conversation=hole, team=team).exists()
    assert services.give_out(team, by=chief) == 1


def test_only_whoever_arranges_the_desk_founds_edits_and_ends(city, team, sekar, chief):
    stranger = make_member(make_institution(), "case_coordinator")
    for by in (sekar, stranger):
        with pytest.raises(NotAllowed):
            services.found_team(institution=city, name="Tim lain", by=by)
        with pytest.raises(NotAllowed):
            services.edit_team(team, name="X", by=by)
        with pytest.raises(NotAllowed):
            services.retire_team(team, by=by, reason="")
        with pytest.raises(NotAllowed):
            services.set_capacity(sekar, most=3, by=by)
        with pytest.raises(NotAllowed):
            services.keep_shift(team, name="Malam", spans=[], by=by)
    assert "team.founded" in [e.did for e in entries_of(team)]
    assert verify_chain(city.pk).holds


def test_nobody_of_another_institution_joins_leads_or_deputises(city, team, sekar, chief):
    stranger = make_member(make_institution(), "responder")
    foreign = make_unit(stranger.institution)
    for fields in ({"lead": stranger}, {"members": [stranger]}, {"unit": foreign}):
        with pytest.raises(ValidationError):
            services.edit_team(team, name=team.name, by=chief, **fields)
    with pytest.raises(ValidationError):
        away(sekar, by=sekar, deputy=stranger)


def test_one_enters_ones_own_absence_and_nobody_elses(team, sekar, tegar, chief):
    with pytest.raises(NotAllowed):
        away(tegar, by=sekar)
    absence = away(sekar, by=sekar)
    with pytest.raises(ValidationError):
        away(sekar, by=chief)
    with pytest.raises(NotAllowed):
        services.withdraw_absence(absence, by=tegar)
    facts = [e.facts for e in entries_of(absence)]
    assert "leave" not in str(facts)


def test_hours_that_overlap_and_people_of_no_team_are_refused(team, chief, city):
    twice = [(0, (time(8), time(12))), (0, (time(11), time(13)))]
    with pytest.raises(ValidationError):
        services.keep_shift(team, name="Pagi", spans=twice, by=chief)
    with pytest.raises(ValidationError):
        services.keep_shift(
            team, name="Pagi", spans=[], members=[make_member(city, "responder")], by=chief
        )


def test_what_a_shift_leaves_is_read_by_the_next_one_and_by_nobody_else(city, team, sekar, tegar):
    note = services.write_hand_over(team, text="Genangan di Pasar Lama menunggu PUPR.", by=sekar)
    assert [(n.pk, n.is_unread) for n in hand_overs_for(tegar, team)] == [(note.pk, True)]
    assert [n.is_unread for n in hand_overs_for(sekar, team)] == [False]
    services.read_hand_over(note, by=tegar)
    services.read_hand_over(note, by=tegar)
    assert [n.is_unread for n in hand_overs_for(tegar, team)] == [False]
    outsider = make_member(city, "responder")
    assert hand_overs_for(outsider, team) == []
    with pytest.raises(NotAllowed):
        services.read_hand_over(note, by=outsider)
    with pytest.raises(NotAllowed):
        services.write_hand_over(team, text="Halo", by=outsider)


def test_a_hand_over_lies_sealed_in_the_database(team, sekar):
    from django.db import connection

    services.write_hand_over(team, text="Bu Contoh minta ditelepon.", by=sekar)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT text FROM {HandOver._meta.db_table}")
        assert "Bu Contoh" not in cursor.fetchone()[0]


def test_the_tables_refuse_a_deputy_of_oneself(team, sekar):
    absence = away(sekar, by=sekar)
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.filter(pk=absence.pk).update(deputy=sekar)
