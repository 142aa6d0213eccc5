import secrets
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from balai.ground.fields import SealedText
from balai.people.access_key import AccessKey as AccessKey

if TYPE_CHECKING:
    from balai.people.rules import Held


class Users(BaseUserManager["User"]):
    """Everybody who can sign in, found by e-mail in any case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person who can sign in; without a password only by a link (see reset_sign_in)."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractUser):
    """Somebody who can sign in. What the person may do hangs on memberships, never on this row."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects: ClassVar[Users] = Users()  # type: ignore[assignment]

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"
        constraints = [models.UniqueConstraint(Lower("email"), name="an_email_belongs_to_one_user")]

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        return self.email

    def get_short_name(self) -> str:
        return self.email


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


class Action(models.TextChoices):
    """The actions of `rules.PERMISSIONS` in words for a person."""

    CONVERSATION_VIEW = "conversation.view", _("read conversations")
    CONVERSATION_TRIAGE = "conversation.triage", _("sort conversations")
    CONVERSATION_ANSWER = "conversation.answer", _("answer citizens")
    CONVERSATION_APPROVE = "conversation.approve", _("approve answers before they leave")
    QUESTION_ANSWER = "question.answer", _("answer what the desk asks a unit")
    CONVERSATION_ENTER = "conversation.enter", _("write down what citizens say")
    CONVERSATION_ASSIGN = "conversation.assign", _("assign conversations")
    CONVERSATION_NOTE = "conversation.note", _("write notes on conversations")
    CONVERSATION_CLOSE = "conversation.close", _("close conversations")
    CONVERSATION_SEAL = "conversation.seal", _("move conversations to the sealed room")
    CONVERSATION_MODERATE = "conversation.moderate", _("hide comments by a rule")
    CONVERSATION_RESTORE = "conversation.restore", _("decide appeals against hiding")
    CONVERSATION_IDENTITY = "conversation.identity", _("open a citizen's identity")
    RIGHTS_HANDLE = "rights.handle", _("answer what people ask about their own data")
    RIGHTS_HOLD = "rights.hold", _("keep a person's data from being erased")
    SEALED_APPOINT = "sealed.appoint", _("name the keepers of a safe channel")
    SEALED_KEEP = "sealed.keep", _("keep a safe channel")
    DESK_ARRANGE = "desk.arrange", _("arrange labels, views, teams and shifts")
    REPORT_VIEW = "report.view", _("read the reports of units")
    PERSON_REPORT_VIEW = "person_report.view", _("read the figures of officers")
    ARTICLE_VIEW = "article.view", _("read the answer library")
    ARTICLE_WRITE = "article.write", _("write articles of the answer library")
    ARTICLE_APPROVE = "article.approve", _("approve articles of the answer library")
    CASE_VIEW = "case.view", _("read cases")
    CASE_OPEN = "case.open", _("open cases")
    CASE_VERIFY = "case.verify", _("verify cases")
    CASE_ROUTE = "case.route", _("route cases to units")
    CASE_WORK = "case.work", _("work on cases")
    CASE_ANSWER = "case.answer", _("answer in cases")
    CASE_CLOSE = "case.close", _("close cases")
    CASE_DECIDE = "case.decide", _("decide disputed cases")
    POST_VIEW = "post.view", _("see posts")
    POST_WRITE = "post.write", _("write posts")
    POST_APPROVE = "post.approve", _("approve posts")
    POST_PUBLISH = "post.publish", _("publish posts")
    POST_HOLD = "post.hold", _("hold posts back")
    POST_CORRECT = "post.correct", _("correct posts")
    POST_WITHDRAW = "post.withdraw", _("withdraw posts")
    SURVEY_VIEW = "survey.view", _("see surveys")
    SURVEY_WRITE = "survey.write", _("prepare surveys")
    SURVEY_REVIEW_METHOD = "survey.review_method", _("review the method of surveys")
    SURVEY_REVIEW_PRIVACY = "survey.review_privacy", _("review the privacy of surveys")
    SURVEY_OPEN = "survey.open", _("open surveys")
    SURVEY_ENTER = "survey.enter", _("enter responses on paper")
    SURVEY_VALIDATE = "survey.validate", _("validate survey figures")
    SURVEY_PUBLISH = "survey.publish", _("publish survey figures")
    READINESS_VIEW = "readiness.view", _("see readiness and the STOC index")
    READINESS_PLAN = "readiness.plan", _("plan assessments")
    READINESS_ASSESS = "readiness.assess", _("assess components")
    READINESS_ATTEST = "readiness.attest", _("attest assessments")
    READINESS_SIGN = "readiness.sign", _("sign assessments")
    READINESS_PUBLISH = "readiness.publish", _("publish assessments")
    ACCOUNT_VIEW = "account.view", _("see official accounts")
    ACCOUNT_REQUEST = "account.request", _("request official accounts")
    ACCOUNT_APPROVE = "account.approve", _("approve official accounts")
    ACCOUNT_EDIT = "account.edit", _("edit official accounts")
    ACCOUNT_VERIFY = "account.verify", _("verify control of official accounts")
    ACCOUNT_RETIRE = "account.retire", _("retire official accounts")
    ACCOUNT_ALARM = "account.alarm", _("report an official account as compromised")
    ACCOUNT_CHECK = "account.check", _("check the identity of official accounts")
    CONNECTION_MANAGE = "connection.manage", _("set up connections and their secrets")
    CONNECTION_VIEW = "connection.view", _("see the health of connections")
    PARCEL_VIEW = "parcel.view", _("open raw parcels")
    MEMBER_MANAGE = "member.manage", _("manage members, units and roles")
    MEMBER_VIEW = "member.view", _("see members and units")
    AUDIT_VIEW = "audit.view", _("read the audit log")
    CALENDAR_VIEW = "calendar.view", _("see the calendar of working days")
    CALENDAR_EDIT = "calendar.edit", _("edit holidays and service hours")
    INSTITUTION_VIEW = "institution.view", _("see the institution's settings")
    INSTITUTION_EDIT = "institution.edit", _("edit the institution's settings")
    INSTITUTION_FOUND = "institution.found", _("found an institution")


def fresh_pseudonym_key() -> str:
    return secrets.token_hex(32)


class Institution(models.Model):
    """A ministry, agency, province, regency, city, district or village that answers to citizens."""

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
    """A person at work in one institution. Leaving keeps the row: deeds stay attributed."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="members")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="members")
    mandate = models.ForeignKey(
        "people.Mandate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="officers",
        help_text="Works here for another institution, as long as this mandate lives.",
    )
    name = models.CharField(_("name"), max_length=120)
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    # Not columns. The member of one page's request keeps its roles once they were read; and whose
    # lent role the last `allow` needed: the ledger writes both names.
    keeps_held = False
    held_now: "list[Held] | None" = None
    # Of a program that acts as the member: all that its key lets it do, and which key it is.
    only_actions: "frozenset[str] | None" = None
    by_key: str = ""
    acting_for_id: int | None = None

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
        indexes = [models.Index(name="delegation_of_deputy", fields=["deputy", "ends_at"])]
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


class Mandate(models.Model):
    """An institution entrusts a role to another one for a time: a village to its district.

    The holder accepts and names officers of its own; each becomes a member of the giver, under
    this mandate, and everything they do there stands in the giver's audit log.
    """

    giver = models.ForeignKey(Institution, models.PROTECT, related_name="mandates_given")
    holder = models.ForeignKey(Institution, models.PROTECT, related_name="mandates_held")
    role = models.CharField(_("role"), max_length=24, choices=Role)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_mandate_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="nobody_entrusts_work_to_themselves", condition=~Q(giver=F("holder"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver} to {self.holder}: {self.role}"
