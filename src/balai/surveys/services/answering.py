"""What people answer, on the web, at the counter, by telephone, after their case."""

import secrets
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.people.models import Member
from balai.people.services import allow
from balai.surveys.models import Answer, Invitation, Response, Survey
from balai.surveys.selectors import asked, hash_of, instrument_of, invitation_for, today_of

Mode = Response.Mode
LONGEST_REMARK = 2_000


class NotOpen(ValidationError):
    """The survey takes no answers now."""

    def __init__(self) -> None:
        super().__init__(_("This survey is over, or has not begun. Thank you for wanting to help."))


class Incomplete(ValidationError):
    """Nothing was answered."""

    def __init__(self) -> None:
        super().__init__(_("Answer at least one question."))


def fresh_key() -> str:
    """A key for one form; sent twice, it is one answer."""
    return secrets.token_urlsafe(24)


@transaction.atomic
def respond(
    survey: Survey,
    *,
    key: str,
    values: Mapping[str, int],
    remark: str = "",
    mode: str = Mode.WEB,
    by: Member | None = None,
) -> Response:
    """Keep what a person answered; `by` is the officer who wrote it down, None for the person.

    An answer with a known key is the one that is there. Raises NotOpen, Incomplete,
    ValidationError.
    """
    if by is not None:
        allow(by, "survey.enter", survey.institution_id, unit=survey.unit_id)
    known = Response.objects.filter(key=hash_of(key), survey=survey).first()
    if known is not None:
        return known
    survey = (
        Survey.objects.select_related("institution")
        .select_for_update(of=("self",))
        .get(pk=survey.pk)
    )
    today = today_of(survey.institution)
    # Sheets are carried in after the day, until the survey is closed.
    is_late = today > survey.ends_on and by is None
    if survey.state != Survey.State.OPEN or today < survey.starts_on or is_late:
        raise NotOpen
    said = _checked(survey, values)
    response = Response.objects.create(
        survey=survey,
        key=hash_of(key),
        mode=mode,
        answered_on=min(today, survey.ends_on),
        is_complete=len(said) == len(asked(survey)),
        remark=remark.strip()[:LONGEST_REMARK],
        entered_by=by,
    )
    Answer.objects.bulk_create(
        Answer(response=response, code=code, value=value) for code, value in said.items()
    )
    if by is not None:
        record(by=by, did="response.entered", on=survey, mode=mode)
    return response


@transaction.atomic
def answer_invitation(key: str, *, values: Mapping[str, int], remark: str = "") -> Response:
    """What somebody answers whose matter is over. Raises NotOpen when the key is not good (any
    more), Incomplete, ValidationError."""
    invitation = invitation_for(key)
    if invitation is None:
        raise NotOpen
    used = Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=now())
    if not used:
        raise NotOpen
    return respond(invitation.survey, key=key, values=values, remark=remark, mode=Mode.POST_CASE)


def _checked(survey: Survey, values: Mapping[str, int]) -> dict[str, int]:
    least, most = instrument_of(survey).scale
    said = {one.code: values[one.code] for one in asked(survey) if one.code in values}
    if not said:
        raise Incomplete
    if any(not least <= value <= most for value in said.values()):
        raise ValidationError(_("An answer lies outside the scale. Load the page again."))
    return said
