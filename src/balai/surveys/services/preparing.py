"""From the first draft of a survey to the day nobody can answer it any more."""

import hashlib
import json
import secrets
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.governance.selectors import instrument
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.people.models import Institution, Member, Unit
from balai.people.selectors import SYSTEM
from balai.people.services import allow, refuse_same_person
from balai.surveys.models import Survey
from balai.surveys.rules import sample_by_formula, sample_by_table
from balai.surveys.selectors import asked, instrument_of, today_of
from balai.surveys.services.moving import lock, move

State = Survey.State
PAPER_IS_CARRIED_IN = timedelta(days=7)  # our own choice: then the machine closes the survey
INSTRUMENT = "skm"
SAMPLES = {Survey.Sample.TABLE: sample_by_table, Survey.Sample.FORMULA: sample_by_formula}


@transaction.atomic
def draft_survey(
    *, institution: Institution, by: Member, unit: Unit | None = None, **about: Any
) -> Survey:
    """Begin a survey by the instrument in force. `about`: service, is_free, starts_on, ends_on,
    population, sample_mode. Raises ValidationError."""
    allow(by, "survey.write", institution, unit=unit)
    pack = instrument(INSTRUMENT, today_of(institution))
    survey = Survey(
        institution=institution,
        code=secrets.token_hex(5),
        instrument=pack.instrument,
        version=pack.version,
        author=by,
        created_at=now(),
        moved_at=now(),
    )
    _fill(survey, unit, about)
    record(by=by, did="survey.drafted", on=survey)
    return survey


@transaction.atomic
def edit_survey(survey: Survey, *, by: Member, unit: Unit | None = None, **about: Any) -> Survey:
    """Change a draft. Raises ValidationError once it has been reviewed."""
    survey = lock(survey)
    allow(by, "survey.write", survey.institution_id, unit=survey.unit_id, owner=survey.author_id)
    if survey.state != State.DRAFT:
        raise ValidationError(_("What was reviewed is not changed. Send it back to draft first."))
    allow(by, "survey.write", survey.institution_id, unit=unit, owner=survey.author_id)
    _fill(survey, unit, about)
    record(by=by, did="survey.edited", on=survey)
    return survey


@transaction.atomic
def review_method(survey: Survey, *, by: Member) -> Survey:
    """Say that population, period, sample and service are right (domain 5.4(7))."""
    survey = lock(survey)
    allow(by, "survey.review_method", survey.institution_id)
    refuse_same_person(survey.author_id, by, ("author", "approver"))
    survey.method_reviewer = by
    return move(survey, State.METHOD_REVIEWED, did="survey.method_reviewed", by=by)


@transaction.atomic
def review_privacy(survey: Survey, *, by: Member) -> Survey:
    """Say that nothing is asked that identifies somebody without need."""
    survey = lock(survey)
    allow(by, "survey.review_privacy", survey.institution_id)
    survey.privacy_reviewer = by
    return move(survey, State.PRIVACY_REVIEWED, did="survey.privacy_reviewed", by=by)


@transaction.atomic
def send_back(survey: Survey, *, reason: str, by: Member) -> Survey:
    """Give a reviewed survey back to its author; both reviews begin anew."""
    survey = lock(survey)
    reviewed = survey.state == State.METHOD_REVIEWED
    allow(by, "survey.review_privacy" if reviewed else "survey.open", survey.institution_id)
    survey.method_reviewer = survey.privacy_reviewer = None
    return move(survey, State.DRAFT, did="survey.sent_back", by=by, reason=reason)


@transaction.atomic
def open_survey(survey: Survey, *, by: Member) -> Survey:
    """Let people answer. What is asked is frozen under a hash."""
    survey = lock(survey)
    allow(by, "survey.open", survey.institution_id)
    if survey.ends_on < today_of(survey.institution):
        raise ValidationError(_("Its last day is past. Send it back and choose another period."))
    survey.frozen_hash = frozen(survey)
    return move(survey, State.OPEN, did="survey.opened", by=by, hash=survey.frozen_hash)


@transaction.atomic
def close_survey(survey: Survey, *, by: Member) -> Survey:
    """Take no more answers."""
    survey = lock(survey)
    allow(by, "survey.open", survey.institution_id)
    return move(survey, State.CLOSED, did="survey.closed", by=by, n=survey.responses.count())


def end_surveys_over(most: int = 50) -> int:
    """Close what is past its last day and the days in which paper is carried in; returns how many.

    The machine's own act.
    """
    ended = 0
    last = now().date() + timedelta(days=1) - PAPER_IS_CARRIED_IN
    found = Survey.objects.filter(state=State.OPEN, ends_on__lt=last)
    for survey in found.select_related("institution").order_by("pk")[:most]:
        if survey.ends_on + PAPER_IS_CARRIED_IN < today_of(survey.institution):
            with transaction.atomic():
                held = lock(survey)
                if held.state == State.OPEN:
                    n = held.responses.count()
                    move(held, State.CLOSED, did="survey.closed", by=SYSTEM, n=n)
                    ended += 1
    return ended


def frozen(survey: Survey) -> str:
    """The hash of everything that a person is asked, and of how the result will be computed."""
    content = {
        "instrument": [survey.instrument, survey.version],
        "pack": instrument_of(survey).citation,
        "asked": [[one.code, dict(one.questions)] for one in asked(survey)],
        "is_free": survey.is_free,
        "service": survey.service,
        "period": [survey.starts_on.isoformat(), survey.ends_on.isoformat()],
        "sample": [survey.population, survey.sample_mode, survey.target],
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _fill(survey: Survey, unit: Unit | None, about: dict[str, Any]) -> None:
    if unit is not None and unit.institution_id != survey.institution_id:
        raise ValidationError({"unit": _("This unit belongs to another institution.")})
    for name, value in about.items():
        setattr(survey, name, value)
    survey.unit = unit
    if survey.population < 1:
        raise ValidationError({"population": _("At least one person was served.")})
    if survey.ends_on < survey.starts_on:
        raise ValidationError({"ends_on": _("It ends before it starts.")})
    size = SAMPLES[Survey.Sample(survey.sample_mode)]
    survey.target = size(survey.population, instrument_of(survey).sample)
    survey.full_clean()
    survey.save()
