from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from balai.ground.fields import SealedText


class Team(models.Model):
    """People who share the work of a unit, or what no unit has yet."""

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="teams")
    name = models.CharField(_("name"), max_length=80)
    unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, blank=True, related_name="teams"
    )
    lead = models.ForeignKey(
        "people.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Looks after the team's work day by day.",
    )
    head = models.ForeignKey(
        "people.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Answers for the unit, and is told when a promise was broken.",
    )
    takes_unsorted = models.BooleanField(
        default=False, help_text="Besides, it takes what belongs to no unit and no team."
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "institution",
                Lower("name"),
                name="a_team_at_work_has_a_name_of_its_own",
                condition=Q(retired_at__isnull=True),
                violation_error_message=_("There is a team of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """Somebody works in a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="seats")
    member = models.ForeignKey("people.Member", models.CASCADE, related_name="seats")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_member_sits_in_a_team_once", fields=["team", "member"])
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in team {self.team_id}"


class Capacity(models.Model):
    """How many open conversations a member can have in hand at once."""

    member = models.OneToOneField("people.Member", models.CASCADE, related_name="capacity")
    most = models.PositiveSmallIntegerField(_("open conversations at once"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_capacity_is_one_conversation_at_least", condition=Q(most__gte=1)
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.most}"


class Passed(models.Model):
    """A conversation was given to a team, whose members it is then given out to."""

    conversation = models.OneToOneField(
        "inbox.Conversation", models.CASCADE, related_name="passed", primary_key=True
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="passed")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"conversation {self.conversation_id} to team {self.team_id}"


class Absence(models.Model):
    """Somebody is away from a day to a day, both included; new work goes to the deputy."""

    class Kind(models.TextChoices):
        LEAVE = "leave", _("Leave")
        SICK = "sick", _("Sick")
        DUTY_TRIP = "duty_trip", _("Duty travel")
        TRAINING = "training", _("Training")
        OTHER = "other", _("Other")

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="+")
    member = models.ForeignKey("people.Member", models.PROTECT, related_name="absences")
    kind = models.CharField(_("reason"), max_length=10, choices=Kind)
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    deputy = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="deputises"
    )
    entered_by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_absence_ends_after_it_begins", condition=Q(last_on__gte=F("first_on"))
            ),
            models.CheckConstraint(
                name="nobody_is_their_own_deputy",
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("member")),
            ),
        ]
        indexes = [models.Index(name="absence_of_day", fields=["institution", "last_on"])]

    def __str__(self) -> str:
        return f"{self.member_id} away {self.first_on} to {self.last_on}"


class HandOver(models.Model):
    """What a shift leaves to the next one in words. Sealed: it may name a citizen."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="hand_overs")
    by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    text = SealedText(_("note"))
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="hand_over_of_team", fields=["team", "-written_at"])]

    def __str__(self) -> str:
        return f"hand-over {self.pk} of team {self.team_id}"


class HandOverRead(models.Model):
    """Somebody of the next shift read a hand-over note."""

    note = models.ForeignKey(HandOver, models.CASCADE, related_name="reads")
    member = models.ForeignKey("people.Member", models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_hand_over_is_read_once_by_a_member", fields=["note", "member"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} read {self.note_id}"
