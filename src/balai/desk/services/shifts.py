"""When a team works: weekly hours, changes of one day, absence, and what a shift leaves behind."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.desk.models import (
    Absence,
    Duty,
    HandOver,
    HandOverRead,
    Shift,
    ShiftChange,
    ShiftSpan,
    Team,
)
from balai.desk.rules.duty import Hours, WrongHours, refuse_overlap
from balai.desk.selectors.teams import is_of_team, reads_hand_overs, seats_of
from balai.desk.services.teams import refuse_strangers
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.people.models import Member
from balai.people.services import allow, refusal

Spans = Sequence[tuple[int, Hours]]


@transaction.atomic
def keep_shift(
    team: Team,
    *,
    name: str,
    spans: Spans,
    by: Member,
    members: Iterable[Member] = (),
    works_on_days_off: bool = False,
    shift: Shift | None = None,
) -> Shift:
    """Decide a shift of a team, a new one or (`shift`) another wording of one.

    `spans` are weekdays (0 is Monday) with hours. Raises NotAllowed, and ValidationError where
    hours overlap or somebody is not of the team.
    """
    allow(by, "desk.arrange", team.institution_id)
    people = list(members)
    seated = {member.pk for member in seats_of(team)}
    if any(member.pk not in seated for member in people):
        raise ValidationError({"members": _("Only members of the team can work its shifts.")})
    _refuse_hours(spans)
    shift = shift or Shift(team=team)
    shift.name, shift.works_on_days_off = name, works_on_days_off
    shift.full_clean()
    shift.save()
    shift.spans.all().delete()
    ShiftSpan.objects.bulk_create(
        ShiftSpan(shift=shift, weekday=weekday, starts=starts, ends=ends)
        for weekday, (starts, ends) in spans
    )
    shift.duties.all().delete()
    Duty.objects.bulk_create(Duty(shift=shift, member=member) for member in people)
    record(by=by, did="shift.kept", on=team, shift=shift.pk, members=len(people), spans=len(spans))
    return shift


@transaction.atomic
def retire_shift(shift: Shift, *, by: Member) -> None:
    """Nobody works this shift any more."""
    allow(by, "desk.arrange", shift.team.institution_id)
    shift.retired_at = now()
    shift.save(update_fields=["retired_at"])
    record(by=by, did="shift.retired", on=shift.team, shift=shift.pk)


@transaction.atomic
def change_day(
    shift: Shift,
    *,
    on: date,
    hours: Sequence[Hours],
    by: Member,
    member: Member | None = None,
    reason: str = "",
) -> ShiftChange:
    """Other hours on one date (none: nobody works), for all of the shift or for one member."""
    allow(by, "desk.arrange", shift.team.institution_id)
    _refuse_hours([(0, span) for span in hours])
    if member is not None and not shift.duties.filter(member=member).exists():
        raise ValidationError({"member": _("This person does not work this shift.")})
    pairs = [[f"{starts:%H:%M}", f"{ends:%H:%M}"] for starts, ends in hours]
    change, _made = ShiftChange.objects.update_or_create(
        shift=shift, on=on, member=member, defaults={"spans": pairs, "reason": reason}
    )
    record(by=by, did="shift.changed", on=shift.team, shift=shift.pk, date=on.isoformat())
    return change


@transaction.atomic
def enter_absence(
    member: Member,
    *,
    kind: str,
    first_on: date,
    last_on: date,
    by: Member,
    deputy: Member | None = None,
) -> Absence:
    """Somebody is away; new work goes to the deputy. One's own, or whoever arranges the desk.

    The reason stays out of the audit log. Raises NotAllowed, ValidationError.
    """
    if by.pk != member.pk or by.institution_id != member.institution_id:
        allow(by, "desk.arrange", member.institution_id)
    refuse_strangers(member.institution_id, member, deputy)
    if last_on < first_on:
        raise ValidationError({"last_on": _("The last day lies before the first one.")})
    if deputy is not None and deputy.pk == member.pk:
        raise ValidationError({"deputy": _("Choose somebody else as the deputy.")})
    known = Absence.objects.filter(member=member, withdrawn_at=None)
    if known.filter(first_on__lte=last_on, last_on__gte=first_on).exists():
        raise ValidationError(_("An absence is entered for some of these days; withdraw it first."))
    absence = Absence(
        institution_id=member.institution_id,
        member=member,
        kind=kind,
        first_on=first_on,
        last_on=last_on,
        deputy=deputy,
        entered_by=by,
        entered_at=now(),
    )
    absence.full_clean()
    absence.save()
    record(
        by=by,
        did="absence.entered",
        on=absence,
        first=first_on.isoformat(),
        last=last_on.isoformat(),
        deputy=deputy and deputy.pk,
    )
    return absence


@transaction.atomic
def withdraw_absence(absence: Absence, *, by: Member) -> None:
    """The person is here after all, or back sooner. Does nothing the second time."""
    if by.pk != absence.member_id:
        allow(by, "desk.arrange", absence.institution_id)
    if Absence.objects.filter(pk=absence.pk, withdrawn_at=None).update(withdrawn_at=now()):
        record(by=by, did="absence.withdrawn", on=absence)


@transaction.atomic
def write_hand_over(team: Team, *, text: str, by: Member) -> HandOver:
    """Leave a note to the next shift of one's own team. Raises NotAllowed, ValidationError."""
    if not (by.institution_id == team.institution_id and is_of_team(by, team)):
        allow(by, "desk.arrange", team.institution_id)
    if not text.strip():
        raise ValidationError({"text": _("Write what the next shift should know.")})
    note = HandOver.objects.create(team=team, by=by, text=text.strip(), written_at=now())
    HandOverRead.objects.create(note=note, member=by, at=note.written_at)
    record(by=by, did="hand_over.written", on=team, note=note.pk)
    return note


@transaction.atomic
def read_hand_over(note: HandOver, *, by: Member) -> None:
    """Say that one has read what the shift before left. Raises NotAllowed."""
    if by.institution_id != note.team.institution_id or not reads_hand_overs(by, note.team):
        raise refusal("desk.arrange")
    HandOverRead.objects.get_or_create(note=note, member=by, defaults={"at": now()})


def _refuse_hours(spans: Spans) -> None:
    week: dict[int, list[Hours]] = {}
    for weekday, hours in spans:
        week.setdefault(weekday, []).append(hours)
    try:
        refuse_overlap(week)
    except WrongHours as wrong:
        raise ValidationError(
            _("Some hours overlap, or end when they begin. Look at them again.")
        ) from wrong
