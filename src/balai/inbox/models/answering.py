from django.db import models
from django.utils.translation import gettext_lazy as _

from balai.ground.fields import SealedText


class Draft(models.Model):
    """What a member was about to answer. It outlives the browser, and ends when it is sent."""

    conversation = models.ForeignKey(
        "inbox.Conversation", models.PROTECT, db_index=False, related_name="drafts"
    )
    member = models.ForeignKey("people.Member", models.CASCADE, related_name="drafts")
    text = SealedText(help_text="Written with an open identity it may name the citizen.")
    asks_back = models.BooleanField(default=False)
    articles = models.JSONField(default=list, help_text="Ids of the articles that went into it.")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_member_has_one_draft_in_a_conversation", fields=["conversation", "member"]
            )
        ]

    def __str__(self) -> str:
        return f"draft of {self.member_id} in {self.conversation_id}"


class AnswerStyle(models.Model):
    """How an institution's answers end."""

    institution = models.OneToOneField(
        "people.Institution", models.PROTECT, related_name="answer_style"
    )
    sign_off = models.CharField(_("sign-off"), max_length=160, blank=True)

    def __str__(self) -> str:
        return self.sign_off
