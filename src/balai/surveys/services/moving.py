"""The only place that changes a survey's state."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.people.selectors import Actor
from balai.surveys.events import SurveyMoved
from balai.surveys.models import Survey
from balai.surveys.rules import NotAllowedNow, check_move


def lock(survey: Survey) -> Survey:
    """The survey as it is now, held until the transaction ends."""
    return Survey.objects.select_for_update().get(pk=survey.pk)


def move(survey: Survey, to: str, *, did: str, by: Actor, reason: str = "", **facts: Any) -> Survey:
    """Change, record, announce; whoever calls has allowed it and locked the row.

    Raises ValidationError when the survey's state does not allow it.
    """
    try:
        check_move(survey.state, to)
    except NotAllowedNow:
        raise ValidationError(
            _("This is not possible now: the survey is “%(state)s”. Load the page again.")
            % {"state": survey.get_state_display()}
        ) from None
    survey.state, survey.moved_at = to, now()
    survey.save()
    record(by=by, did=did, on=survey, reason=reason, **facts)
    announce(
        SurveyMoved(survey.institution_id, survey.pk, survey.state), scope=survey.institution_id
    )
    return survey
