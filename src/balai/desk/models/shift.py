from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Shift(models.Model):
    """Hours that come again every week, in the institution's zone, and who works them."""

    team = models.ForeignKey("desk.Team", models.CASCADE, related_name="shifts")
    name = models.CharField(_("name"), max_length=60)
    works_on_days_off = models.BooleanField(
        default=False, help_text="Also on holidays and days of collective leave."
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_shift_has_a_name_of_its_own_in_its_team",
                fields=["team", "name"],
                condition=Q(retired_at__isnull=True),
                violation_error_message=_("There is a shift of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ShiftSpan(models.Model):
    """From when to when on a weekday; what ends before it begins goes on into the next day."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="spans")
    weekday = models.PositiveSmallIntegerField(_("weekday"), help_text="0 is Monday")
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_shift_is_on_a_weekday", condition=Q(weekday__gte=0, weekday__lte=6)
            ),
            models.CheckConstraint(name="a_span_has_a_length", condition=~Q(starts=F("ends"))),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts}-{self.ends}"


class Duty(models.Model):
    """A member works a shift."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="duties")
    member = models.ForeignKey("people.Member", models.CASCADE, related_name="duties")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_member_has_a_shift_once", fields=["shift", "member"])
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in shift {self.shift_id}"


class ShiftChange(models.Model):
    """Other hours on one date: for everybody of the shift, or for one member only."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="changes")
    on = models.DateField(_("date"))
    member = models.ForeignKey(
        "people.Member", models.CASCADE, null=True, blank=True, related_name="+"
    )
    spans = models.JSONField(default=list, help_text="Pairs HH:MM; empty: nobody works.")
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_shift_changes_once_on_a_date",
                fields=["shift", "on", "member"],
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"shift {self.shift_id} on {self.on}"
