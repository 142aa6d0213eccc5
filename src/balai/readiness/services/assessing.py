"""From the plan of an assessment to the auditor's desk: freeze, judge, prove, hand in."""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.people.models import Institution, Member
from balai.people.services import NotAllowed, allow
from balai.readiness.models import Answer, Assessment, Assessor, Evidence, Sample
from balai.readiness.rules import assessing
from balai.readiness.rules.figures import FORMULA, fingerprint
from balai.readiness.rules.scoring import Indicator, Mode, computed_level
from balai.readiness.selectors import Window, evidence_of, figure, questions_of, questions_on
from balai.readiness.services.moving import lock, move

State = Assessment.State


@transaction.atomic
def plan_assessment(
    institution: Institution, *, year: int, last: date, assessors: Mapping[str, Member], by: Member
) -> Assessment:
    """Plan the assessment of a year: what is counted ends with `last`; each component has somebody.

    Raises ValidationError for a year that has one, a component without an assessor, or a stranger.
    """
    allow(by, "readiness.plan", institution)
    source, asked = questions_on(last)
    codes = {one.code for one in asked.components}
    if set(assessors) != codes:
        raise ValidationError(_("Name somebody for each of the seven components."))
    if any(one.institution_id != institution.pk or one.left_at for one in assessors.values()):
        raise ValidationError(_("Choose somebody who works in this institution."))
    if Assessment.objects.filter(institution=institution, year=year).exclude(
        state=State.SUPERSEDED
    ).exists():  # fmt: skip
        raise ValidationError({"year": _("There is an assessment of this year already.")})
    row = Assessment.objects.create(
        institution=institution,
        year=year,
        last=last,
        instrument_hash=source.content_hash,
        planned_by=by,
        planned_at=now(),
    )
    Assessor.objects.bulk_create(
        Assessor(assessment=row, component=code, member=member)
        for code, member in sorted(assessors.items())
    )
    record(by=by, did="assessment.planned", on=row, year=year, instrument=source.content_hash)
    return row


@transaction.atomic
def freeze_figures(assessment: Assessment, *, by: Member) -> Assessment:
    """Count every indicator once, and keep the figures under a hash; from now on people judge.

    Raises NotNow, and ValidationError before the last day that is counted is over.
    """
    row = lock(assessment)
    allow(by, "readiness.plan", row.institution_id)
    assessing.check_move(row.state, State.COLLECTING)
    asked = questions_of(row)
    first = row.last - timedelta(days=asked.window_days - 1)
    window = Window(row.institution, first, row.last, now())
    if window.ends_at > window.at:
        raise ValidationError(_("The days that are counted are not over yet."))
    answers = [_answer(row, one, window) for one in asked.indicators]
    Answer.objects.bulk_create(answers)
    row.snapshot_hash, row.frozen_at = _hash_of(answers), window.at
    move(row, State.COLLECTING, by=by, snapshot=row.snapshot_hash)
    return row


@transaction.atomic
def assess(answer: Answer, *, comment: str, by: Member, claimed: int | None = None) -> Answer:
    """Claim a level for what is attested, or only comment on what is computed.

    Raises NotAllowed for anybody but the component's assessor, NotNow, ValidationError.
    """
    row = lock(answer.assessment)
    allow(by, "readiness.assess", row.institution_id, owner=by)
    if row.state not in assessing.OPEN_TO_ASSESSORS:
        raise assessing.NotNow(row.state, "assess")
    if not row.assessors.filter(component=answer.code[0], member=by).exists():
        raise NotAllowed(_("Another person answers for this component."), action="readiness.assess")
    if answer.mode == Mode.AUTO and claimed is not None:
        raise ValidationError({"claimed": _("A computed figure cannot be replaced by hand.")})
    answer.claimed, answer.comment, answer.assessed_by = claimed, comment, by
    answer.returned_for = ""
    answer.full_clean(exclude=["assessment"])
    answer.save()
    record(by=by, did="indicator.assessed", on=answer, code=answer.code, level=claimed)
    return answer


@transaction.atomic
def add_evidence(
    institution: Institution,
    *,
    code: str,
    title: str,
    made_on: date,
    by: Member,
    address: str = "",
    reference: str = "",
) -> Evidence:
    """Keep what proves an indicator. How long it lives is told by the instrument, not by the owner.

    Raises ValidationError for a computed indicator, a day to come, or what nobody could find.
    """
    allow(by, "readiness.assess", institution, owner=by)
    today = now().date()
    _source, asked = questions_on(today)
    indicator = asked.indicator(code)
    if indicator.mode is Mode.AUTO:
        raise ValidationError(_("This indicator is computed: it needs no evidence."))
    if made_on > today:
        raise ValidationError({"made_on": _("Choose a day that is not still to come.")})
    piece = Evidence(
        institution=institution,
        code=code,
        title=title,
        address=address,
        reference=reference,
        made_on=made_on,
        valid_until=_months_after(made_on, indicator.months),
        owner=by,
        added_at=now(),
    )
    if not address and not reference:
        raise ValidationError(_("Say where it can be found: an address, or its number."))
    piece.full_clean()
    piece.save()
    record(by=by, did="evidence.added", on=piece, code=code, until=piece.valid_until.isoformat())
    return piece


@transaction.atomic
def withdraw_evidence(evidence: Evidence, *, reason: str, by: Member) -> None:
    """Take evidence back that is wrong. It stays on record, and what was sampled stays so too.

    Raises NotAllowed for anybody but its owner, ValidationError once it was sampled.
    """
    piece = Evidence.objects.select_for_update().get(pk=evidence.pk)
    allow(by, "readiness.assess", piece.institution_id, owner=by)
    if piece.owner_id != by.pk:
        raise NotAllowed(_("Only its owner takes evidence back."), action="readiness.assess")
    if piece.samples.exists():
        raise ValidationError(_("The auditor has looked at it: it cannot be taken back."))
    piece.withdrawn_at = now()
    piece.save(update_fields=["withdrawn_at"])
    record(by=by, did="evidence.withdrawn", on=piece, reason=reason)


@transaction.atomic
def hand_in(assessment: Assessment, *, by: Member) -> Assessment:
    """Give the assessment to the auditor, and draw which evidence is looked at. Raises NotNow."""
    row = lock(assessment)
    allow(by, "readiness.plan", row.institution_id)
    assessing.check_move(row.state, State.SELF_ASSESSED)
    asked = questions_of(row)
    live = [one.pk for one in evidence_of(row.institution_id)]
    drawn = assessing.sampled(live, asked.sample_share, row.snapshot_hash)
    there = set(row.samples.values_list("evidence_id", flat=True))
    Sample.objects.bulk_create(
        Sample(assessment=row, evidence_id=pk) for pk in drawn if pk not in there
    )
    move(row, State.SELF_ASSESSED, by=by, sampled=len(drawn), of=len(live))
    return row


def _answer(row: Assessment, one: Indicator, window: Window) -> Answer:
    found = figure(one.signal, window, one.n_min)
    question = {"institution": row.institution_id, "first": window.first, "last": window.last}
    return Answer(
        assessment=row,
        code=one.code,
        mode=one.mode,
        status=found.status,
        reason=found.reason,
        numerator="" if found.numerator is None else str(found.numerator),
        denominator="" if found.denominator is None else str(found.denominator),
        n=found.n,
        fingerprint=fingerprint(one.signal, FORMULA, question),
        computed=computed_level(one, found.value),
    )


def _hash_of(answers: list[Answer]) -> str:
    lines = (
        f"{one.code}|{one.status}|{one.numerator}|{one.denominator}|{one.n}|{one.fingerprint}"
        for one in answers
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _months_after(on: date, months: int) -> date:
    """The same day so many months later, or the month's last where it has no such day."""
    month = on.month - 1 + months
    year, month = on.year + month // 12, month % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=on.day - 1), following - timedelta(days=1))
