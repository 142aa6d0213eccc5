"""The sealed path: words that only their named keepers can open."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SafePath(models.TextChoices):
    """Why a conversation is taken out of everybody's sight (domain 5.4(2))."""

    WHISTLEBLOWING = "whistleblowing", _("Whistleblowing")
    SELF_HARM = "self_harm", _("Somebody may harm themselves")
    CHILD = "child", _("A child is concerned")
    PERSONAL_DATA = "personal_data", _("Personal data that must not be read here")


class Keeper(models.Model):
    """A member whom the institution named to read one safe path.

    `public_key` seals; `locked_key` opens, and is itself locked by a passphrase that is kept
    nowhere: neither the database nor the installation's keys open it.
    """

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="+")
    path = models.CharField(_("path"), max_length=16, choices=SafePath)
    member = models.ForeignKey("people.Member", models.PROTECT, related_name="keeping")
    named_by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    public_key = models.CharField(max_length=64, blank=True)
    locked_key = models.CharField(max_length=400, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_member_keeps_a_path_once_at_a_time",
                fields=["institution", "path", "member"],
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="a_ready_keeper_has_keys",
                condition=Q(ready_at__isnull=True) | ~Q(public_key="", locked_key=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} keeps {self.path}"


class SealedTalk(models.Model):
    """A conversation on a safe path, and whether all its words lie under the keepers' keys."""

    conversation = models.OneToOneField(
        "inbox.Conversation", models.PROTECT, related_name="sealed_talk"
    )
    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="+")
    path = models.CharField(max_length=16, choices=SafePath)
    sealed_at = models.DateTimeField()
    sealed_by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    is_waiting = models.BooleanField(
        default=True, help_text="Words still lie open: no keeper is ready, or more came in."
    )
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(name="sealed_to_lock", fields=["id"], condition=Q(is_waiting=True))]

    def __str__(self) -> str:
        return f"{self.path} {self.conversation_id}"


class SealedPiece(models.Model):
    """Some words of a sealed conversation, encrypted under a key of their own."""

    talk = models.ForeignKey(SealedTalk, models.PROTECT, related_name="pieces")
    body = models.BinaryField()
    locked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"piece {self.pk}"


class SealedKey(models.Model):
    """A piece's key, sealed to one keeper's public key."""

    piece = models.ForeignKey(SealedPiece, models.CASCADE, related_name="keys")
    keeper = models.ForeignKey(Keeper, models.PROTECT, related_name="+")
    wrapped = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_keeper_has_a_key_of_a_piece_once", fields=["piece", "keeper"]
            )
        ]

    def __str__(self) -> str:
        return f"key of {self.piece_id}"
