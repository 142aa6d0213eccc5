"""Teams: founded, arranged, ended. Who leaves the office leaves every team."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.desk.models import Absence, Capacity, DeskSetting, Duty, Passed, Team, TeamMember
from balai.desk.rules.sharing import DEFAULT_CAPACITY
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.people.models import Institution, Member, Unit
from balai.people.selectors import SYSTEM
from balai.people.services import allow


@transaction.atomic
def found_team(
    *,
    institution: Institution,
    name: str,
    by: Member,
    unit: Unit | None = None,
    lead: Member | None = None,
    head: Member | None = None,
    takes_unsorted: bool = False,
    members: Iterable[Member] = (),
) -> Team:
    """Let people work together. Raises NotAllowed, ValidationError."""
    allow(by, "desk.arrange", institution)
    team = Team(institution=institution)
    _write(team, name, unit, lead, head, takes_unsorted, members)
    record(by=by, did="team.founded", on=team)
    return team


@transaction.atomic
def edit_team(
    team: Team,
    *,
    name: str,
    by: Member,
    unit: Unit | None = None,
    lead: Member | None = None,
    head: Member | None = None,
    takes_unsorted: bool = False,
    members: Iterable[Member] = (),
) -> Team:
    """Say anew what a team is and who works in it; whoever goes leaves its shifts too."""
    allow(by, "desk.arrange", team.institution_id)
    _write(team, name, unit, lead, head, takes_unsorted, members)
    record(by=by, did="team.edited", on=team)
    return team


@transaction.atomic
def retire_team(team: Team, *, by: Member, reason: str) -> Team:
    """End a team. What was passed to it waits for everybody again."""
    allow(by, "desk.arrange", team.institution_id)
    Passed.objects.filter(team=team).delete()
    team.retired_at = now()
    team.save(update_fields=["retired_at"])
    record(by=by, did="team.retired", on=team, reason=reason)
    return team


@transaction.atomic
def set_capacity(member: Member, *, most: int, by: Member) -> None:
    """Say how many open conversations somebody can have at once. Raises ValidationError."""
    allow(by, "desk.arrange", member.institution_id)
    if not 1 <= most <= 500:
        raise ValidationError({"most": _("Choose a number from 1 to 500.")})
    before = Capacity.objects.filter(member=member).values_list("most", flat=True).first()
    if most == (before or DEFAULT_CAPACITY):
        return
    Capacity.objects.update_or_create(member=member, defaults={"most": most})
    record(by=by, did="capacity.set", on=member, before=before or DEFAULT_CAPACITY, after=most)


@transaction.atomic
def arrange_desk(
    institution: Institution, *, by: Member, sends_away_notes: bool, gives_out: bool
) -> DeskSetting:
    """Decide what the desk does by itself."""
    allow(by, "desk.arrange", institution)
    setting, _made = DeskSetting.objects.update_or_create(
        institution=institution,
        defaults={"sends_away_notes": sends_away_notes, "gives_out": gives_out},
    )
    record(
        by=by, did="desk.arranged", on=institution, away_notes=sends_away_notes, gives_out=gives_out
    )
    return setting


@transaction.atomic
def forget_member(member_id: int) -> None:
    """Somebody left: no team counts on them, nobody is deputised by them."""
    seats = TeamMember.objects.filter(member=member_id)
    led = Team.objects.filter(lead=member_id) | Team.objects.filter(head=member_id)
    for team in (Team.objects.filter(pk__in=seats.values("team")) | led).distinct():
        record(by=SYSTEM, did="team.member_gone", on=team, member=member_id)
    Team.objects.filter(lead=member_id).update(lead=None)
    Team.objects.filter(head=member_id).update(head=None)
    seats.delete()
    Duty.objects.filter(member=member_id).delete()
    Absence.objects.filter(deputy=member_id).update(deputy=None)


@transaction.atomic
def forget_unit(unit_id: int) -> None:
    """A unit was dissolved: its teams go on without it, and keep what was passed to them."""
    for team in Team.objects.filter(unit=unit_id, retired_at=None):
        team.unit = None
        team.save(update_fields=["unit"])
        record(by=SYSTEM, did="team.unit_gone", on=team, unit=unit_id)


def _write(
    team: Team,
    name: str,
    unit: Unit | None,
    lead: Member | None,
    head: Member | None,
    takes_unsorted: bool,
    members: Iterable[Member],
) -> None:
    people = {member.pk: member for member in members}
    refuse_strangers(team.institution_id, unit, lead, head, *people.values())
    team.name, team.unit, team.lead, team.head = name, unit, lead, head
    team.takes_unsorted = takes_unsorted
    team.full_clean()
    team.save()
    seated = set(team.seats.values_list("member_id", flat=True))
    gone = seated - people.keys()
    team.seats.filter(member__in=gone).delete()
    Duty.objects.filter(shift__team=team, member__in=gone).delete()
    TeamMember.objects.bulk_create(
        TeamMember(team=team, member_id=pk) for pk in sorted(people.keys() - seated)
    )


def refuse_strangers(institution_id: int, *things: Unit | Member | None) -> None:
    """Raise ValidationError for whom or what is not, or no longer, of this institution."""
    for thing in things:
        if thing is None:
            continue
        ended = thing.left_at if isinstance(thing, Member) else thing.dissolved_on
        if thing.institution_id != institution_id or ended is not None:
            raise ValidationError(
                _("“%(name)s” is not at work in this institution.") % {"name": thing.name}
            )
