from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A way to look at the queue under a name of its own, for one member, a unit or everybody.

    `filters` holds what the address of the queue says (forms.office.Filters); what it names and no
    longer exists filters nothing. It shows nobody more than their roles reach.
    """

    class Audience(models.TextChoices):
        ME = "me", _("Only me")
        UNIT = "unit", _("My unit")
        ALL = "all", _("Everybody in the office")

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="+")
    owner = models.ForeignKey("people.Member", models.PROTECT, related_name="saved_views")
    name = models.CharField(_("name"), max_length=40)
    filters = models.JSONField(default=dict)
    audience = models.CharField(
        _("who sees it"), max_length=4, choices=Audience, default=Audience.ME
    )
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    place = models.PositiveSmallIntegerField(default=0, help_text="Its order among the views.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_member_names_a_view_once",
                fields=["owner", "name"],
                violation_error_message=_("You have a view of this name already."),
            ),
            models.CheckConstraint(
                name="a_view_of_a_unit_names_the_unit",
                condition=~models.Q(audience="unit") | models.Q(unit__isnull=False),
                violation_error_message=_("You work in no unit; share it with everybody."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FirstView(models.Model):
    """With which view a member's inbox opens; without a row, with what waits for an answer."""

    member = models.OneToOneField("people.Member", models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="opened_first_by")

    def __str__(self) -> str:
        return f"{self.member_id} begins with {self.view_id}"


class QueueOrder(models.Model):
    """In which order "to answer" opens: for one member, or (without one) for the whole office."""

    class Order(models.TextChoices):
        NEWEST = "newest", _("Newest first")
        DEADLINE = "deadline", _("By deadline")

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="+")
    member = models.OneToOneField(
        "people.Member", models.CASCADE, null=True, blank=True, related_name="+"
    )
    order = models.CharField(_("order"), max_length=8, choices=Order)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="an_office_has_one_order_of_its_queue",
                fields=["institution"],
                condition=models.Q(member__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.order
