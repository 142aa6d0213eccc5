from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from balai.inbox import rules


class Conversation(models.Model):
    """What one citizen and the institution said to each other in one thread."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        TRIAGED = "triaged", _("Triaged")
        ANSWERED = "answered", _("Answered")
        LINKED_TO_CASE = "linked_to_case", _("Linked to a case")
        NO_ACTION = "no_action", _("No action needed")
        SEALED = "sealed", _("Moved to a safe channel")
        WAITING_CITIZEN = "waiting_citizen", _("Waiting for the citizen")
        RESOLVED = "resolved", _("Resolved")
        CONFIRMED = "confirmed", _("Confirmed")
        MODERATED = "moderated", _("Moderated")

    class Intent(models.TextChoices):
        QUESTION = "question", _("Question")
        COMPLAINT = "complaint", _("Complaint")
        ASPIRATION = "aspiration", _("Aspiration")
        INFORMATION_REQUEST = "information_request", _("Information request")
        PRAISE = "praise", _("Praise")
        REPORT_EMERGENCY = "report_emergency", _("Emergency report")
        WHISTLEBLOW = "whistleblow", _("Whistleblowing")
        ABUSE = "abuse", _("Abuse")
        SPAM = "spam", _("Spam")
        RUMOR_SIGHTING = "rumor_sighting", _("Rumour sighting")

    class Priority(models.IntegerChoices):
        NORMAL = 0, _("Normal")
        URGENT = 1, _("Urgent")
        DANGER = 2, _("Danger")

    class Sentiment(models.TextChoices):
        POSITIVE = "positive", _("Positive")
        NEUTRAL = "neutral", _("Neutral")
        NEGATIVE = "negative", _("Negative")

    # Every index costs each landing a write: the ones below serve these columns too.
    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, db_index=False, related_name="conversations"
    )
    connection = models.ForeignKey(
        "channels.Connection", models.PROTECT, db_index=False, related_name="conversations"
    )
    citizen = models.ForeignKey("inbox.Citizen", models.PROTECT, related_name="conversations")
    thread_key = models.CharField(max_length=500)
    is_current = models.BooleanField(
        default=True, help_text="False once the thread went on in a newer conversation."
    )
    receipt = models.CharField(
        max_length=32, blank=True, help_text="The unguessable address of the citizen's status page."
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.NEW)
    is_open = models.BooleanField(default=True, help_text="We owe the next word.")
    intent = models.CharField(_("intent"), max_length=24, choices=Intent, blank=True)
    priority = models.SmallIntegerField(_("urgency"), choices=Priority, default=Priority.NORMAL)
    language = models.CharField(_("language"), max_length=8, blank=True)
    sentiment = models.CharField(_("sentiment"), max_length=10, choices=Sentiment, blank=True)
    sensitivity = models.CharField(max_length=120, blank=True, help_text="Codes, comma separated.")
    is_public = models.BooleanField(default=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    preview = models.CharField(max_length=200, blank=True, help_text="Personal data masked.")
    unit = models.ForeignKey(
        "people.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="conversations",
    )
    assignee = models.ForeignKey(
        "people.Member",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="conversations",
    )
    opened_at = models.DateTimeField(help_text="When the citizen spoke: the clock starts here.")
    last_at = models.DateTimeField()
    last_message_id = models.BigIntegerField(help_text="Orders the queue; ids rise with arrival.")
    last_in_id = models.BigIntegerField(help_text="The citizen's newest message.")
    messages_in = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="When the first substantive response is due."
    )
    clock = models.CharField(max_length=60, blank=True, help_text="The rule pack's clock in force.")
    first_answered_at = models.DateTimeField(null=True, blank=True)
    response_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="First substantive response, in working minutes."
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    stuck_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Since when only a person can say whether our answer arrived.",
    )
    reply_until = models.DateTimeField(
        null=True, blank=True, help_text="When the network stops taking an answer; null: never."
    )
    reopened = models.PositiveSmallIntegerField(default=0)
    reopened_soon = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Of these, within seven days of the ending."
    )
    version = models.PositiveIntegerField(default=1, help_text="Rises with every change on screen.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_thread_of_a_citizen_is_one_current_conversation",
                fields=["citizen", "connection", "thread_key"],  # new citizens: at the end
                condition=Q(is_current=True),
            ),
            models.UniqueConstraint(
                name="a_receipt_is_unique", fields=["receipt"], condition=~Q(receipt="")
            ),
            models.CheckConstraint(
                name="an_emergency_or_complaint_is_never_set_aside",
                condition=~Q(state="no_action") | ~Q(intent__in=rules.NEVER_SET_ASIDE),
            ),
        ]
        indexes = [
            models.Index(
                name="queue_order",
                fields=["institution", "is_open", "-priority", "-last_message_id"],
            ),
            models.Index(
                name="queue_by_state", fields=["institution", "state", "-last_message_id"]
            ),
            models.Index(
                name="queue_due",
                fields=["institution", "due_at"],
                condition=Q(first_answered_at__isnull=True, is_open=True),
            ),
            # The two below cost a landing nothing but where a window or an answer is.
            models.Index(
                name="queue_reply_end",
                fields=["institution", "reply_until"],
                condition=Q(reply_until__isnull=False, is_open=True),
            ),
            models.Index(
                name="queue_unclocked",
                fields=["institution", "-last_message_id"],
                condition=Q(is_open=True)
                & (Q(first_answered_at__isnull=False) | Q(due_at__isnull=True)),
            ),
            models.Index(
                name="queue_stuck",
                fields=["institution", "stuck_at"],
                condition=Q(stuck_at__isnull=False),
            ),
            models.Index(
                name="queue_of_officer",
                fields=["assignee", "is_open", "-priority", "-last_message_id"],
                condition=Q(assignee__isnull=False),
            ),
            models.Index(
                name="queue_of_unit",
                fields=["unit", "is_open", "-priority", "-last_message_id"],
                condition=Q(unit__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class QueueCount(models.Model):
    """How many conversations of an institution are in a state: kept by whoever changes a state.

    What only machines have written counts under a name of its own (rules.counted_as).
    """

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, db_index=False, related_name="+"
    )
    state = models.CharField(max_length=20)
    n = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_count_per_institution_and_state", fields=["institution", "state"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.n}"


class ClockWalk(models.Model):
    """Open clocks are to follow the calendar; the last that was looked at is named here."""

    institution = models.OneToOneField("people.Institution", models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    conversation_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"clocks of institution {self.institution_id} up to {self.due_at}"
