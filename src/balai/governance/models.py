from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One link of an institution's chain. No foreign keys: deleting elsewhere takes no trace away.

    `facts` holds no personal data: ids, states, hashes, counts.
    """

    institution_id = models.BigIntegerField(help_text="0: the installation itself.")
    number = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=40, help_text="member:<id>, operator or system")
    acting_for = models.CharField(max_length=40, blank=True)
    did = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_chain_has_one_entry_per_number", fields=["institution_id", "number"]
            )
        ]
        indexes = [
            models.Index(name="audit_of_object", fields=["object_kind", "object_id", "number"])
        ]

    def __str__(self) -> str:
        return f"{self.institution_id}/{self.number} {self.did}"


class AuditHead(models.Model):
    """The end of one institution's chain; the row is the lock under which entries are appended."""

    institution_id = models.BigIntegerField(unique=True)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.institution_id}/{self.number}"


class Holiday(models.Model):
    """A day that the institution adds to (or takes out of) the national list, with its decree."""

    class Kind(models.TextChoices):
        PUBLIC = "public", _("Public holiday")
        COLLECTIVE_LEAVE = "collective_leave", _("Collective leave")
        LOCAL = "local", _("Local holiday")
        WORKING_AFTER_ALL = "working_after_all", _("Working day after all")

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="holidays")
    on = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    decree = models.CharField(_("decree (number, date)"), max_length=200)
    entered_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_day_has_one_decree_in_force",
                fields=["institution", "on"],
                condition=Q(withdrawn_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"


class ServiceWindow(models.Model):
    """Hours of service on one weekday, within a range of dates (Ramadan hours are such a range)."""

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, related_name="service_windows"
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), help_text=_("0 is Monday"))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    decree = models.CharField(_("decree (number, date)"), max_length=200, blank=True)
    entered_at = models.DateTimeField(help_text="Windows that were decided together share it.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_service_window_closes_after_it_opens", condition=Q(closes__gt=F("opens"))
            ),
            models.CheckConstraint(
                name="a_weekday_is_0_to_6", condition=Q(weekday__gte=0, weekday__lte=6)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class LocalTarget(models.Model):
    """An institution's own, stricter target for a clock that a rule pack defines."""

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, related_name="local_targets"
    )
    clock = models.CharField(max_length=60)
    limit = models.PositiveIntegerField(help_text="In the unit of the pack's clock.")
    decree = models.CharField(max_length=200, blank=True)
    since_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_local_target_per_clock_and_day",
                fields=["institution", "clock", "since_on"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.clock}: {self.limit}"
