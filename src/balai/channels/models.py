from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from balai.ground.fields import SealedText


class Connection(models.Model):
    """Our line to one official account: settings, secrets, where the last look ended, health."""

    class State(models.TextChoices):
        HEALTHY = "healthy", _("Healthy")
        TROUBLED = "troubled", _("In trouble")
        BROKEN = "broken", _("Broken")
        PAUSED = "paused", _("Paused")
        CLOSED = "closed", _("Closed")

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, related_name="connections"
    )
    account = models.ForeignKey(
        "registry.OfficialAccount",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="connections",
    )
    channel = models.SlugField(_("channel"))
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(
        max_length=64, unique=True, help_text="The unguessable part of the webhook address."
    )
    settings = models.JSONField(default=dict)
    secrets = SealedText(default="{}")
    is_urgent = models.BooleanField(_("urgent"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.HEALTHY)
    trouble = models.TextField(_("trouble"), blank=True)
    what_to_do = models.TextField(_("what to do"), blank=True)
    failures = models.PositiveIntegerField(default=0)
    cursor = models.TextField(blank=True)
    next_look_at = models.DateTimeField(null=True, blank=True)
    next_send_at = models.DateTimeField(
        null=True, blank=True, help_text="The network asked us to wait."
    )
    last_alive_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Parcel(models.Model):
    """What came in, byte for byte, before anybody understood it."""

    class State(models.TextChoices):
        HELD = "held", _("Being completed")
        WAITING = "waiting", _("Waiting")
        READ = "read", _("Read")
        UNREADABLE = "unreadable", _("Unreadable")

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="parcels")
    body = models.BinaryField()
    arrived_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    trouble = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                name="parcel_not_read",
                fields=["state", "arrived_at"],
                condition=~Q(state="read"),
            ),
            models.Index(
                name="parcel_held",
                fields=["connection", "arrived_at"],
                condition=Q(state="held"),
            ),
        ]

    def __str__(self) -> str:
        return f"parcel {self.pk}"


class Dispatch(models.Model):
    """One thing that must go out on one connection at most once, or a change of what is out.

    waiting -> sending -> out | confirming | refused | unknown. `unknown` is settled by a look or by
    a person, never by sending again blindly. An edit or a retraction says how a thing shall be, so
    it is repeated until the network says yes or no.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Sending")
        CONFIRMING = "confirming", _("Being confirmed")
        OUT = "out", _("Out")
        REFUSED = "refused", _("Refused")
        UNKNOWN = "unknown", _("Unknown")
        CANCELLED = "cancelled", _("Cancelled")

    class Deed(models.TextChoices):
        SEND = "send", _("Send")
        EDIT = "edit", _("Edit")
        RETRACT = "retract", _("Take back")

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, models.PROTECT, related_name="dispatches")
    key = models.CharField(max_length=80, unique=True)
    purpose = models.CharField(max_length=40, help_text="Which room asked, for what: inbox.answer")
    ref = models.BigIntegerField(help_text="The row of that room.")
    deed = models.CharField(max_length=8, choices=Deed, default=Deed.SEND)
    about = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
        help_text="What is out and is edited or taken back.",
    )
    outgoing = SealedText(help_text="The Outgoing as JSON: it may hold a citizen's address.")
    chosen = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0, help_text="Rises with every claim.")
    attempts_made = models.PositiveSmallIntegerField(default=0)
    looks_made = models.PositiveSmallIntegerField(default=0)
    pending = models.JSONField(null=True, blank=True)
    remote_id = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=500, blank=True)
    handle = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(
        null=True, blank=True, help_text="The network said later that it did not arrive."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="nothing_is_out_without_a_remote_id",
                condition=~Q(state="out") | ~Q(remote_id=""),
            ),
            models.CheckConstraint(
                name="a_change_is_about_something_that_was_sent",
                condition=Q(deed="send", about__isnull=True)
                | (~Q(deed="send") & Q(about__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                name="dispatch_due",
                fields=["due_at", "id"],
                condition=Q(state__in=["waiting", "sending", "confirming", "unknown"]),
            ),
            models.Index(name="dispatch_of_row", fields=["purpose", "ref"]),
            models.Index(name="dispatch_by_remote_id", fields=["connection", "remote_id"]),
        ]

    def __str__(self) -> str:
        return f"dispatch {self.key} ({self.state})"


class Attempt(models.Model):
    """One call to the network for a dispatch: saved before the call, finished after it."""

    class Kind(models.TextChoices):
        SEND = "send", _("Send")
        LOOK = "look", _("Look")

    class Outcome(models.TextChoices):
        STARTED = "started", _("Started")
        OUT = "out", _("Out")
        CONFIRMING = "confirming", _("Being confirmed")
        ABSENT = "absent", _("Not there")
        REFUSED = "refused", _("Refused")
        NOT_SENT = "not_sent", _("Not sent")
        UNKNOWN = "unknown", _("Unknown")

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="attempts")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.SEND)
    fence = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.STARTED)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"
