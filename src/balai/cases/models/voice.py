from django.db import models
from django.db.models import Q


class Voice(models.Model):
    """A conversation that speaks in a case: one case may have many, each reporter is told.

    `receipt` is the unguessable address of this reporter's own tracking page.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="voices")
    merged_from = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="+"
    )
    conversation = models.ForeignKey("inbox.Conversation", models.PROTECT, related_name="+")
    is_current = models.BooleanField(
        default=True, help_text="False once the conversation went on after the case was over."
    )
    receipt = models.CharField(max_length=32, unique=True)
    joined_at = models.DateTimeField()
    judged = models.CharField(
        max_length=10, blank=True, help_text="What this reporter said of the result."
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_conversation_speaks_in_one_case_at_a_time",
                fields=["conversation"],
                condition=Q(is_current=True),
            )
        ]

    def __str__(self) -> str:
        return f"voice {self.pk} in case {self.case_id}"
