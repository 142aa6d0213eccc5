from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Label(models.Model):
    """A word of the office for what its conversations have in common: a matter, a campaign.

    `used` is kept by whoever puts the label on or takes it off (services.labels), never counted.
    """

    class Colour(models.TextChoices):
        """Names of the style sheet's tokens, so that a label is legible in light and dark."""

        NEUTRAL = "neutral", _("Grey")
        INFO = "info", _("Blue")
        OK = "ok", _("Green")
        SOON = "soon", _("Yellow")
        URGENT = "urgent", _("Orange")
        DANGER = "danger", _("Red")

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="labels")
    name = models.CharField(_("name"), max_length=40)
    colour = models.CharField(_("colour"), max_length=8, choices=Colour, default=Colour.NEUTRAL)
    used = models.PositiveIntegerField(default=0, help_text="On how many conversations it stands.")
    retired_at = models.DateTimeField(
        null=True, blank=True, help_text="Stays where it stands, and is offered no more."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "institution",
                Lower("name"),
                name="a_label_in_use_has_a_name_of_its_own",
                condition=Q(retired_at__isnull=True),
                violation_error_message=_("There is a label of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Labelling(models.Model):
    """A label on a conversation."""

    label = models.ForeignKey(Label, models.PROTECT, db_index=False, related_name="labellings")
    conversation = models.ForeignKey(
        "inbox.Conversation", models.PROTECT, related_name="labellings"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_label_stands_on_a_conversation_once", fields=["label", "conversation"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.label_id} on {self.conversation_id}"
