from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from balai.ground.fields import SealedText


class Endpoint(models.Model):
    """An address of another system that is told what happens here, in ids and states."""

    class State(models.TextChoices):
        ON = "on", _("On")
        OFF = "off", _("Off")
        BROKEN = "broken", _("Switched off after failures")

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="endpoints")
    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(_("address"), max_length=500)
    kinds = models.JSONField(default=list, help_text="Codes of rules.hooks.KINDS.")
    secret = SealedText()
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ON)
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")
    rests_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class HookDelivery(models.Model):
    """One message to one endpoint. Its id stays the same in every attempt."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Given up")

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=40)
    body = models.TextField(help_text="JSON as it is signed: ids and states only.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                name="hooks_due", fields=["next_at"], condition=Q(state__in=["waiting", "sending"])
            ),
            models.Index(name="hooks_of_endpoint", fields=["endpoint", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"
