from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Dimension(models.TextChoices):
    """By what figures can be told apart."""

    ALL = "all", _("Everything")
    UNIT = "unit", _("Unit")
    MEMBER = "member", _("Officer")
    CHANNEL = "channel", _("Channel")
    INTENT = "intent", _("Topic")
    PLACE = "place", _("Place")


class Upkeep(models.Model):
    """How far an institution's figures are kept: one writer at a time holds this row.

    Until `is_complete`, conversations up to the id `walked_to` were counted by the formula; what
    moved since was counted too.
    """

    institution = models.OneToOneField(
        "people.Institution", models.CASCADE, primary_key=True, related_name="+"
    )
    formula = models.PositiveSmallIntegerField(default=0)
    walked_to = models.BigIntegerField(default=0)
    is_complete = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"figures of institution {self.institution_id}"


class Told(models.Model):
    """Something was told of these conversations that the figures do not show yet.

    One row a fact, a thousand messages or one click; a sweep counts many of them together.
    """

    institution_id = models.BigIntegerField(db_index=True)
    conversation_ids = models.JSONField()
    message_ids = models.JSONField(default=list, help_text="New words of citizens among them.")
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"told of institution {self.institution_id} at {self.told_at}"


class Contribution(models.Model):
    """What one conversation added to the rollups; the next time, the difference is added.

    `id` is the conversation's. No row of the database refers to it: a batch writes a thousand.
    """

    id = models.BigAutoField(primary_key=True)
    institution_id = models.BigIntegerField()
    on = models.DateField(help_text="The institution's day on which the citizen spoke.")
    channel = models.CharField(max_length=32)
    unit_id = models.BigIntegerField(null=True, blank=True)
    member_id = models.BigIntegerField(null=True, blank=True)
    intent = models.CharField(max_length=24, blank=True)
    place = models.CharField(max_length=16, blank=True, help_text="Kemendagri code.")
    place_name = models.CharField(max_length=100, blank=True)
    place_from = models.BigIntegerField(
        default=0, help_text="The citizen's first message that names a place; 0: none does."
    )
    counted = models.PositiveIntegerField(default=0, help_text="rules.Counts, as a mask.")
    minutes = models.PositiveIntegerField(null=True, blank=True)
    runs_until = models.DateTimeField(
        null=True, blank=True, help_text="The deadline of a clock that nothing has stopped."
    )
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                name="running_clocks",
                fields=["institution_id", "runs_until"],
                condition=Q(runs_until__isnull=False),
            ),
            models.Index(
                name="times_of_a_day",
                fields=["institution_id", "on"],
                condition=Q(minutes__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk} on {self.on}"


class DailyMeasure(models.Model):
    """One local day of one institution, seen along one dimension: counts and a histogram.

    Days add up to any period. `key` is an id, a code or empty (nobody, nothing said); the counts
    are those of rules.Counts, `times` the histogram of minutes to the first answer.
    """

    institution_id = models.BigIntegerField()
    on = models.DateField()
    dimension = models.CharField(max_length=8, choices=Dimension)
    key = models.CharField(max_length=32, blank=True)
    label = models.CharField(
        max_length=100, blank=True, help_text="A place's name, as it was read."
    )
    formula = models.PositiveSmallIntegerField()
    taken_in = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    timed = models.IntegerField(default=0)
    met = models.IntegerField(default=0)
    ended = models.IntegerField(default=0)
    at_once = models.IntegerField(default=0)
    ever_ended = models.IntegerField(default=0)
    reopened = models.IntegerField(default=0)
    waiting = models.IntegerField(default=0)
    times = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_day_is_measured_once_along_a_dimension",
                fields=["institution_id", "dimension", "key", "on"],
            )
        ]
        indexes = [
            models.Index(name="measures_of_a_period", fields=["institution_id", "dimension", "on"]),
            models.Index(
                name="days_with_backlog",
                fields=["institution_id", "dimension"],
                condition=Q(waiting__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.dimension} {self.key}"
