from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Assessment(models.Model):
    """One assessment of readiness: a year, figures frozen once, judged, attested, signed."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        COLLECTING = "collecting", _("Being assessed")
        SELF_ASSESSED = "self_assessed", _("With the auditor")
        RETURNED = "returned", _("Returned")
        ATTESTED = "attested", _("Attested")
        DISCUSSED = "discussed", _("Discussed")
        SIGNED = "signed", _("Signed")
        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Superseded")

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, related_name="assessments"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.DateField(help_text="Last day that is counted; evidence is judged on it.")
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.PLANNED)
    instrument_hash = models.CharField(max_length=64)
    planned_by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    snapshot_hash = models.CharField(max_length=64, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    attested_by = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )
    attested_at = models.DateTimeField(null=True, blank=True)
    minutes = models.TextField(_("minutes"), blank=True)
    decisions = models.TextField(_("decisions"), blank=True)
    signed_by = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    value = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_year_has_one_assessment_that_is_not_superseded",
                fields=["institution", "year"],
                condition=~Q(state="superseded"),
            ),
            models.CheckConstraint(
                name="figures_are_frozen_before_anybody_judges",
                condition=Q(state="planned") | ~Q(snapshot_hash=""),
            ),
            models.CheckConstraint(
                name="what_is_discussed_was_attested_and_written_down",
                condition=~Q(state__in=["discussed", "signed", "published", "superseded"])
                | (Q(attested_by__isnull=False) & ~Q(minutes="") & ~Q(decisions="")),
            ),
            models.CheckConstraint(
                name="what_is_published_was_signed",
                condition=~Q(state__in=["signed", "published", "superseded"])
                | Q(signed_by__isnull=False, level__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"readiness {self.year} of {self.institution_id}"


class Assessor(models.Model):
    """Who answers for a component of an assessment."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="assessors")
    component = models.CharField(max_length=2)
    member = models.ForeignKey("people.Member", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_component_has_one_assessor", fields=["assessment", "component"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.component}: {self.member_id}"


class Answer(models.Model):
    """One indicator in one assessment: the frozen figure, and what its assessor claims of it."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="answers")
    code = models.CharField(max_length=4)
    mode = models.CharField(max_length=10)
    status = models.CharField(max_length=20)
    reason = models.CharField(max_length=40, blank=True)
    numerator = models.CharField(max_length=60, blank=True)
    denominator = models.CharField(max_length=60, blank=True)
    n = models.PositiveBigIntegerField(default=0)
    fingerprint = models.CharField(max_length=16)
    computed = models.PositiveSmallIntegerField(null=True, blank=True)
    claimed = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True, max_length=2000)
    assessed_by = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )
    returned_for = models.CharField(_("returned because"), max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="an_indicator_is_answered_once", fields=["assessment", "code"]
            ),
            models.CheckConstraint(
                name="nobody_overrides_a_computed_figure",
                condition=~Q(mode="auto") | Q(claimed__isnull=True),
            ),
            models.CheckConstraint(
                name="a_level_is_1_to_5",
                condition=(Q(claimed__isnull=True) | Q(claimed__gte=1, claimed__lte=5))
                & (Q(computed__isnull=True) | Q(computed__gte=1, computed__lte=5)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} of assessment {self.assessment_id}"


class Evidence(models.Model):
    """What proves an indicator, for as long as it lives: a page outside, or a page of Balai."""

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="evidence")
    code = models.CharField(max_length=4)
    title = models.CharField(_("what it is"), max_length=200)
    address = models.URLField(_("address"), max_length=500, blank=True)
    reference = models.CharField(_("number and where it is kept"), max_length=200, blank=True)
    made_on = models.DateField(_("made on"))
    valid_until = models.DateField(_("valid until"))
    owner = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="evidence_lives_after_it_was_made", condition=Q(valid_until__gte=F("made_on"))
            ),
            models.CheckConstraint(
                name="evidence_can_be_found", condition=~Q(address="") | ~Q(reference="")
            ),
        ]
        indexes = [models.Index(name="evidence_of_indicator", fields=["institution", "code"])]

    def __str__(self) -> str:
        return self.title


class Sample(models.Model):
    """One piece of evidence that the auditor has to look at."""

    class Verdict(models.TextChoices):
        HOLDS = "holds", _("It holds")
        FAILS = "fails", _("It does not hold")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="samples")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="samples")
    verdict = models.CharField(max_length=6, choices=Verdict, blank=True)
    note = models.CharField(_("what was found"), max_length=500, blank=True)
    judged_by = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="evidence_is_sampled_once_in_an_assessment", fields=["assessment", "evidence"]
            ),
            models.CheckConstraint(
                name="a_verdict_has_a_judge", condition=Q(verdict="") | Q(judged_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"sample of evidence {self.evidence_id}"


class Step(models.Model):
    """A step of the action plan: one indicator, exactly one level up, somebody, a day."""

    class State(models.TextChoices):
        OPEN = "open", _("Under way")
        DONE = "done", _("Done")

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="steps")
    code = models.CharField(max_length=4)
    target = models.PositiveSmallIntegerField()
    what = models.CharField(_("what will be done"), max_length=300)
    owner = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    due_on = models.DateField(_("due on"))
    state = models.CharField(max_length=4, choices=State, default=State.OPEN)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="an_indicator_has_one_step_of_the_plan", fields=["assessment", "code"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} to {self.target}"
