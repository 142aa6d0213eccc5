"""What is done about the elements that citizens judged worst."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.people.models import Member
from balai.people.services import allow
from balai.surveys.models import FollowUp, Survey
from balai.surveys.selectors import lowest_of, result_of, today_of
from balai.surveys.services.moving import lock, move

State = Survey.State


@transaction.atomic
def plan_follow_up(
    survey: Survey, *, code: str, what: str, owner: Member, due_on: date, by: Member
) -> FollowUp:
    """Say what is done about an element, by whom, until when. With the lowest three planned, the
    survey is planned (domain 5.4(7)). Raises ValidationError."""
    survey = lock(survey)
    allow(by, "survey.write", survey.institution_id, unit=survey.unit_id)
    result = result_of(survey)
    if survey.state not in (State.PUBLISHED, State.FOLLOW_UP_PLANNED) or result is None:
        raise ValidationError(_("The follow-up is planned when the result is published."))
    if code not in {one.code for one in result.index.figures}:
        raise ValidationError({"code": _("The survey has no such element.")})
    if owner.institution_id != survey.institution_id or owner.left_at:
        raise ValidationError({"owner": _("Choose somebody who works here.")})
    if due_on <= today_of(survey.institution):
        raise ValidationError({"due_on": _("Choose a day that is still to come.")})
    planned, _made = FollowUp.objects.update_or_create(
        survey=survey,
        code=code,
        defaults={"what": what, "owner": owner, "due_on": due_on, "proof": "", "done_at": None},
    )
    record(by=by, did="follow_up.planned", on=survey, code=code, until=due_on.isoformat())
    wanted = {one.code for one in lowest_of(result)}
    have = set(survey.follow_ups.values_list("code", flat=True))
    if survey.state == State.PUBLISHED and wanted <= have:
        move(survey, State.FOLLOW_UP_PLANNED, did="survey.follow_up_planned", by=by)
    return planned


@transaction.atomic
def follow_up_done(follow_up: FollowUp, *, proof: str, by: Member) -> FollowUp:
    """Say that it was done, with the proof. When all is done, the survey is. Raises
    ValidationError."""
    survey = lock(follow_up.survey)
    allow(by, "survey.write", survey.institution_id, unit=survey.unit_id, owner=follow_up.owner_id)
    follow_up = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if follow_up.done_at:
        raise ValidationError(_("This was reported as done already."))
    follow_up.proof, follow_up.done_at = proof.strip(), now()
    follow_up.full_clean()
    follow_up.save()
    record(by=by, did="follow_up.done", on=survey, code=follow_up.code)
    is_last = not survey.follow_ups.filter(done_at=None).exists()
    if survey.state == State.FOLLOW_UP_PLANNED and is_last:
        move(survey, State.FOLLOW_UP_DONE, did="survey.follow_up_done", by=by)
    return follow_up
