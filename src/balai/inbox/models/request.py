"""What a person may ask about their own data, and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from balai.ground.fields import SealedText


class RightsRequest(models.Model):
    """A person asked to see their data, or to have them deleted. Its clock runs from the asking."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("A copy of their data")
        DELETION = "deletion", _("Deletion of their data")

    class State(models.TextChoices):
        RECEIVED = "received", _("Waits for proof of who asks")
        VERIFIED = "verified", _("Proved; waits for the officer")
        ERASING = "erasing", _("Erased; the last traces are being overwritten")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused with a reason")

    class Proof(models.TextChoices):
        CODE = "code", _("A code sent through the conversation")
        RECEIPT = "receipt", _("The address of the status page")
        IN_PERSON = "in_person", _("Seen in person by an officer")

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="+")
    citizen = models.ForeignKey("inbox.Citizen", models.PROTECT, related_name="requests")
    conversation = models.ForeignKey("inbox.Conversation", models.PROTECT, related_name="+")
    kind = models.CharField(_("what is asked"), max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    clock = models.CharField(max_length=60, help_text="The rule pack's clock in force.")
    noted_by = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")
    code_digest = models.CharField(max_length=32, blank=True)
    code_until_at = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    proof = models.CharField(max_length=12, choices=Proof, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")
    handed_digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the address under which the copy lies."
    )
    handed_until_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")
    reason = SealedText(default="", help_text="Why it was refused.")
    overdue_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="nothing_is_given_or_erased_without_proof",
                condition=Q(state__in=["received", "refused"]) | ~Q(proof=""),
            ),
            models.CheckConstraint(
                name="a_refused_request_says_why", condition=~Q(state="refused") | ~Q(reason="")
            ),
            models.UniqueConstraint(
                name="a_person_asks_the_same_once_at_a_time",
                fields=["citizen", "kind"],
                condition=Q(state__in=["received", "verified", "erasing"]),
            ),
        ]
        indexes = [
            models.Index(
                name="request_open",
                fields=["institution", "due_at"],
                condition=Q(state__in=["received", "verified", "erasing"]),
            ),
            models.Index(
                name="request_handed",
                fields=["handed_digest"],
                condition=~Q(handed_digest=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class LegalHold(models.Model):
    """A duty to keep a person's words, as in a dispute: nothing is erased while it runs."""

    citizen = models.ForeignKey("inbox.Citizen", models.PROTECT, related_name="holds")
    reason = SealedText()
    by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    since_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_citizen_is_held_once_at_a_time",
                fields=["citizen"],
                condition=Q(lifted_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"hold on {self.citizen_id}"


class Certificate(models.Model):
    """What was erased, when and by which office: no personal data, provable by the audit log."""

    request = models.OneToOneField(RightsRequest, models.PROTECT, related_name="certificate")
    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="+")
    address = models.CharField(max_length=32, unique=True, help_text="The unguessable page.")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64, help_text="Of the content as canonical JSON.")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"certificate {self.pk}"


class ErasedAddress(models.Model):
    """A status page that is no more: whoever kept its address is led to the certificate."""

    digest = models.CharField(max_length=64, unique=True)
    request = models.ForeignKey(RightsRequest, models.PROTECT, related_name="addresses")

    def __str__(self) -> str:
        return self.digest[:8]
