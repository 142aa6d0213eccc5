"""Danger passed on to those who help, and the burden of abusive words shared among officers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from balai.ground.fields import SealedText


class HandOff(models.Model):
    """A call for help was passed to an emergency service; its clock runs until they take it."""

    class Result(models.TextChoices):
        HELPED = "helped", _("Help arrived")
        ON_THE_WAY = "on_the_way", _("They took it over")
        NOT_NEEDED = "not_needed", _("No help was needed")
        NOT_REACHED = "not_reached", _("They could not be reached")

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, db_index=False, related_name="+"
    )
    conversation = models.ForeignKey(
        "inbox.Conversation", models.PROTECT, related_name="handed_off"
    )
    service = models.CharField(_("service"), max_length=120)
    number = models.CharField(_("number that was called"), max_length=40)
    by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Until then they should have acknowledged.")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(
        _("who took it there"), max_length=120, blank=True, help_text="Function or call number."
    )
    result = models.CharField(_("result"), max_length=12, choices=Result, blank=True)
    result_note = SealedText(default="")
    result_at = models.DateTimeField(null=True, blank=True)
    overdue_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_result_has_its_moment", condition=Q(result="") | Q(result_at__isnull=False)
            )
        ]
        indexes = [
            models.Index(
                name="hand_off_open",
                fields=["institution", "due_at"],
                condition=Q(result=""),
            ),
            models.Index(
                name="hand_off_overdue",
                fields=["due_at"],
                condition=Q(acknowledged_at__isnull=True, overdue_told_at__isnull=True, result=""),
            ),
        ]

    def __str__(self) -> str:
        return f"hand-off {self.pk}"


class Exposure(models.Model):
    """An officer got a conversation with abusive words on a day: counted, to be shared fairly."""

    member = models.ForeignKey(
        "people.Member", models.CASCADE, db_index=False, related_name="exposures"
    )
    conversation = models.ForeignKey("inbox.Conversation", models.CASCADE, related_name="+")
    on = models.DateField(help_text="In the institution's zone.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="an_officer_is_exposed_once_a_day_to_a_conversation",
                fields=["member", "on", "conversation"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} on {self.on}"
