"""Who is one person: channel identities held together, and what the office knows of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from balai.ground.fields import SealedText


class Contact(models.Model):
    """Several channel identities of one institution that are one person.

    A citizen whom nobody joined with another has no contact. It carries no name: what the person is
    called follows from the identities that it holds (`balai.inbox.joining`).
    """

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, db_index=False, related_name="+"
    )
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"contact {self.pk}"


class ContactPart(models.Model):
    """One channel identity of a contact. The landing never looks here."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="parts")
    citizen = models.OneToOneField("inbox.Citizen", models.PROTECT, related_name="part")

    def __str__(self) -> str:
        return f"{self.citizen_id} in {self.contact_id}"


class ContactChange(models.Model):
    """Identities were joined or parted: what stood on either side, who decided it and why."""

    class Kind(models.TextChoices):
        MERGED = "merged", _("Joined to one")
        SPLIT = "split", _("Parted")

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    one = models.JSONField(help_text="Ids of the citizens on one side.")
    other = models.JSONField(help_text="Ids of the citizens on the other side.")
    reason = SealedText()
    by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind}: {self.one} | {self.other}"


class ContactChanged(models.Model):
    """Which citizens a change concerns: the way to a person's history."""

    change = models.ForeignKey(ContactChange, models.CASCADE, related_name="concerns")
    citizen = models.ForeignKey("inbox.Citizen", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.change_id} concerns {self.citizen_id}"


class IdentityHint(models.Model):
    """A keyed hash of a sealed address: two that are equal may be one person. Never the address."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("the same e-mail address")
        PHONE = "phone", _("the same telephone number")

    citizen = models.OneToOneField("inbox.Citizen", models.CASCADE, related_name="hint")
    kind = models.CharField(max_length=8, choices=Kind)
    digest = models.CharField(max_length=32, db_index=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:8]}"


class HintWalk(models.Model):
    """How far the walk over new citizens came."""

    citizen_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"hints until {self.citizen_id}"


class CitizenNote(models.Model):
    """What the office wants to remember of a person beyond one conversation."""

    citizen = models.ForeignKey("inbox.Citizen", models.PROTECT, related_name="notes")
    text = SealedText()
    by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"note on {self.citizen_id}"


class Consent(models.Model):
    """A person agreed to one purpose; withdrawing it starts a clock until the use has stopped."""

    class Purpose(models.TextChoices):
        CONTACT = "contact", _("being contacted outside this matter")
        SURVEY = "survey", _("being asked how satisfied they were")
        STORY = "story", _("telling their story in public")
        SHARE = "share", _("passing the matter to another institution with their name")

    class How(models.TextChoices):
        CONVERSATION = "conversation", _("In a conversation")
        FORM = "form", _("On a form")
        COUNTER = "counter", _("At the counter")
        LETTER = "letter", _("By letter")

    citizen = models.ForeignKey("inbox.Citizen", models.PROTECT, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    how = models.CharField(_("how it was given"), max_length=16, choices=How)
    given_at = models.DateTimeField()
    noted_by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    stop_by_at = models.DateTimeField(
        null=True, blank=True, help_text="Until then the use must have stopped (domain 4.6)."
    )
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey("people.Member", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_purpose_is_consented_once_at_a_time",
                fields=["citizen", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="a_withdrawn_consent_has_its_clock",
                condition=Q(withdrawn_at__isnull=True) | Q(stop_by_at__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_withdrawn_consent_is_stopped",
                condition=Q(stopped_at__isnull=True) | Q(withdrawn_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="consent_to_stop",
                fields=["stop_by_at"],
                condition=Q(withdrawn_at__isnull=False, stopped_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.citizen_id}"
