from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Move(models.Model):
    """One step of a case: what it was, what it is, and the words that the citizen reads."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="moves")
    was = models.CharField(max_length=20, blank=True)
    became = models.CharField(max_length=20)
    by = models.ForeignKey("people.Member", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True, help_text="For the office.")
    words = models.TextField(blank=True, help_text="For the citizen.")
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    officer = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"case {self.case_id}: {self.was} -> {self.became}"


class Return(models.Model):
    """A unit said that a case is not its own, and whose it thinks it is."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="said_not_ours")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    suggested = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=500)
    by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"case {self.case_id} returned by {self.unit_id}"


class Promise(models.Model):
    """A day that we promised to a citizen. A later one is a new row: the old stays to be seen."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="promises")
    on = models.DateField(_("promised day"))
    words = models.TextField(_("what is promised"), max_length=500)
    by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"case {self.case_id} by {self.on}"


class Referral(models.Model):
    """A case was handed to an agency that is not of this institution."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="referrals")
    agency = models.CharField(_("agency"), max_length=160)
    external_number = models.CharField(_("their number"), max_length=80, blank=True)
    by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    came_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_case_is_with_one_agency_at_a_time",
                fields=["case"],
                condition=Q(came_back_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} with {self.agency}"


class Reply(models.Model):
    """What we said to everybody who speaks in a case, in each one's own thread."""

    class Kind(models.TextChoices):
        ROUTED = "routed", _("Told where it went")
        QUESTION = "question", _("Question to the citizen")
        ANSWER = "answer", _("Answer of the unit")
        MORE = "more", _("Further word")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="replies")
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=32, unique=True)
    text = models.TextField()
    by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    message_ids = models.JSONField(default=list)
    unreached = models.JSONField(default=list, help_text="Conversations that could not be told.")

    def __str__(self) -> str:
        return f"{self.kind} in case {self.case_id}"
