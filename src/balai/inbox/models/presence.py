from django.db import models


class Presence(models.Model):
    """A member has a conversation open, and is perhaps writing: true for some seconds only.

    The open page renews the row (services.presence); what was not renewed says nothing.
    """

    conversation = models.ForeignKey("inbox.Conversation", models.CASCADE, related_name="present")
    member = models.ForeignKey("people.Member", models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    is_writing = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_member_is_at_a_conversation_once", fields=["member", "conversation"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} at {self.conversation_id}"
