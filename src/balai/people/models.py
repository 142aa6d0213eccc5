import secrets

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from balai.ground.fields import SealedText


class User(AbstractUser):
    """Somebody who can sign in. What the person may do hangs on memberships, never on this row."""

    email = models.EmailField(_("e-mail"), unique=True)


class Role(models.TextChoices):
    """The roles of domain 5.1 that staff can hold."""

    LEADER = "leader", _("Leader")
    HEAD_OF_PR = "head_of_pr", _("Head of public relations")
    EDITOR = "editor", _("Editor")
    CONTENT_CREATOR = "content_creator", _("Content creator")
    DATA_STEWARD = "data_steward", _("Data steward")
    CHANNEL_ADMIN = "channel_admin", _("Channel administrator")
    RESPONDER = "responder", _("Responder")
    CASE_COORDINATOR = "case_coordinator", _("Case coordinator")
    CASE_OFFICER = "case_officer", _("Case officer")
    CRISIS_LEAD = "crisis_lead", _("Crisis coordinator")
    FACT_CHECKER = "fact_checker", _("Fact checker")
    PPID_OFFICER = "ppid_officer", _("Information officer (PPID)")
    PPID_SUPERIOR = "ppid_superior", _("Superior of the information officer")
    DPO = "dpo", _("Data protection officer")
    FACILITATOR = "facilitator", _("Facilitator")
    FINANCE_OFFICER = "finance_officer", _("Finance officer")
    APP_PORTFOLIO_OFFICER = "app_portfolio_officer", _("Application portfolio officer")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMIN = "system_admin", _("System administrator")


def fresh_pseudonym_key() -> str:
    return secrets.token_hex(32)


class Institution(models.Model):
    """A ministry, agency, province, regency, city, district, village: whoever answers to citizens."""

    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("Ministry")
        AGENCY = "agency", _("Agency")
        PROVINCE = "province", _("Province")
        REGENCY = "regency", _("Regency")
        CITY = "city", _("City")
        DISTRICT = "district", _("District")
        VILLAGE = "village", _("Village")
        ENTERPRISE = "enterprise", _("State enterprise")
        SCHOOL = "school", _("School")

    class Zone(models.TextChoices):
        WIB = "Asia/Jakarta", _("WIB (UTC+7)")
        WITA = "Asia/Makassar", _("WITA (UTC+8)")
        WIT = "Asia/Jayapura", _("WIT (UTC+9)")

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name in addresses"), unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    region_code = models.CharField(
        _("region code"),
        max_length=13,
        blank=True,
        help_text=_("Kemendagri code, for example 32.73"),
    )
    zone = models.CharField(_("time zone"), max_length=20, choices=Zone, default=Zone.WIB)
    pseudonym_key = SealedText(default=fresh_pseudonym_key)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_institution_is_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A part of an institution that can owe an answer."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="units")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    name = models.CharField(_("name"), max_length=200)
    code = models.SlugField(_("code"))
    dissolved_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_unit_code_is_unique_in_its_institution", fields=["institution", "code"]
            )
        ]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A person at work in one institution. Leaving keeps the row: what was done stays attributed."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="members")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="members")
    name = models.CharField(_("name"), max_length=120)
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_user_is_a_member_of_an_institution_once", fields=["user", "institution"]
            )
        ]

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """One role of one member, for the whole institution or for one unit and the units below it."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="grants")
    role = models.CharField(_("role"), max_length=24, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="grants")
    granted_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_role_is_granted_once_at_a_time",
                fields=["member", "role", "unit"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.role}"


class Delegation(models.Model):
    """A member lends a role to another member for a time; both names appear on what is done."""

    role = models.CharField(_("role"), max_length=24, choices=Role)
    lender = models.ForeignKey(Member, models.PROTECT, related_name="lent")
    deputy = models.ForeignKey(Member, models.PROTECT, related_name="borrowed")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_delegation_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="nobody_deputises_for_themselves", condition=~Q(lender=F("deputy"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} for {self.lender}: {self.role}"
