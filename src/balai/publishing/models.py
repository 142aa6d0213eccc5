from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from balai.publishing import rules

WITH_PROOF = ["published", "corrected", "withdrawn", "archived"]


class Purpose(models.TextChoices):
    """What a post is for: domain 3.6."""

    SERVICE_INFORMATION = "service_information", _("Service information")
    POLICY_EXPLANATION = "policy_explanation", _("Explaining a policy")
    DATA_STORY = "data_story", _("Data made plain")
    SAFETY_WARNING = "safety_warning", _("Safety warning")
    CORRECTION_DEBUNK = "correction_debunk", _("Putting a mistake or rumour right")
    INPUT_SEEKING = "input_seeking", _("Asking for input")
    DIALOGUE_REPLY = "dialogue_reply", _("Reply in a dialogue")
    REPORT_BACK = "report_back", _("Reporting back")
    VOLUNTEER_CALL = "volunteer_call", _("Call for helpers")
    CEREMONIAL = "ceremonial", _("Ceremony")
    SELF_PROMOTION = "self_promotion", _("About ourselves")
    SEASONAL_GREETING = "seasonal_greeting", _("Greeting of the season")


class Objective(models.Model):
    """What communication shall change, so that it can be seen whether it did (domain R1, R3)."""

    class Lens(models.TextChoices):
        SERVE = "serve", _("Use of a service")
        VOICE = "voice", _("Citizens' voice that changed something")
        COST = "cost", _("Less cost for the same service")

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="+")
    name = models.CharField(_("objective"), max_length=200)
    lens = models.CharField(_("outcome"), max_length=8, choices=Lens)
    measure = models.CharField(_("measured by"), max_length=200)
    baseline = models.DecimalField(_("today"), max_digits=14, decimal_places=2)
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=2)
    owner = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    due_on = models.DateField(_("due on"))
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """One thing to say. What each account says of it stands in its variants."""

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="posts")
    title = models.CharField(_("title"), max_length=160)
    purpose = models.CharField(_("purpose"), max_length=24, choices=Purpose, blank=True)
    topic = models.CharField(_("topic"), max_length=80, blank=True)
    topic_code = models.SlugField(max_length=80, blank=True)
    segment = models.CharField(_("for whom"), max_length=120, blank=True)
    objective = models.ForeignKey(
        Objective, models.PROTECT, null=True, blank=True, related_name="items"
    )
    unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, blank=True, related_name="posts"
    )
    language = models.CharField(_("language"), max_length=3, default="ind")
    is_sensitive = models.BooleanField(_("sensitive topic"), default=False)
    has_humour = models.BooleanField(_("with humour"), default=False)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections_posted"
    )
    created_by = models.ForeignKey("people.Member", models.PROTECT, related_name="posts")
    created_at = models.DateTimeField()
    review_due_at = models.DateTimeField(
        null=True, blank=True, help_text="It left in one step; a second person reads it by then."
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                name="item_after_review",
                fields=["institution", "review_due_at"],
                condition=Q(review_due_at__isnull=False, reviewed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Fact(models.Model):
    """A statement that can be right or wrong, where it stands, and who answers for it (R41)."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="facts")
    statement = models.CharField(_("statement"), max_length=300)
    source = models.CharField(_("source"), max_length=300)
    url = models.URLField(_("address"), max_length=500, blank=True)
    owner = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    valid_until = models.DateField(_("right until"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="no_fact_without_a_source", condition=~Q(source=""))
        ]

    def __str__(self) -> str:
        return self.statement


class Picture(models.Model):
    """A picture as it leaves: drawn anew, without the place and the device that it came from."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="pictures")
    body = models.BinaryField()
    mime = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    alt = models.CharField(_("description"), max_length=1500, blank=True)
    licence = models.CharField(_("whose picture"), max_length=200, blank=True)
    added_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.alt or f"picture {self.pk}"


class Variant(models.Model):
    """What one account says of an item; without an account: our own page."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        CHANGES_REQUESTED = "changes_requested", _("Changes requested")
        APPROVED = "approved", _("Approved")
        SCHEDULED = "scheduled", _("Scheduled")
        HELD = "held", _("Held back")
        PUBLISHING = "publishing", _("Being sent")
        FAILED = "failed", _("Failed")
        PUBLISHED = "published", _("Published")
        CORRECTED = "corrected", _("Corrected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ARCHIVED = "archived", _("Archived")
        CANCELLED = "cancelled", _("Cancelled")

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="variants")
    account = models.ForeignKey(
        "registry.OfficialAccount", models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    revision = models.ForeignKey(
        "publishing.Revision", models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(
        null=True, blank=True, help_text="Its place in the calendar: planned, then published."
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True, help_text="Why it stands where it stands.")
    remote_id = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=500, blank=True)
    proved_by = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    next_look_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when it no longer stands on the network."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="an_account_says_an_item_once",
                fields=["item", "account"],
                condition=Q(account__isnull=False),
            ),
            models.UniqueConstraint(
                name="an_item_has_one_page_of_ours",
                fields=["item"],
                condition=Q(account__isnull=True),
            ),
            models.CheckConstraint(
                name="nothing_is_published_without_proof",
                condition=~Q(state__in=WITH_PROOF) | ~Q(remote_id=""),
            ),
            models.CheckConstraint(
                name="what_is_scheduled_has_a_time",
                condition=~Q(state="scheduled") | Q(at__isnull=False),
            ),
            models.CheckConstraint(
                name="what_leaves_was_approved",
                condition=~Q(state__in=["approved", "scheduled", "publishing", *WITH_PROOF])
                | Q(approved_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="variant_in_state", fields=["institution", "state", "-id"]),
            models.Index(name="variant_in_calendar", fields=["institution", "at"]),
            models.Index(name="variant_due", fields=["at", "id"], condition=Q(state="scheduled")),
            models.Index(
                name="variant_to_look_at",
                fields=["next_look_at"],
                condition=Q(next_look_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"variant {self.pk} ({self.state})"


class Revision(models.Model):
    """The exact bytes that a variant had once. Never changed; approvals are of its hash."""

    variant = models.ForeignKey(Variant, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    body = models.TextField(help_text="Sorted JSON: text, pictures, account, facts, purpose.")
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    author = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                name="a_revision_has_a_number_of_its_own", fields=["variant", "number"]
            )
        ]

    def __str__(self) -> str:
        return f"revision {self.number} of variant {self.variant_id}"


class Approval(models.Model):
    """What one person said about one revision: yes, or what must change."""

    class Kind(models.TextChoices):
        YES = "yes", _("Approved")
        CHANGES = "changes", _("Changes requested")
        ONE_STEP = "one_step", _("Sent in one step")
        AFTERWARDS = "afterwards", _("Reviewed afterwards")

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="approvals")
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=Kind)
    member = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    author = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    words = models.TextField(_("comment"), max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="nobody_approves_a_post_of_their_own",
                condition=Q(kind__in=["one_step", "changes"]) | ~Q(member=F("author")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.sha256[:8]}"


class Remark(models.Model):
    """A comment on a revision, pinned to the words that it is about."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="remarks")
    quote = models.CharField(_("about these words"), max_length=300, blank=True)
    words = models.TextField(_("comment"), max_length=1000)
    member = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.words[:60]


class Hold(models.Model):
    """While it lasts nothing routine leaves: an incident, a mourning, a mistake being looked at."""

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    locks_humour = models.BooleanField(default=True)
    began_at = models.DateTimeField()
    began_by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="an_institution_is_held_once_at_a_time",
                fields=["institution"],
                condition=Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.reason


class Correction(models.Model):
    """What was wrong in a published variant, what is right, and how it was put right."""

    class How(models.TextChoices):
        EDITED = "edited", _("Changed in place")
        LINKED = "linked", _("Corrected by a post beside it")
        BY_HAND = "by_hand", _("Changed by hand")

    variant = models.ForeignKey(Variant, models.PROTECT, related_name="corrections")
    how = models.CharField(max_length=8, choices=How)
    words = models.CharField(_("what was wrong, and what is right"), max_length=500)
    before = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    after = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    beside = models.ForeignKey(
        Variant, models.PROTECT, null=True, blank=True, related_name="corrects"
    )
    noticed_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True, help_text="The network's words when it said no.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_mistake_is_noticed_before_it_is_corrected",
                condition=Q(corrected_at__isnull=True) | Q(corrected_at__gte=F("noticed_at")),
            )
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def hours(self) -> float | None:
        """Clock hours that it took; None while it is not done."""
        if self.corrected_at is None:
            return None
        return rules.hours_between(self.noticed_at, self.corrected_at)


class Withdrawal(models.Model):
    """A post that was taken away, the rule that demands it, and the notice that stays."""

    class Rule(models.TextChoices):
        LAW = "law", _("The law forbids it")
        SAFETY = "safety", _("It endangers somebody")
        PRIVACY = "privacy", _("It shows personal data")

    variant = models.OneToOneField(Variant, models.PROTECT, related_name="withdrawal")
    rule = models.CharField(_("rule"), max_length=8, choices=Rule)
    citation = models.CharField(_("where it stands"), max_length=200)
    notice = models.CharField(_("notice for the public"), max_length=300)
    by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_withdrawal_names_its_rule", condition=~Q(citation="") & ~Q(notice="")
            )
        ]

    def __str__(self) -> str:
        return self.notice
