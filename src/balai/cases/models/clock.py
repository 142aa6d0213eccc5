from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Clock(models.Model):
    """A deadline of a case, with the rule that it comes from. `due_at` is what was promised."""

    class Kind(models.TextChoices):
        VERIFICATION = "verification", _("Verification")
        RESOLUTION = "resolution", _("Resolution")
        FOLLOW_UP = "follow_up", _("Follow-up with the other agency")
        CONFIRMATION = "confirmation", _("The citizen's time to object")

    class Ending(models.TextChoices):
        DONE = "done", pgettext_lazy("clock", "Done")
        STOPPED = "stopped", _("Stopped")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=16, choices=Kind)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    minutes_left = models.FloatField(
        null=True, help_text="Of service when it went on; empty for one that began anew."
    )
    pack = models.CharField(max_length=60, help_text="Instrument and version of the rule pack.")
    pack_clock = models.CharField(max_length=60)
    limit = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=20)
    citation = models.TextField()
    mark = models.CharField(max_length=2)
    is_local = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=8, choices=Ending, blank=True)
    told = models.PositiveSmallIntegerField(default=0, help_text="The last mark, in per cent.")
    next_mark_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_case_has_one_running_clock_of_a_kind",
                fields=["case", "kind"],
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="a_clock_that_ended_says_how",
                condition=Q(ended_at__isnull=True, ending="")
                | (Q(ended_at__isnull=False) & ~Q(ending="")),
            ),
            models.CheckConstraint(
                name="a_clock_falls_due_after_its_start", condition=Q(due_at__gt=F("started_at"))
            ),
        ]
        indexes = [
            models.Index(
                name="clocks_to_tell",
                fields=["next_mark_at"],
                condition=Q(ended_at__isnull=True),
            ),
            models.Index(
                name="clocks_running",
                fields=["kind", "due_at"],
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of case {self.case_id}"


class Standstill(models.Model):
    """A time in which we waited for the citizen; what of it counts, governance says."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="standstills")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_case_waits_for_the_citizen_once_at_a_time",
                fields=["case"],
                condition=Q(until__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} since {self.since}"


class EscalationNotice(models.Model):
    """Somebody is told how much of a deadline has passed. One a clock and mark, for ever."""

    class Audience(models.TextChoices):
        OFFICER = "officer", _("Officer")
        COORDINATOR = "coordinator", _("Coordinator")
        UNIT_HEAD = "unit_head", _("Head of the unit")
        LEADER = "leader", _("Leader")

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, db_index=False, related_name="+"
    )
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="notices")
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="notices")
    mark = models.PositiveSmallIntegerField()
    audience = models.CharField(max_length=12, choices=Audience)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_mark_of_a_clock_is_told_once", fields=["clock", "mark"])
        ]
        indexes = [
            models.Index(
                name="notices_unseen",
                fields=["institution", "audience", "-id"],
                condition=Q(seen_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.mark} % of clock {self.clock_id}"


class ClockWalk(models.Model):
    """Running clocks are to follow the calendar; the last that was looked at is named here."""

    institution = models.OneToOneField("people.Institution", models.CASCADE, related_name="+")
    clock_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"clocks of institution {self.institution_id} up to {self.clock_id}"
