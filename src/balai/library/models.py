from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from balai.library import rules


class Language(models.TextChoices):
    """The languages in which citizens write and an article may be worded: ISO 639-3."""

    IND = "ind", _("Indonesian")
    JAV = "jav", _("Javanese")
    SUN = "sun", _("Sundanese")
    MIN = "min", _("Minangkabau")
    BAN = "ban", _("Balinese")
    ACE = "ace", _("Acehnese")
    BJN = "bjn", _("Banjarese")
    BUG = "bug", _("Buginese")
    MAD = "mad", _("Madurese")
    NIJ = "nij", _("Ngaju")
    BBC = "bbc", _("Toba Batak")
    ENG = "eng", _("English")


class Article(models.Model):
    """A matter to which the office has an answer. What it says stands in its editions."""

    class Kind(models.TextChoices):
        ANSWER = "answer", pgettext_lazy("kind of article", "Answer")
        APOLOGY = "apology", _("Apology")
        FOLLOW_UP = "follow_up", _("Follow-up")

    class Intent(models.TextChoices):
        QUESTION = "question", _("Question")
        COMPLAINT = "complaint", _("Complaint")
        ASPIRATION = "aspiration", _("Aspiration")
        INFORMATION_REQUEST = "information_request", _("Information request")
        PRAISE = "praise", _("Praise")
        REPORT_EMERGENCY = "report_emergency", _("Emergency report")
        RUMOR_SIGHTING = "rumor_sighting", _("Rumour sighting")

    institution = models.ForeignKey("people.Institution", models.PROTECT, related_name="articles")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.ANSWER)
    topic = models.CharField(_("topic"), max_length=80, blank=True)
    intent = models.CharField(_("fits"), max_length=24, choices=Intent, blank=True)
    unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, blank=True, related_name="articles"
    )
    owner = models.ForeignKey("people.Member", models.PROTECT, related_name="articles")
    review_on = models.DateField(_("look again on"))
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"article {self.pk}"


class Edition(models.Model):
    """One version of an article. What was in force once is never changed again."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_FORCE = "in_force", _("In force")
        RETIRED = "retired", _("Retired")

    article = models.ForeignKey(Article, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    author = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approver = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    is_public = models.BooleanField(
        _("stands on the public site"), default=False, help_text="Approved with the words."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="an_edition_has_a_number_of_its_own", fields=["article", "number"]
            ),
            models.UniqueConstraint(
                name="an_article_has_one_edition_in_force",
                fields=["article"],
                condition=Q(state="in_force"),
            ),
            models.UniqueConstraint(
                name="an_article_has_one_draft", fields=["article"], condition=Q(state="draft")
            ),
            models.CheckConstraint(
                name="nobody_approves_an_edition_of_their_own",
                condition=Q(approver__isnull=True) | ~Q(approver=F("author")),
            ),
            models.CheckConstraint(
                name="an_edition_in_force_was_approved",
                condition=~Q(state="in_force") | Q(approver__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"edition {self.number} of article {self.article_id}"


class Wording(models.Model):
    """An edition in one language."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="wordings")
    language = models.CharField(_("language"), max_length=3, choices=Language)
    title = models.CharField(_("title"), max_length=160)
    body = models.TextField(_("answer"), max_length=rules.LONGEST_BODY)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="an_edition_is_worded_once_in_a_language", fields=["edition", "language"]
            )
        ]

    def __str__(self) -> str:
        return self.title


class Citation(models.Model):
    """Where it stands what an edition says: a regulation, a decree, a page of the office."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="citations")
    source = models.CharField(_("source"), max_length=200)
    url = models.URLField(_("address"), max_length=500, blank=True)

    def __str__(self) -> str:
        return self.source


class Use(models.Model):
    """How often a member answered with an article."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="uses")
    member = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    n = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="uses_are_counted_per_article_and_member", fields=["article", "member"]
            )
        ]

    def __str__(self) -> str:
        return f"article {self.article_id}: {self.n}"
