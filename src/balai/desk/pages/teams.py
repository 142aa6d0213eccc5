"""Teams: who is there, how much they have in hand, who is away, what the shift before left."""

from typing import Any

from balai.desk.models import Shift, Team
from balai.desk.selectors import (
    Rota,
    absences_ahead,
    capacities_of,
    hand_overs_for,
    loads_of,
    reads_hand_overs,
    rota_of,
    seats_of,
    setting_of,
    shifts_of,
    teams_of,
    today_of,
    waiting_of,
)
from balai.desk.selectors.notices import unread_of
from balai.desk.wording import WEEKDAYS
from balai.people.models import Member
from balai.people.selectors import may

COUNTED_TO = 100


def teams_page(member: Member) -> dict[str, Any]:
    """All teams of the office, those of the reader first."""
    institution = member.institution
    rota = rota_of(institution)
    teams = [_team(team, member, rota) for team in teams_of(institution)]
    teams.sort(key=lambda one: not one["is_mine"])
    arranges = may(member, "desk.arrange", institution)
    return {
        "teams": teams,
        "absences": absences_page(member),
        "setting": setting_of(institution),
        "may_arrange": arranges,
        "unread": unread_of(member),
    }


def team_page(member: Member, team: Team) -> dict[str, Any]:
    """One team: its people with their room, its shifts hour by hour."""
    return {
        **_team(team, member, rota_of(member.institution)),
        "shifts": [_shift(shift) for shift in shifts_of(team)],
        "may_arrange": may(member, "desk.arrange", team.institution_id),
    }


def absences_page(member: Member) -> list[dict[str, Any]]:
    """Who is away now or soon; the reason only for that person and whoever arranges the desk."""
    arranges = may(member, "desk.arrange", member.institution_id)
    today = today_of(member.institution)
    return [
        {
            "absence": absence,
            "runs": absence.first_on <= today,
            "is_known": arranges or absence.member_id == member.pk,
        }
        for absence in absences_ahead(member.institution, today)[:COUNTED_TO]
    ]


def _team(team: Team, member: Member, rota: Rota) -> dict[str, Any]:
    people = seats_of(team)
    ids = {one.pk for one in people} | set(rota.takers(team.pk))
    loads, capacities = loads_of(ids), capacities_of(ids)
    on_duty = rota.on_duty.get(team.pk, {})
    seated = {one.pk for one in people}
    deputies = Member.objects.filter(pk__in=[pk for pk in rota.takers(team.pk) if pk not in seated])
    rows = [
        {
            "member": one,
            "until": on_duty.get(one.pk),
            "absence": rota.away.get(one.pk),
            "load": loads.get(one.pk, 0),
            "capacity": capacities[one.pk],
            "is_full": loads.get(one.pk, 0) >= capacities[one.pk],
            "is_deputy": one.pk not in seated,
        }
        for one in [*people, *deputies.order_by("name")]
    ]
    waiting = waiting_of(team)[: COUNTED_TO + 1].count()
    notes = hand_overs_for(member, team)
    return {
        "team": team,
        "rows": sorted(rows, key=lambda row: (row["until"] is None, row["member"].name)),
        "here": sum(row["until"] is not None and row["absence"] is None for row in rows),
        "waiting": f"{COUNTED_TO}+" if waiting > COUNTED_TO else waiting,
        "has_waiting": waiting > 0,
        "notes": notes,
        "unread_notes": [note for note in notes if note.is_unread],  # type: ignore[attr-defined]
        "is_mine": member.pk in seated or member.pk in (team.lead_id, team.head_id),
        "may_hand_over": reads_hand_overs(member, team),
        "may_give_out": may(member, "conversation.assign", team.institution_id, unit=team.unit_id),
    }


def _shift(shift: Shift) -> dict[str, Any]:
    week: dict[int, list[Any]] = {}
    for span in sorted(shift.spans.all(), key=lambda span: (span.weekday, span.starts)):
        week.setdefault(span.weekday, []).append(span)
    today = today_of(shift.team.institution)
    return {
        "shift": shift,
        "week": [(WEEKDAYS[weekday], spans) for weekday, spans in week.items()],
        "people": [duty.member.name for duty in shift.duties.all()],
        "changes": sorted(
            (change for change in shift.changes.all() if change.on >= today),
            key=lambda change: change.on,
        ),
    }
