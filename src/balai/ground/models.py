from django.db import models


class Announcement(models.Model):
    """A fact that a room announced, written in the transaction that made it true."""

    name = models.CharField(max_length=80)
    facts = models.JSONField()
    scope = models.BigIntegerField(
        default=0, help_text="Whose live pages this concerns; 0 is nobody's."
    )
    announced_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    trouble = models.TextField(blank=True)
    is_dead = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                name="announcement_waiting",
                fields=["next_try_at", "id"],
                condition=models.Q(heard_at__isnull=True, is_dead=False),
            ),
            models.Index(name="announcement_dead", fields=["id"], condition=models.Q(is_dead=True)),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class LogBatch(models.Model):
    """One batch in the log: opaque bytes, claimed under a lease, deleted when acknowledged."""

    subject = models.CharField(max_length=80)
    is_urgent = models.BooleanField(default=False)
    body = models.BinaryField()
    size = models.PositiveIntegerField(help_text="How many items the batch carries.")
    appended_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)
    claims = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(name="logbatch_order", fields=["-is_urgent", "id"])]

    def __str__(self) -> str:
        return f"{self.subject} #{self.pk} ({self.size})"


class Beat(models.Model):
    """When a sweep of the timetable last ran, where, and what went wrong if it did."""

    sweep = models.CharField(max_length=120, unique=True)
    ran_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField()
    failed_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.sweep
