"""The table of access keys: a program acts as a member, and never with more than the key allows."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class AccessKey(models.Model):
    """A secret with which a program acts as a member, within scopes and until a day.

    The secret is kept as its SHA-256 alone: it is 256 random bits, which nobody tries through.
    """

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, related_name="access_keys"
    )
    member = models.ForeignKey("people.Member", models.PROTECT, related_name="access_keys")
    name = models.CharField(_("what it is for"), max_length=80)
    public_id = models.CharField(max_length=16, unique=True)
    hashed = models.CharField(max_length=64)
    scopes = models.CharField(max_length=300, help_text="Names of people.rules.SCOPES, by spaces.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_access_key_ends_after_it_was_made",
                condition=Q(expires_at__gt=F("made_at")),
            ),
            models.CheckConstraint(name="an_access_key_may_do_something", condition=~Q(scopes="")),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.public_id})"
