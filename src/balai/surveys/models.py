from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from balai.ground.fields import SealedText


class Survey(models.Model):
    """One survey of one service in one period. What it asks is frozen when it is opened."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        METHOD_REVIEWED = "method_reviewed", _("Method reviewed")
        PRIVACY_REVIEWED = "privacy_reviewed", _("Privacy reviewed")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        COMPUTED = "computed", _("Computed")
        VALIDATED = "validated", _("Validated")
        PUBLISHED = "published", _("Published")
        FOLLOW_UP_PLANNED = "follow_up_planned", _("Follow-up planned")
        FOLLOW_UP_DONE = "follow_up_done", _("Follow-up done")
        INVALIDATED = "invalidated", _("Declared invalid")

    class Sample(models.TextChoices):
        TABLE = "table", _("by the printed table")
        FORMULA = "formula", _("by the formula")

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="surveys")
    unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, blank=True, related_name="surveys"
    )
    code = models.SlugField(max_length=20, unique=True, help_text="Its public address.")
    service = models.CharField(_("service"), max_length=160)
    instrument = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    is_free = models.BooleanField(
        _("the service is free of charge"),
        default=False,
        help_text=_("Then nobody is asked about the fee; it counts as the best answer."),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    population = models.PositiveIntegerField(
        _("people served in the period"), help_text=_("An estimate; the sample follows from it.")
    )
    sample_mode = models.CharField(
        _("sample size"), max_length=8, choices=Sample, default=Sample.TABLE
    )
    target = models.PositiveIntegerField(help_text="How many responses the sample asks for.")
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    author = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    method_reviewer = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )
    privacy_reviewer = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )
    frozen_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_survey_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="nobody_reviews_the_method_of_their_own_survey",
                condition=Q(method_reviewer__isnull=True) | ~Q(method_reviewer=F("author")),
            ),
            models.CheckConstraint(
                name="an_open_survey_was_reviewed_and_frozen",
                condition=Q(state__in=["draft", "method_reviewed", "privacy_reviewed"])
                | (
                    Q(method_reviewer__isnull=False, privacy_reviewer__isnull=False)
                    & ~Q(frozen_hash="")
                ),
            ),
        ]
        indexes = [models.Index(name="surveys_of_an_office", fields=["institution", "-starts_on"])]

    def __str__(self) -> str:
        return self.service


class Response(models.Model):
    """What one person answered. Nobody's name, address or hour is kept."""

    class Mode(models.TextChoices):
        WEB = "web", _("Web")
        COUNTER = "counter", _("Counter")
        PHONE = "phone", _("Telephone")
        POST_CASE = "post_case", _("After a case")

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses")
    key = models.CharField(max_length=64, unique=True, help_text="A form sent twice is one answer.")
    mode = models.CharField(_("how"), max_length=10, choices=Mode)
    answered_on = models.DateField()
    is_complete = models.BooleanField()
    remark = SealedText(blank=True)
    entered_by = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"response {self.pk}"


class Answer(models.Model):
    """What a person answered to one element."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    code = models.CharField(max_length=8)
    value = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="an_element_is_answered_once", fields=["response", "code"]
            ),
            models.CheckConstraint(
                name="an_answer_lies_on_the_scale", condition=Q(value__gte=1, value__lte=10)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.value}"


class Invitation(models.Model):
    """Whose matter is over is asked once, by a key that only they were given."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="invitations")
    key_hash = models.CharField(max_length=64, unique=True)
    about = models.CharField(max_length=60, help_text="What it is about, such as case:12.")
    conversation = models.ForeignKey(
        "inbox.Conversation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_matter_is_asked_about_once", fields=["about"])
        ]

    def __str__(self) -> str:
        return self.about


class Computation(models.Model):
    """An index as it was computed once, with everything that is needed to compute it again."""

    survey = models.OneToOneField(Survey, models.PROTECT, related_name="computation")
    formula = models.CharField(max_length=40)
    n = models.PositiveIntegerField()
    tallies = models.JSONField(help_text="Of each element: how many answered, and their sum.")
    modes = models.JSONField(help_text="How many answered in which way.")
    exact = models.CharField(max_length=120, help_text="The index as a fraction.")
    index = models.DecimalField(max_digits=5, decimal_places=2)
    grade = models.CharField(max_length=2)
    template = models.DecimalField(max_digits=5, decimal_places=2)
    computed_by = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    computed_at = models.DateTimeField()
    validated_index = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    validated_by = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )
    validated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_second_analyst_validates_an_index",
                condition=Q(validated_by__isnull=True) | ~Q(validated_by=F("computed_by")),
            ),
            models.CheckConstraint(
                name="a_validated_index_is_the_computed_one",
                condition=Q(validated_index__isnull=True) | Q(validated_index=F("index")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.index} ({self.grade})"


class FollowUp(models.Model):
    """What is done about an element that citizens judged badly, by whom, until when."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="follow_ups")
    code = models.CharField(max_length=8)
    what = models.CharField(_("what is done"), max_length=300)
    owner = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    due_on = models.DateField(_("until"))
    proof = models.CharField(_("proof"), max_length=300, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="an_element_is_followed_up_once", fields=["survey", "code"]
            ),
            models.CheckConstraint(
                name="what_is_done_is_proved",
                condition=Q(done_at__isnull=True) | ~Q(proof=""),
            ),
        ]

    def __str__(self) -> str:
        return self.what
