from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Reckoning(models.Model):
    """The STOC index as it was computed for one day. It is written once and never again.

    `value` is None while a letter is not told. The letters are computed from the measures by the
    instrument of `instrument_hash`: they stand nowhere a second time.
    """

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="reckonings")
    first = models.DateField(help_text="First day that is counted.")
    on = models.DateField(help_text="Last day that is counted, on the institution's calendar.")
    at = models.DateTimeField()
    instrument_hash = models.CharField(max_length=64)
    formula = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    stage = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="the_index_is_reckoned_once_for_a_day", fields=["institution", "on"]
            ),
            models.CheckConstraint(
                name="an_index_is_between_1_and_100",
                condition=Q(value__isnull=True) | Q(value__gte=1, value__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"index of {self.institution_id} on {self.on}"


class ReckonedMeasure(models.Model):
    """One measure of a reckoning: exact fractions as text ("18/25"), so that nothing is rounded."""

    class Status(models.TextChoices):
        OK = "ok", _("Known")
        INSUFFICIENT = "insufficient_data", _("Too few cases")
        NOT_APPLICABLE = "not_applicable", _("Not recorded")

    reckoning = models.ForeignKey(Reckoning, models.CASCADE, related_name="measures")
    code = models.CharField(max_length=4)
    status = models.CharField(max_length=20, choices=Status)
    reason = models.CharField(max_length=40, blank=True)
    numerator = models.CharField(max_length=60, blank=True)
    denominator = models.CharField(max_length=60, blank=True)
    n = models.PositiveBigIntegerField(default=0)
    fingerprint = models.CharField(max_length=16, help_text="Which question was put.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_measure_stands_once_in_a_reckoning", fields=["reckoning", "code"]
            ),
            models.CheckConstraint(
                name="a_known_measure_has_cases",
                condition=~Q(status="ok") | (Q(n__gt=0) & ~Q(denominator="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} of reckoning {self.reckoning_id}"
