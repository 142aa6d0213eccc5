from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from balai.ground.fields import SealedText


class OfficialAccount(models.Model):
    """One account on one channel that speaks for the institution or for an office in it."""

    class Kind(models.TextChoices):
        INSTITUTION = "institution", _("Institution")
        OFFICE_HOLDER = "office_holder", _("Office holder")
        PERSONAL_DECLARED = "personal_declared", _("Declared personal account")

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        APPROVED = "approved", _("Approved")
        REGISTERED = "registered", _("Registered")
        VERIFIED = "verified", _("Verified")
        ACTIVE = "active", _("Active")
        DORMANT = "dormant", _("Dormant")
        HANDOVER = "handover", _("In hand-over")
        RETIRED = "retired", _("Retired")
        COMPROMISED = "compromised", _("Compromised")
        CONTAINED = "contained", _("Contained")
        RESTORED = "restored", _("Restored")

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, related_name="official_accounts"
    )
    channel = models.SlugField(_("channel"))
    platform_user_id = models.CharField(
        _("platform's user id"),
        max_length=200,
        blank=True,
        help_text=_("Never changes on the platform."),
    )
    handle = models.CharField(_("handle"), max_length=200)
    url = models.URLField(_("address"), max_length=500, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.INSTITUTION)
    owner_unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="official_accounts")
    first_contact = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    second_contact = models.ForeignKey("people.Member", models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.REQUESTED)
    proof = models.CharField(
        _("proof of control"), max_length=300, blank=True, help_text=_("How control was shown.")
    )
    policy_url = models.URLField(_("house rules at"), max_length=500, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    requested_by = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )
    requested_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_platform_user_is_registered_once",
                fields=["channel", "platform_user_id"],
                condition=~Q(platform_user_id=""),
            ),
            models.CheckConstraint(
                name="an_account_has_two_different_contacts",
                condition=~Q(first_contact=models.F("second_contact")),
            ),
            models.CheckConstraint(
                name="a_verified_account_has_an_immutable_id",
                condition=Q(state__in=["requested", "approved", "registered"])
                | ~Q(platform_user_id=""),
            ),
            models.CheckConstraint(
                name="nobody_approves_their_own_account",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("requested_by")),
            ),
        ]
        indexes = [models.Index(name="account_of_handle", fields=["channel", "handle"])]

    def __str__(self) -> str:
        return f"{self.handle} ({self.channel})"


class HandleSeen(models.Model):
    """A handle that the account had, and when we saw it first."""

    account = models.ForeignKey(OfficialAccount, models.PROTECT, related_name="handles")
    handle = models.CharField(max_length=200)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["seen_at"]

    def __str__(self) -> str:
        return self.handle


class FalseAccount(models.Model):
    """An account that is said to speak in our name without right, as citizens and officers saw it.

    One row an account: whoever reports it again raises `reports`. What reporters wrote is sealed.
    """

    class State(models.TextChoices):
        REPORTED = "reported", _("Reported")
        CONFIRMED = "confirmed", _("Confirmed as false")
        REFERRED = "referred", _("Handed to the platform")
        GONE = "gone", _("Gone")
        DISMISSED = "dismissed", _("Not a false account")

    institution = models.ForeignKey(
        "people.Institution", models.PROTECT, related_name="false_accounts"
    )
    channel = models.SlugField(_("channel"), blank=True)
    handle = models.CharField(_("handle"), max_length=200, help_text="As it is compared.")
    address = models.CharField(_("as it was given"), max_length=500)
    words = SealedText(_("what was said about it"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REPORTED)
    reports = models.PositiveIntegerField(default=1)
    first_reported_at = models.DateTimeField()
    last_reported_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "people.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_false_account_is_reported_in_one_place",
                fields=["institution", "channel", "handle"],
            ),
            models.CheckConstraint(
                name="what_is_more_than_reported_was_decided_by_somebody",
                condition=Q(state="reported") | Q(decided_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="false_accounts_by_state", fields=["institution", "state", "-last_reported_at"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.handle} ({self.channel or '?'})"
