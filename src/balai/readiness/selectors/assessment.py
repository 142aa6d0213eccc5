"""Assessments as they stand: levels by the very instrument they were planned with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import QuerySet

from balai.governance.selectors import Instrument as DatedFile
from balai.governance.selectors import instrument, instrument_by_hash
from balai.people.models import Institution
from balai.readiness.models import Answer, Assessment, Evidence, Sample
from balai.readiness.rules.figures import Figure, Status
from balai.readiness.rules.scoring import (
    Instrument,
    Proof,
    Readiness,
    level_of,
    proof_of,
    read_instrument,
    readiness_of,
)

INSTRUMENT = "readiness"


@dataclass(frozen=True)
class Answered:
    """One indicator with what stands behind it."""

    row: Answer
    figure: Figure
    evidence: list[Evidence]
    proof: Proof
    level: int | None


@dataclass(frozen=True)
class Assessed:
    """An assessment with every level and what they come to."""

    row: Assessment
    file: DatedFile
    instrument: Instrument
    answers: Mapping[str, Answered]
    readiness: Readiness

    @property
    def levels(self) -> dict[str, int | None]:
        return {code: one.level for code, one in self.answers.items()}


def questions_on(on: date) -> tuple[DatedFile, Instrument]:
    """The questions in force on a day, and the dated file in which they stand."""
    found = instrument(INSTRUMENT, on)
    return found, read_instrument(found.content)


def questions_of(row: Assessment) -> Instrument:
    """The questions with which an assessment was planned, whatever came into force since."""
    return read_instrument(instrument_by_hash(row.instrument_hash).content)


def assessments_of(institution: Institution | int) -> QuerySet[Assessment]:
    """The institution's assessments, the newest first."""
    number = institution if isinstance(institution, int) else institution.pk
    found = Assessment.objects.filter(institution=number)
    return found.select_related("institution", "planned_by", "attested_by", "signed_by").order_by(
        "-year", "-pk"
    )


def evidence_of(institution: Institution | int) -> QuerySet[Evidence]:
    """Evidence that was not withdrawn, by indicator."""
    number = institution if isinstance(institution, int) else institution.pk
    found = Evidence.objects.filter(institution=number, withdrawn_at=None)
    return found.select_related("owner").order_by("code", "-valid_until", "pk")


def expiring(institution: Institution | int, on: date, within: timedelta) -> QuerySet[Evidence]:
    """Evidence that has expired or will within that time: somebody has to renew it."""
    return evidence_of(institution).filter(valid_until__lt=on + within).order_by("valid_until")


def assessed(row: Assessment) -> Assessed:
    """Levels of an assessment, computed from its rows: nothing of it is kept a second time."""
    source = instrument_by_hash(row.instrument_hash)
    asked = read_instrument(source.content)
    by_code: dict[str, list[Evidence]] = {}
    for piece in evidence_of(row.institution_id):
        by_code.setdefault(piece.code, []).append(piece)
    failed = set(
        row.samples.filter(verdict=Sample.Verdict.FAILS).values_list("evidence__code", flat=True)
    )
    answers = {
        one.code: _answered(asked, one, by_code.get(one.code, []), row.last, one.code in failed)
        for one in row.answers.select_related("assessed_by")
    }
    levels = {code: one.level for code, one in answers.items()}
    return Assessed(row, source, asked, answers, readiness_of(asked, levels))


def year_before(row: Assessment) -> Assessed | None:
    """The signed assessment of an earlier year that stands beside this one."""
    done = (Assessment.State.SIGNED, Assessment.State.PUBLISHED, Assessment.State.SUPERSEDED)
    found = assessments_of(row.institution_id).filter(year__lt=row.year, state__in=done).first()
    return assessed(found) if found else None


def _answered(
    asked: Instrument, row: Answer, evidence: list[Evidence], on: date, failed: bool
) -> Answered:
    indicator = asked.indicator(row.code)
    proof = proof_of([one.valid_until for one in evidence], on, failed=failed)
    figure = Figure(
        Status(row.status),
        Fraction(row.numerator) if row.numerator else None,
        Fraction(row.denominator) if row.denominator else None,
        row.n,
        row.reason,
    )
    level = level_of(indicator, row.computed, row.claimed, proof)
    return Answered(row, figure, evidence, proof, level)
