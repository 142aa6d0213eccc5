from django.db import models
from django.utils.translation import gettext_lazy as _

from balai.inbox.models.fields import EncodedJson, RisingId


class Message(models.Model):
    """One utterance in a conversation: the citizen's, ours, or a note that only the office sees.

    Ids rise with arrival (ground.clock). On PostgreSQL the table is partitioned by month of
    arrival: nothing in the database refers to it or from it; the landing keeps it whole.
    """

    class Direction(models.TextChoices):
        IN = "in", _("From the citizen")
        OUT = "out", _("From us")
        NOTE = "note", _("Internal note")

    id = RisingId(primary_key=True)
    institution = models.ForeignKey(
        "people.Institution",
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    connection = models.ForeignKey(
        "channels.Connection",
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    conversation = models.ForeignKey(
        "inbox.Conversation",
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="messages",
    )
    remote_id = models.CharField(max_length=500, blank=True)
    direction = models.CharField(max_length=4, choices=Direction)
    kind = models.CharField(max_length=16, blank=True)
    text = models.TextField()
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField()
    is_automatic = models.BooleanField(default=False)
    is_hidden = models.BooleanField(
        default=False, help_text="Taken back or erased: no search finds it."
    )
    author = models.ForeignKey(
        "people.Member",
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    reading = EncodedJson(null=True, blank=True)
    extra = EncodedJson(
        default=dict, help_text="handle (for replies), url, quoted, facts, dispatch, taken_back_at"
    )

    class Meta:
        indexes = [models.Index(name="message_thread", fields=["conversation", "id"])]

    def __str__(self) -> str:
        return f"message {self.pk}"


class MessageKey(models.Model):
    """The guarantee that a network's message is kept once: unique over all months."""

    pk = models.CompositePrimaryKey("connection_id", "remote_id")
    connection = models.ForeignKey(
        "channels.Connection",
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    remote_id = models.CharField(max_length=500)
    message_id = models.BigIntegerField()

    def __str__(self) -> str:
        return self.remote_id


class Attachment(models.Model):
    """A file that came with a message; kept under the installation's home, named by its hash."""

    message_id = models.BigIntegerField(db_index=True)
    name = models.CharField(max_length=255)
    mime = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    alt = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class Correction(models.Model):
    """A person said otherwise than the machine read. Both stay; the person's word counts."""

    conversation = models.ForeignKey(
        "inbox.Conversation", models.PROTECT, related_name="corrections"
    )
    message_id = models.BigIntegerField()
    field = models.CharField(max_length=24)
    read = models.CharField(max_length=60, blank=True, help_text="What the machine said.")
    model = models.CharField(max_length=60, blank=True)
    said = models.CharField(max_length=60, help_text="What the person said.")
    by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.field}: {self.read} -> {self.said}"
