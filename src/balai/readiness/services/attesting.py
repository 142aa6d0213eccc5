"""From the auditor's desk to the public: look, return or attest, discuss, sign, publish."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.people.models import Member
from balai.people.services import NotAllowed, allow, refuse_same_person
from balai.readiness.models import Assessment, Sample, Step
from balai.readiness.rules import assessing
from balai.readiness.rules.scoring import gaps
from balai.readiness.selectors import assessed
from balai.readiness.services.moving import lock, move

State = Assessment.State


@transaction.atomic
def judge_sample(sample: Sample, *, verdict: str, note: str, by: Member) -> Sample:
    """Say whether a piece of evidence holds. One that does not sets its indicator to level 1.

    Raises NotAllowed for its owner and for assessors, NotNow, ValidationError.
    """
    row = lock(sample.assessment)
    _allow_auditor(row, by)
    refuse_same_person(sample.evidence.owner_id, by, ("assessor", "attestor"))
    if row.state != State.SELF_ASSESSED:
        raise assessing.NotNow(row.state, "judge")
    if verdict == Sample.Verdict.FAILS and not note.strip():
        raise ValidationError({"note": _("Say what was found.")})
    sample.verdict, sample.note, sample.judged_by = verdict, note, by
    sample.full_clean(exclude=["assessment", "evidence"])
    sample.save()
    record(by=by, did="evidence.sampled", on=sample, verdict=verdict, code=sample.evidence.code)
    return sample


@transaction.atomic
def return_assessment(
    assessment: Assessment, *, reasons: Mapping[str, str], by: Member
) -> Assessment:
    """Send it back to the assessors with a reason for each indicator. Raises NotNow."""
    row = lock(assessment)
    _allow_auditor(row, by)
    told = {code: why.strip() for code, why in reasons.items() if why.strip()}
    if not told:
        raise ValidationError(_("Say at one indicator at least what is wrong."))
    for code, why in told.items():
        if not row.answers.filter(code=code).update(returned_for=why):
            raise ValidationError(_("There is no such indicator: %(code)s") % {"code": code})
    move(row, State.RETURNED, by=by, reason="; ".join(told.values()), codes=sorted(told))
    return row


@transaction.atomic
def attest(assessment: Assessment, *, by: Member) -> Assessment:
    """Vouch for it after every sample was judged. Raises NotNow, NotAllowed, ValidationError."""
    row = lock(assessment)
    _allow_auditor(row, by)
    if row.samples.filter(verdict="").exists():
        raise ValidationError(_("Look at every piece of evidence that was drawn first."))
    row.attested_by, row.attested_at = by, now()
    failed = row.samples.filter(verdict=Sample.Verdict.FAILS).count()
    move(row, State.ATTESTED, by=by, sampled=row.samples.count(), failed=failed)
    return row


@transaction.atomic
def discuss(assessment: Assessment, *, minutes: str, decisions: str, by: Member) -> Assessment:
    """Write down what leadership made of it. Raises NotNow, ValidationError without decisions."""
    row = lock(assessment)
    allow(by, "readiness.sign", row.institution_id)
    if not minutes.strip() or not decisions.strip():
        raise ValidationError(_("Write down what was said, and what was decided."))
    row.minutes, row.decisions = minutes, decisions
    move(row, State.DISCUSSED, by=by)
    return row


@transaction.atomic
def sign(assessment: Assessment, *, by: Member) -> Assessment:
    """The leader signs what at least six of seven components can tell. Raises NotNow,
    ValidationError."""
    row = lock(assessment)
    allow(by, "readiness.sign", row.institution_id)
    assessing.check_move(row.state, State.SIGNED)
    found = assessed(row)
    if found.readiness.value is None:
        raise ValidationError(
            _("Only %(n)d of 7 components can be told; %(least)d are needed.")
            % {"n": found.readiness.reportable, "least": found.instrument.least_reportable}
        )
    row.value, row.level = found.readiness.value, found.readiness.level
    row.signed_by, row.signed_at = by, now()
    move(row, State.SIGNED, by=by, value=str(row.value), level=row.level)
    return row


@transaction.atomic
def publish(assessment: Assessment, *, by: Member) -> Assessment:
    """Make it public; what was published before is superseded. Raises NotNow."""
    row = lock(assessment)
    allow(by, "readiness.publish", row.institution_id)
    assessing.check_move(row.state, State.PUBLISHED)
    before = Assessment.objects.select_for_update(of=("self",)).filter(
        institution=row.institution_id, state=State.PUBLISHED
    )
    for old in before:
        move(old, State.SUPERSEDED, by=by)
    row.published_at = now()
    move(row, State.PUBLISHED, by=by)
    return row


@transaction.atomic
def take_step(
    assessment: Assessment, *, code: str, what: str, owner: Member, due_on: date, by: Member
) -> Step:
    """Put a step of the next level into somebody's hands. Raises NotNow before it is signed, and
    ValidationError for what is no gap of the next level."""
    row = lock(assessment)
    allow(by, "readiness.plan", row.institution_id)
    if row.state not in (State.SIGNED, State.PUBLISHED):
        raise assessing.NotNow(row.state, "plan")
    found = assessed(row)
    wanted = {
        gap.code: gap.target
        for one in found.readiness.components
        for gap in gaps(found.instrument, one, found.levels)
    }
    if code not in wanted:
        raise ValidationError(_("Only what is missing for the next level is planned."))
    if owner.institution_id != row.institution_id or owner.left_at:
        raise ValidationError({"owner": _("Choose somebody who works in this institution.")})
    if due_on <= now().date():
        raise ValidationError({"due_on": _("Choose a day that is still to come.")})
    step, _made = Step.objects.update_or_create(
        assessment=row,
        code=code,
        defaults={"target": wanted[code], "what": what, "owner": owner, "due_on": due_on},
    )
    record(by=by, did="plan.step_taken", on=step, code=code, target=step.target)
    return step


def _allow_auditor(row: Assessment, by: Member) -> None:
    """An auditor who assessed nothing of it, and sits in another unit than whoever did."""
    allow(by, "readiness.attest", row.institution_id)
    for one in row.assessors.select_related("member"):
        refuse_same_person(one.member_id, by, ("assessor", "attestor"))
        if by.unit_id is not None and one.member.unit_id == by.unit_id:
            raise NotAllowed(
                _("Somebody of your unit assessed a part of it: another unit attests."),
                action="readiness.attest",
            )
