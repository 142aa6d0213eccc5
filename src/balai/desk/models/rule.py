from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Rule(models.Model):
    """What the desk does by itself: when, if, then. What it says stands in its versions."""

    class State(models.TextChoices):
        OFF = "off", _("Off")
        ON = "on", _("On")
        PAUSED = "paused", _("Paused itself")

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="rules")
    name = models.CharField(_("name"), max_length=80)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OFF)
    place = models.PositiveSmallIntegerField(default=0, help_text="Earlier ones act first.")
    limit_per_hour = models.PositiveSmallIntegerField(_("at most per hour"), default=100)
    in_force = models.ForeignKey(
        "desk.RuleVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    counted_from = models.DateTimeField(
        null=True, blank=True, help_text="Since when runs count against the limit."
    )
    paused_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_rule_that_is_on_has_a_version_in_force",
                condition=~Q(state="on") | Q(in_force__isnull=False),
            ),
            models.CheckConstraint(
                name="a_rule_acts_once_an_hour_at_least", condition=Q(limit_per_hour__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """One wording of a rule; never changed again once it was written."""

    class When(models.TextChoices):
        TAKEN_IN = "taken_in", _("a citizen's message was taken in")
        MOVED = "moved", _("a conversation moved")
        QUIET = "quiet", _("nothing was said for some time")

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    when = models.CharField(_("when"), max_length=10, choices=When)
    quiet_hours = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Clock hours; for `quiet` only."
    )
    conditions = models.JSONField(default=dict, blank=True, help_text="rules.matching.Conditions")
    deeds = models.JSONField(default=dict, blank=True, help_text="rules.matching.Deeds")
    author = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    looked_to = models.BigIntegerField(
        default=0, help_text="Of `quiet`: the newest message that was looked at."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_version_has_a_number_of_its_own", fields=["rule", "number"]
            ),
            models.CheckConstraint(
                name="only_quiet_waits_for_hours",
                condition=Q(when="quiet", quiet_hours__gte=1)
                | (~Q(when="quiet") & Q(quiet_hours__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of rule {self.rule_id}"


class RuleRun(models.Model):
    """A rule acted on a conversation, or tried to: once for each of its versions."""

    class Outcome(models.TextChoices):
        DONE = "done", _("Carried out")
        NOTHING = "nothing", _("Nothing to do")
        FAILED = "failed", _("Refused")

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="runs")
    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="runs")
    conversation = models.ForeignKey(
        "inbox.Conversation", models.PROTECT, related_name="rule_runs", db_index=False
    )
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.DONE)
    did = models.JSONField(default=list, help_text="Codes of the deeds that were done.")
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_version_acts_once_on_a_conversation", fields=["conversation", "version"]
            )
        ]
        indexes = [models.Index(name="runs_of_rule", fields=["rule", "-id"])]

    def __str__(self) -> str:
        return f"rule {self.rule_id} on conversation {self.conversation_id}"


class Trigger(models.Model):
    """Something happened to a conversation that a rule or the away note may answer."""

    institution = models.ForeignKey("people.Institution", models.CASCADE, related_name="+")
    conversation = models.ForeignKey("inbox.Conversation", models.CASCADE, related_name="+")
    cause = models.CharField(max_length=10)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.cause}: conversation {self.conversation_id}"
