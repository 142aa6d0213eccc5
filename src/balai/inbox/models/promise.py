from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from balai.ground.fields import SealedText


class Promise(models.Model):
    """What we said to a person that we would do, until when, and who answers for it."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        KEPT = "kept", _("Kept")
        BROKEN = "broken", _("Not kept")

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, db_index=False, related_name="+"
    )
    citizen = models.ForeignKey("inbox.Citizen", models.PROTECT, related_name="promises")
    conversation = models.ForeignKey("inbox.Conversation", models.PROTECT, related_name="promised")
    message_id = models.BigIntegerField(help_text="The answer in which it was said.")
    what = SealedText(help_text="It may name the citizen's place or matter.")
    due_at = models.DateTimeField()
    owner = models.ForeignKey(
        "people.Member", models.PROTECT, db_index=False, related_name="promises"
    )
    made_by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")
    reason = SealedText(default="", help_text="Why it was not kept, or how it was.")
    overdue_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_settled_promise_says_when_and_by_whom",
                condition=Q(state="open", settled_at__isnull=True)
                | Q(~Q(state="open"), settled_at__isnull=False, settled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="a_broken_promise_says_why", condition=~Q(state="broken") | ~Q(reason="")
            ),
        ]
        indexes = [
            models.Index(name="promise_of_owner", fields=["owner", "state", "due_at"]),
            models.Index(
                name="promise_overdue",
                fields=["due_at"],
                condition=Q(state="open", overdue_told_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"promise {self.pk} until {self.due_at:%Y-%m-%d}"
