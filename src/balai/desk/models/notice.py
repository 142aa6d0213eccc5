from django.db import models
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """Something that a member should know now. One key is told to a member once."""

    class Kind(models.TextChoices):
        CLOCK = "clock", _("A promised answer comes near or is late")
        RULE = "rule", _("A rule asks you to look")
        PAUSED = "paused", _("A rule paused itself")
        HOOK = "hook", _("A webhook was switched off")

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="+")
    member = models.ForeignKey("people.Member", models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=8, choices=Kind)
    conversation = models.ForeignKey(
        "inbox.Conversation", models.CASCADE, null=True, blank=True, related_name="+"
    )
    facts = models.JSONField(default=dict, help_text="Plain values that the screen's words need.")
    key = models.CharField(max_length=80)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_member_is_told_a_thing_once", fields=["member", "key"])
        ]
        indexes = [models.Index(name="notices_of_member", fields=["member", "-id"])]

    def __str__(self) -> str:
        return f"{self.key} to {self.member_id}"


class Escalated(models.Model):
    """A conversation's first-response clock passed a step, in per cent of its time."""

    conversation = models.ForeignKey(
        "inbox.Conversation", models.CASCADE, related_name="escalated", db_index=False
    )
    step = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_clock_passes_a_step_once", fields=["conversation", "step"]
            )
        ]

    def __str__(self) -> str:
        return f"conversation {self.conversation_id}: {self.step} %"


class ClockRound(models.Model):
    """How far the walk over an institution's running clocks has come in this round."""

    institution = models.OneToOneField("people.Institution", models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    conversation_id = models.BigIntegerField(default=0)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"round of institution {self.institution_id}"
