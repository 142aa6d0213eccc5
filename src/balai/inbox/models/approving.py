from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from balai.ground.fields import SealedText
from balai.inbox.models.conversation import Conversation
from balai.people.models import Role


class ReplyPolicy(models.Model):
    """Which answers a second person reads before they leave. What is left empty fits everything."""

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, related_name="reply_policies"
    )
    why = models.CharField(_("why"), max_length=160)
    intent = models.CharField(
        _("kind"), max_length=24, choices=Conversation.Intent.choices, blank=True
    )
    label = models.ForeignKey(
        "inbox.Label", models.PROTECT, null=True, blank=True, related_name="+"
    )
    connection = models.ForeignKey(
        "channels.Connection", models.PROTECT, null=True, blank=True, related_name="+"
    )
    sensitivity = models.CharField(_("sensitive matter"), max_length=24, blank=True)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    author_role = models.CharField(_("written by"), max_length=24, choices=Role, blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                name="policies_in_force",
                fields=["institution"],
                condition=Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.why


class HeldAnswer(models.Model):
    """An answer that waits for a second person, in the very words that would leave (`text_hash`).

    The text is sealed: written with an open identity it may name the citizen.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for approval")
        RELEASED = "released", _("Approved")
        RETURNED = "returned", _("Returned")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REPLACED = "replaced", _("Replaced by another wording")

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, db_index=False, related_name="+"
    )
    conversation = models.ForeignKey(
        "inbox.Conversation", models.PROTECT, related_name="held_answers"
    )
    policy = models.ForeignKey(ReplyPolicy, models.PROTECT, related_name="+")
    author = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    text = SealedText()
    text_hash = models.CharField(max_length=64)
    asks_back = models.BooleanField(default=False)
    in_addition = models.BooleanField(default=False)
    articles = models.JSONField(default=list)
    fun_reason = models.CharField(max_length=200, blank=True)
    seen_id = models.BigIntegerField(help_text="The newest message that the author had seen.")
    form_key = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    held_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    message_id = models.BigIntegerField(null=True, blank=True, help_text="As what it left.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_answer_waits_in_a_conversation",
                fields=["conversation"],
                condition=Q(state="waiting"),
            ),
            models.CheckConstraint(
                name="a_released_answer_was_approved_by_somebody_else",
                condition=~Q(state="released")
                | (
                    Q(decided_by__isnull=False, message_id__isnull=False)
                    & ~Q(decided_by=F("author"))
                ),
            ),
            models.CheckConstraint(
                name="a_returned_answer_says_why",
                condition=~Q(state="returned") | (Q(decided_by__isnull=False) & ~Q(reason="")),
            ),
        ]
        indexes = [
            models.Index(
                name="answers_that_wait",
                fields=["institution", "id"],
                condition=Q(state="waiting"),
            )
        ]

    def __str__(self) -> str:
        return f"answer held in {self.conversation_id}"
