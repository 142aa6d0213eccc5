from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Call(models.Model):
    """A member is called to a conversation: the bell. It names the conversation and quotes nothing,
    so that it widens nobody's rights."""

    class Kind(models.TextChoices):
        MENTION = "mention", _("mentioned you in a note")
        TASK = "task", _("gave you a task")
        TASK_DONE = "task_done", _("did a task that you gave")
        RETURNED = "returned", _("returned your answer")
        RELEASED = "released", _("approved your answer")
        HELD = "held", _("wrote an answer that waits for approval")
        ASKED = "asked", _("asks your unit something")
        TOLD = "told", _("answered what you asked their unit")

    member = models.ForeignKey(
        "people.Member", models.CASCADE, db_index=False, related_name="calls"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    conversation = models.ForeignKey("inbox.Conversation", models.PROTECT, related_name="+")
    ref = models.BigIntegerField(default=0, help_text="The note, task, answer or question.")
    by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_member_is_called_to_a_thing_once", fields=["member", "kind", "ref"]
            )
        ]
        indexes = [
            models.Index(name="calls_of_member", fields=["member", "-id"]),
            models.Index(name="calls_unseen", fields=["member"], condition=Q(seen_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.member_id}"


class Task(models.Model):
    """What somebody is to do for a conversation: what, who, until when."""

    conversation = models.ForeignKey("inbox.Conversation", models.PROTECT, related_name="tasks")
    what = models.CharField(_("what"), max_length=200)
    who = models.ForeignKey(
        "people.Member",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="tasks",
        help_text="Nobody, once that person left.",
    )
    until = models.DateField(_("until"), null=True, blank=True)
    by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_task_that_is_done_was_done_by_somebody",
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
            )
        ]
        indexes = [
            models.Index(
                name="tasks_of_member",
                fields=["who", "until", "id"],
                condition=Q(done_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.what


class SideQuestion(models.Model):
    """What the desk asks a unit about a conversation. The unit sees this, and nothing else of it.

    `quoted` are the citizen's words as they were then, with personal data covered.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for the unit")
        ANSWERED = "answered", _("Answered by the unit")
        WITHDRAWN = "withdrawn", _("No longer needed")

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, db_index=False, related_name="+"
    )
    conversation = models.ForeignKey(
        "inbox.Conversation", models.PROTECT, related_name="side_questions"
    )
    unit = models.ForeignKey("people.Unit", models.PROTECT, db_index=False, related_name="+")
    quoted = models.TextField(blank=True)
    due_on = models.DateField(_("answer until"))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    asked_by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_answered_question_says_when",
                condition=~Q(state="answered") | Q(answered_at__isnull=False),
            )
        ]
        indexes = [
            models.Index(name="questions_to_a_unit", fields=["unit", "state", "due_on", "id"])
        ]

    def __str__(self) -> str:
        return f"question to {self.unit_id} about {self.conversation_id}"


class SideWord(models.Model):
    """One turn of such a question: the desk asks, the unit answers."""

    question = models.ForeignKey(SideQuestion, models.PROTECT, related_name="words")
    author = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    is_answer = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"word in question {self.question_id}"
