"""An assessment from its plan to the public: who may do what, and what nobody can do."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from balai.governance.models import AuditEntry
from balai.ground.clock import now
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member, make_unit
from balai.readiness.models import Answer, Assessment, Sample
from balai.readiness.rules.assessing import NotNow
from balai.readiness.rules.scoring import Proof
from balai.readiness.selectors import assessed, expiring, year_before
from balai.readiness.services import (
    add_evidence,
    assess,
    attest,
    discuss,
    freeze_figures,
    hand_in,
    judge_sample,
    plan_assessment,
    publish,
    return_assessment,
    sign,
    take_step,
    withdraw_evidence,
)

pytestmark = pytest.mark.django_db
YEAR = 2026
COMPONENTS = "LPIECBT"


class Office:
    """A city with everybody whom an assessment needs."""

    def __init__(self):
        self.home = make_institution()
        self.head = make_member(self.home, "head_of_pr", unit=make_unit(self.home))
        self.owner = make_member(self.home, "dpo", unit=make_unit(self.home))
        self.auditor = make_member(self.home, "auditor", unit=make_unit(self.home))
        self.leader = make_member(self.home, "leader")

    def planned(self, year=YEAR, **fields):
        fields = {
            "last": now().date() - timedelta(days=2),
            "assessors": dict.fromkeys(COMPONENTS, self.owner),
            "by": self.head,
            **fields,
        }
        return plan_assessment(self.home, year=year, **fields)

    def collecting(self, **fields):
        return freeze_figures(self.planned(**fields), by=self.head)

    def proven(self, code="B4", **fields):
        fields = {"title": "SK Bupati", "reference": "SK 12/2026", "by": self.owner, **fields}
        made_on = fields.pop("made_on", now().date() - timedelta(days=10))
        return add_evidence(self.home, code=code, made_on=made_on, **fields)

    def attested(self, level=3, **fields):
        """As if every computed indicator had a figure, and everything was claimed and proven."""
        row = self.collecting(**fields)
        for answer in row.answers.exclude(mode="auto"):
            self.proven(answer.code)
            assess(answer, claimed=level, comment="", by=self.owner)
        Answer.objects.filter(assessment=row).exclude(mode="attested").update(computed=level)
        hand_in(row, by=self.head)
        for sample in row.samples.all():
            judge_sample(sample, verdict="holds", note="", by=self.auditor)
        return attest(row, by=self.auditor)

    def signed(self, **fields):
        row = discuss(
            self.attested(**fields), minutes="Rapat", decisions="Tambah petugas", by=self.leader
        )
        return sign(row, by=self.leader)


@pytest.fixture
def office():
    return Office()


def test_figures_are_frozen_under_a_hash_and_fifty_answers_wait(office):
    row = office.collecting()
    assert row.state == "collecting"
    assert len(row.snapshot_hash) == 64
    assert row.answers.count() == 50
    assert (
        AuditEntry.objects.get(did="assessment.collecting").facts["snapshot"] == row.snapshot_hash
    )


def test_who_has_nothing_in_the_system_gets_unknown_and_can_begin_with_the_attested(office):
    row = office.collecting()
    found = assessed(row)
    assert found.readiness.value is None
    assert found.levels["E3"] is None
    assert found.levels["B4"] == 1  # no evidence, no level
    office.proven("B4")
    assess(row.answers.get(code="B4"), claimed=3, comment="Tiga tahun", by=office.owner)
    assert assessed(row).levels["B4"] == 3


def test_a_component_without_an_assessor_or_a_second_plan_of_a_year_is_refused(office):
    with pytest.raises(ValidationError):
        office.planned(assessors={"L": office.owner})
    stranger = make_member(make_institution(), "dpo")
    with pytest.raises(ValidationError):
        office.planned(assessors=dict.fromkeys(COMPONENTS, stranger))
    office.planned()
    with pytest.raises(ValidationError):
        office.planned()


def test_days_that_are_not_over_are_not_counted(office):
    with pytest.raises(ValidationError):
        freeze_figures(office.planned(last=now().date() + timedelta(days=2)), by=office.head)


def test_nobody_overrides_a_computed_figure_not_even_in_the_table(office):
    row = office.collecting()
    computed = row.answers.get(code="E3")
    with pytest.raises(ValidationError):
        assess(computed, claimed=5, comment="", by=office.owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(pk=computed.pk).update(claimed=5)
    assess(computed, comment="Kami kekurangan petugas.", by=office.owner)


def test_only_the_component_s_assessor_judges_it(office):
    row = office.collecting()
    other = make_member(office.home, "data_steward")
    with pytest.raises(NotAllowed):
        assess(row.answers.get(code="B4"), claimed=5, comment="", by=other)
    with pytest.raises(NotAllowed):
        assess(row.answers.get(code="B4"), claimed=5, comment="", by=office.auditor)


def test_evidence_lives_as_long_as_the_instrument_says(office):
    made = now().date() - timedelta(days=1)
    year, training = office.proven("B4", made_on=made), office.proven("I3", made_on=made)
    assert (year.valid_until - made).days in (365, 366)
    assert (training.valid_until - made).days in (730, 731)
    with pytest.raises(ValidationError):
        office.proven("E3")  # computed: needs none
    with pytest.raises(ValidationError):
        office.proven("B4", reference="")
    with pytest.raises(ValidationError):
        office.proven("B4", made_on=now().date() + timedelta(days=5))


def test_expired_evidence_drops_a_level_and_is_asked_for_in_time(office):
    row = office.collecting()
    old = office.proven("B4", made_on=now().date() - timedelta(days=500))
    assess(row.answers.get(code="B4"), claimed=4, comment="", by=office.owner)
    found = assessed(row)
    assert found.answers["B4"].proof is Proof.EXPIRED
    assert found.levels["B4"] == 3
    assert list(expiring(office.home, now().date(), timedelta(days=30))) == [old]


def test_evidence_that_expires_while_it_is_judged_counts_as_on_the_last_day(office):
    row = office.collecting(last=now().date() - timedelta(days=40))
    piece = office.proven("B4", made_on=now().date() - timedelta(days=375))
    assert row.last < piece.valid_until < now().date()
    assess(row.answers.get(code="B4"), claimed=4, comment="", by=office.owner)
    assert assessed(row).levels["B4"] == 4


def test_a_fifth_of_the_evidence_is_drawn_and_all_of_it_is_looked_at(office):
    row = office.collecting()
    for _n in range(6):
        office.proven("B4")
    hand_in(row, by=office.head)
    samples = list(row.samples.all())
    assert len(samples) == 2
    with pytest.raises(ValidationError):
        attest(row, by=office.auditor)
    judge_sample(samples[0], verdict="holds", note="", by=office.auditor)
    with pytest.raises(ValidationError):
        judge_sample(samples[1], verdict="fails", note=" ", by=office.auditor)
    judge_sample(samples[1], verdict="fails", note="Nomornya tidak ada", by=office.auditor)
    assert attest(row, by=office.auditor).state == "attested"


def test_a_failed_sample_sets_its_indicator_to_one_whatever_was_claimed(office):
    row = office.collecting()
    office.proven("B4")
    assess(row.answers.get(code="B4"), claimed=5, comment="", by=office.owner)
    hand_in(row, by=office.head)
    judge_sample(Sample.objects.get(), verdict="fails", note="Bukan milik kami", by=office.auditor)
    assert assessed(row).levels["B4"] == 1


def test_what_was_sampled_cannot_be_taken_back_and_the_rest_only_by_its_owner(office):
    row = office.collecting()
    piece = office.proven("B4")
    with pytest.raises(NotAllowed):
        withdraw_evidence(piece, reason="salah", by=office.head)
    hand_in(row, by=office.head)
    with pytest.raises(ValidationError):
        withdraw_evidence(piece, reason="salah", by=office.owner)


def test_an_assessor_or_somebody_of_that_unit_does_not_attest(office):
    both = make_member(office.home, "dpo", "auditor")
    row = office.collecting(assessors=dict.fromkeys(COMPONENTS, both))
    hand_in(row, by=office.head)
    with pytest.raises(NotAllowed):
        attest(row, by=both)
    same_unit = make_member(office.home, "auditor", unit=office.owner.unit)
    other = office.collecting(year=YEAR + 1)
    hand_in(other, by=office.head)
    with pytest.raises(NotAllowed):
        attest(other, by=same_unit)
    assert attest(other, by=office.auditor).state == "attested"


def test_what_is_returned_carries_a_reason_and_can_be_handed_in_again(office):
    row = office.collecting()
    hand_in(row, by=office.head)
    with pytest.raises(ValidationError):
        return_assessment(row, reasons={"B4": " "}, by=office.auditor)
    with pytest.raises(ValidationError):
        return_assessment(row, reasons={"X1": "?"}, by=office.auditor)
    return_assessment(row, reasons={"B4": "Bukti tidak terbaca"}, by=office.auditor)
    answer = row.answers.get(code="B4")
    assert answer.returned_for == "Bukti tidak terbaca"
    assess(answer, claimed=2, comment="", by=office.owner)
    assert hand_in(row, by=office.head).state == "self_assessed"
    with pytest.raises(NotNow):
        assess(row.answers.get(code="B4"), claimed=3, comment="", by=office.owner)


def test_the_leader_signs_only_what_six_of_seven_components_can_tell(office):
    row = office.collecting()
    hand_in(row, by=office.head)
    attest(row, by=office.auditor)
    with pytest.raises(NotNow):
        sign(row, by=office.leader)
    with pytest.raises(ValidationError):
        discuss(row, minutes="Rapat", decisions=" ", by=office.leader)
    discuss(row, minutes="Rapat", decisions="Catat dulu", by=office.leader)
    with pytest.raises(ValidationError, match="0"):
        sign(row, by=office.leader)
    assert office.signed(year=YEAR + 1).level == 2  # L3 is held down: no owner of open calls


def test_last_year_stands_beside_this_one_and_is_superseded_by_it(office):
    first = publish(office.signed(year=YEAR - 1), by=office.head)
    second = office.signed()
    assert year_before(second).row.pk == first.pk
    publish(second, by=office.head)
    first.refresh_from_db()
    assert first.state == "superseded"


def test_the_plan_takes_only_steps_of_the_next_level(office):
    row = office.signed(level=2)
    soon = now().date() + timedelta(days=60)
    told = {"what": "Latih pengganti", "owner": office.owner, "due_on": soon, "by": office.head}
    step = take_step(row, code="I1", **told)
    assert step.target == 3
    with pytest.raises(ValidationError):
        take_step(row, code="X1", **told)
    with pytest.raises(ValidationError):
        take_step(row, code="I2", **{**told, "due_on": now().date()})
    with pytest.raises(NotNow):
        take_step(office.planned(year=YEAR + 1), code="I1", **told)


@pytest.mark.parametrize("role", ["responder", "content_creator", "system_admin", "auditor"])
def test_planning_signing_and_publishing_are_not_for_everybody(office, role):
    somebody = make_member(office.home, role)
    row = office.planned()
    for refused in (
        lambda: office.planned(year=2030, by=somebody),
        lambda: freeze_figures(row, by=somebody),
        lambda: hand_in(row, by=somebody),
        lambda: sign(row, by=somebody),
        lambda: publish(row, by=somebody),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_another_institutions_people_do_nothing_here(office):
    row, foreign = office.collecting(), Office()
    for refused in (
        lambda: hand_in(row, by=foreign.head),
        lambda: attest(row, by=foreign.auditor),
        lambda: assess(row.answers.get(code="B4"), claimed=5, comment="", by=foreign.owner),
        lambda: add_evidence(
            office.home, code="B4", title="x", reference="x", made_on=now().date(), by=foreign.owner
        ),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert Assessment.objects.get(pk=row.pk).state == "collecting"
