from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from balai.cases.rules import life


class Case(models.Model):
    """A citizen's matter for which a unit owes an answer."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("Complaint")
        ASPIRATION = "aspiration", _("Aspiration")
        INFORMATION_REQUEST = "information_request", _("Information request")

    class Scrutiny(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary, no examination")
        WITHOUT_OVERSIGHT = "without_oversight", _("Not about misconduct")
        WITH_OVERSIGHT = "with_oversight", _("About misconduct, needs examination")

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("case", "Received")
        NEEDS_CLARIFICATION = "needs_clarification", pgettext_lazy("case", "Needs clarification")
        VERIFIED = "verified", pgettext_lazy("case", "Verified")
        REJECTED = "rejected", pgettext_lazy("case", "Cannot be processed")
        DUPLICATE = "duplicate", pgettext_lazy("case", "Merged with another")
        DISPATCHED = "dispatched", pgettext_lazy("case", "Sent to a unit")
        RETURNED = "returned", pgettext_lazy("case", "Returned by the unit")
        IN_PROGRESS = "in_progress", pgettext_lazy("case", "Being worked on")
        PLANNED = "planned", pgettext_lazy("case", "Planned")
        ACTION_SCHEDULED = "action_scheduled", pgettext_lazy("case", "Action scheduled")
        REFERRED_EXTERNAL = "referred_external", pgettext_lazy("case", "Referred to another agency")
        ANSWERED = "answered", pgettext_lazy("case", "Answered")
        RESOLVED = "resolved", pgettext_lazy("case", "Resolved")
        CONFIRMED = "confirmed", pgettext_lazy("case", "Confirmed by the citizen")
        DISPUTED = "disputed", pgettext_lazy("case", "Disputed by the citizen")
        CLOSED = "closed", pgettext_lazy("case", "Closed")
        WITHDRAWN = "withdrawn", pgettext_lazy("case", "Withdrawn by the citizen")

    class Result(models.TextChoices):
        FIXED = "fixed", _("Fixed")
        EXPLAINED = "explained", _("Explained")
        CANNOT_LAW = "cannot_law", _("Not possible: the law does not allow it")
        CANNOT_BUDGET = "cannot_budget", _("Not possible: there is no budget")
        NOT_RESPONSIBLE = "not_responsible", _("Another agency is responsible")

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, db_index=False, related_name="cases"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    scrutiny = models.CharField(_("scrutiny"), max_length=20, choices=Scrutiny)
    title = models.CharField(_("title"), max_length=160)
    category = models.CharField(_("topic"), max_length=80, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    area_code = models.CharField(
        _("area code"), max_length=13, blank=True, help_text="Kemendagri, when known."
    )
    unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, blank=True, db_index=False, related_name="cases"
    )
    officer = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, db_index=False, related_name="cases"
    )
    handled_by = models.ForeignKey(
        "people.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who answered last: no judge of a dispute about it.",
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.RECEIVED)
    is_open = models.BooleanField(default=True, help_text="We owe the next step.")
    is_confidential = models.BooleanField(
        _("confidential"), default=False, help_text="Only those who handle it read it."
    )
    is_anonymous = models.BooleanField(
        _("anonymous"), default=False, help_text="The unit does not learn who the citizen is."
    )
    is_danger = models.BooleanField(default=False)
    master = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates"
    )
    result = models.CharField(_("result"), max_length=16, choices=Result, blank=True)
    returns = models.PositiveSmallIntegerField(default=0)
    disputes = models.PositiveSmallIntegerField(default=0)
    escalated = models.PositiveSmallIntegerField(
        default=0, help_text="Per cent of a deadline that had passed when somebody was told last."
    )
    rating = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 to 5.")
    received_at = models.DateTimeField(help_text="When the citizen spoke: the clocks start here.")
    opened_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(help_text="The nearest deadline of a running clock.")
    news_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when words of the citizen wait to be read."
    )
    opened_by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_duplicate_has_a_master_and_nothing_else_has",
                condition=Q(state="duplicate", master__isnull=False)
                | (~Q(state="duplicate") & Q(master__isnull=True)),
            ),
            models.CheckConstraint(
                name="what_is_resolved_has_a_result",
                condition=~Q(state__in=["resolved", "confirmed", "closed"]) | ~Q(result=""),
            ),
            models.CheckConstraint(
                name="what_has_ended_says_when",
                condition=Q(state__in=sorted(life.ENDED), closed_at__isnull=False)
                | (~Q(state__in=sorted(life.ENDED)) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="a_unit_that_works_is_named",
                condition=~Q(state__in=["dispatched", *sorted(life.WORKED_ON), "answered"])
                | Q(unit__isnull=False),
            ),
            models.CheckConstraint(
                name="a_case_is_returned_twice_at_most",
                condition=Q(returns__lte=life.MOST_RETURNS),
            ),
            models.CheckConstraint(
                name="a_case_is_disputed_twice_at_most",
                condition=Q(disputes__lte=life.MOST_DISPUTES),
            ),
            models.CheckConstraint(
                name="a_rating_is_one_to_five",
                condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5),
            ),
        ]
        indexes = [
            # Partial, not led by is_open: SQLite orders by an index only after equal values.
            models.Index(
                name="cases_by_due",
                fields=["institution", "due_at", "id"],
                condition=Q(is_open=True),
            ),
            models.Index(name="cases_by_state", fields=["institution", "state", "due_at", "id"]),
            models.Index(name="cases_newest", fields=["institution", "-id"]),
            models.Index(
                name="cases_of_unit", fields=["unit", "due_at", "id"], condition=Q(is_open=True)
            ),
            models.Index(
                name="cases_of_officer",
                fields=["officer", "due_at", "id"],
                condition=Q(is_open=True),
            ),
            models.Index(
                name="cases_with_news",
                fields=["institution", "news_at"],
                condition=Q(news_at__isnull=False),
            ),
            models.Index(name="cases_to_close", fields=["id"], condition=Q(state="confirmed")),
            models.Index(
                name="cases_ended",
                fields=["institution", "-id"],
                condition=Q(closed_at__isnull=False),
            ),
            models.Index(
                name="cases_by_category",
                fields=["institution", "category", "-id"],
                condition=~Q(category=""),
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"
