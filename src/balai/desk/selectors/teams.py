"""Teams, and what their shifts leave to each other."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from balai.desk.models import DeskSetting, Duty, HandOver, HandOverRead, Shift, Team, TeamMember
from balai.ground.clock import now
from balai.people.models import Institution, Member
from balai.people.selectors import may

READ_FOR = timedelta(days=7)  # a hand-over that is older says nothing to the next shift


def teams_of(institution: Institution | int) -> QuerySet[Team]:
    """The teams at work, by name."""
    pk = institution if isinstance(institution, int) else institution.pk
    found = Team.objects.filter(institution=pk, retired_at=None)
    return found.select_related("institution", "unit", "lead", "head").order_by("name", "pk")


def seats_of(team: Team) -> list[Member]:
    """Who works in a team at present, by name."""
    seats = TeamMember.objects.filter(team=team, member__left_at=None).select_related("member")
    return [seat.member for seat in seats.order_by("member__name", "pk")]


def shifts_of(team: Team) -> QuerySet[Shift]:
    """The team's shifts with hours, people and changes still to come."""
    return (
        Shift.objects.filter(team=team, retired_at=None)
        .prefetch_related(
            "spans",
            "changes__member",
            Prefetch("duties", Duty.objects.filter(member__left_at=None).select_related("member")),
        )
        .order_by("name", "pk")
    )


def is_of_team(member: Member, team: Team) -> bool:
    """Whether somebody works in the team or leads it."""
    if member.pk in (team.lead_id, team.head_id):
        return True
    return TeamMember.objects.filter(team=team, member=member).exists()


def reads_hand_overs(member: Member, team: Team) -> bool:
    """Whether somebody may read what the team's shifts leave to each other."""
    return is_of_team(member, team) or may(member, "desk.arrange", team.institution_id)


def hand_overs_for(member: Member, team: Team, limit: int = 5) -> list[HandOver]:
    """The team's notes of the last week, newest first; `is_unread` by this member."""
    if not reads_hand_overs(member, team):
        return []
    read = HandOverRead.objects.filter(note=OuterRef("pk"), member=member)
    found = HandOver.objects.filter(team=team, written_at__gte=now() - READ_FOR)
    found = found.annotate(is_unread=~Exists(read)).select_related("by")
    return list(found.order_by("-written_at", "-pk")[:limit])


def setting_of(institution: Institution | int) -> DeskSetting:
    """What the institution decided about its desk; unsaved when it decided nothing yet."""
    pk = institution if isinstance(institution, int) else institution.pk
    known = DeskSetting.objects.filter(institution=pk).first()
    return known or DeskSetting(institution_id=pk)
