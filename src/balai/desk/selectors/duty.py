"""Who is on duty, who is away, how much everybody has in hand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from balai.desk.models import Absence, Capacity, Duty, ShiftChange, ShiftSpan, Team
from balai.desk.rules.duty import Hours, Pattern, duty_until
from balai.desk.rules.sharing import DEFAULT_CAPACITY, Hand, stand_in, takers
from balai.governance.selectors import calendar_of
from balai.ground.clock import now
from balai.inbox.models import Conversation
from balai.people.models import Institution, Member
from balai.people.selectors import current_members, reach_of

OPEN = {"is_open__in": (True,)}  # SQLite looks IN (1) up in an index, a bare column in none
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rota:
    """Who works at a moment. Members who left are in none of it."""

    at: datetime
    on_duty: Mapping[int, Mapping[int, datetime]]  # team -> member -> until when
    away: Mapping[int, Absence]  # the absence that runs, by member

    @property
    def deputies(self) -> dict[int, int | None]:
        """Who stands in for everybody who is away."""
        return {member: absence.deputy_id for member, absence in self.away.items()}

    def takers(self, team_id: int) -> list[int]:
        """The members who take new work of a team now."""
        return list(takers(self.on_duty.get(team_id, {}), self.deputies))

    def stands_in_for(self, member_id: int) -> int | None:
        """Who does that member's work now; None where nobody is left."""
        return stand_in(member_id, self.deputies)


def today_of(institution: Institution, at: datetime | None = None) -> date:
    """The day in the institution's zone."""
    return (at or now()).astimezone(ZoneInfo(institution.zone)).date()


def rota_of(institution: Institution, at: datetime | None = None) -> Rota:
    """Who is on duty and who is away at a moment (now). Some five queries, however many work."""
    at = at or now()
    local = at.astimezone(ZoneInfo(institution.zone))
    days_off = calendar_of(institution).days_off
    here = set(current_members(institution).values_list("pk", flat=True))
    on_duty: dict[int, dict[int, datetime]] = defaultdict(dict)
    for team_id, member_id, pattern in _patterns(institution, local.date()):
        until = duty_until(pattern, local, days_off) if member_id in here else None
        if until is not None:
            known = on_duty[team_id].get(member_id)
            on_duty[team_id][member_id] = max(until, known) if known else until
    away = {}
    for absence in absences_on(institution, local.date()):
        if absence.deputy_id not in here:
            absence.deputy, absence.deputy_id = None, None
        if absence.member_id in here:
            away[absence.member_id] = absence
    return Rota(at, on_duty, away)


def absences_on(institution: Institution | int, day: date) -> QuerySet[Absence]:
    """The absences that run on a day."""
    pk = institution if isinstance(institution, int) else institution.pk
    found = Absence.objects.filter(institution=pk, withdrawn_at=None)
    found = found.filter(first_on__lte=day, last_on__gte=day)
    return found.select_related("member", "deputy").order_by("member__name", "pk")


def absences_ahead(institution: Institution, day: date) -> QuerySet[Absence]:
    """The absences that run on a day or begin later, the nearest first."""
    found = Absence.objects.filter(institution=institution, withdrawn_at=None, last_on__gte=day)
    return found.select_related("member", "deputy").order_by("first_on", "member__name")


def loads_of(member_ids: Iterable[int]) -> dict[int, int]:
    """In how many open conversations each of these owes the next word."""
    found = Conversation.objects.filter(assignee__in=list(member_ids), **OPEN)
    return dict(found.order_by().values_list("assignee").annotate(Count("pk")))


def capacities_of(member_ids: Iterable[int]) -> dict[int, int]:
    """How many open conversations each of these can have at once."""
    ids = list(member_ids)
    said = dict(Capacity.objects.filter(member__in=ids).values_list("member", "most"))
    return {pk: said.get(pk, DEFAULT_CAPACITY) for pk in ids}


def hands_of(institution: Institution, member_ids: Iterable[int]) -> list[Hand]:
    """These members as those who can take work: room, load, and where they may answer."""
    members = list(Member.objects.filter(pk__in=list(member_ids), left_at=None))
    ids = [member.pk for member in members]
    loads, capacities = loads_of(ids), capacities_of(ids)
    hands = []
    for member in members:
        reach = reach_of(member, "conversation.answer", institution)
        if reach:
            hands.append(
                Hand(
                    member.pk,
                    capacities[member.pk],
                    loads.get(member.pk, 0),
                    everywhere=reach.everywhere,
                    units=reach.unit_ids,
                )
            )
    return hands


def waiting_of(team: Team) -> QuerySet[Conversation]:
    """What waits for somebody of the team: danger first, then what is due first."""
    mine = Q(passed__team=team)
    if team.unit_id is not None:
        mine |= Q(unit=team.unit_id, passed__isnull=True)
    if team.takes_unsorted:
        mine |= Q(unit=None, passed__isnull=True)
    found = Conversation.objects.filter(mine, institution=team.institution_id, assignee=None)
    return found.filter(**OPEN).order_by("-priority", "due_at", "pk")


def _patterns(institution: Institution, day: date) -> list[tuple[int, int, Pattern]]:
    """Team, member and hours of everybody's shifts."""
    duties = Duty.objects.filter(
        shift__team__institution=institution,
        shift__team__retired_at=None,
        shift__retired_at=None,
    ).select_related("shift")
    rows = list(duties.order_by("pk"))
    shifts = {duty.shift_id for duty in rows}
    week: dict[int, dict[int, list[Hours]]] = defaultdict(lambda: defaultdict(list))
    for span in ShiftSpan.objects.filter(shift__in=shifts):
        week[span.shift_id][span.weekday].append((span.starts, span.ends))
    changes: dict[tuple[int, int | None], dict[date, list[Hours]]] = defaultdict(dict)
    near = ShiftChange.objects.filter(shift__in=shifts, on__range=(day - ONE_DAY, day + ONE_DAY))
    for change in near:
        changes[change.shift_id, change.member_id][change.on] = hours_from(change.spans)
    return [
        (
            duty.shift.team_id,
            duty.member_id,
            Pattern(
                week[duty.shift_id],
                {**changes[duty.shift_id, None], **changes[duty.shift_id, duty.member_id]},
                duty.shift.works_on_days_off,
            ),
        )
        for duty in rows
    ]


def hours_from(pairs: Iterable[Iterable[str]]) -> list[Hours]:
    """Hours as they are kept in a change: pairs of HH:MM."""
    return [(time.fromisoformat(starts), time.fromisoformat(ends)) for starts, ends in pairs]
