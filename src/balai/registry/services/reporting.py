"""Accounts that speak in our name without right: reported by anybody, judged by a person."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.people.models import Institution, Member
from balai.people.selectors import SYSTEM, Actor
from balai.people.services import allow
from balai.registry import rules
from balai.registry.events import FalseAccountReported
from balai.registry.models import FalseAccount
from balai.registry.rules import naming
from balai.registry.selectors import verify
from balai.registry.services.moving import CannotMove

State = FalseAccount.State
LONGEST_WORDS = 2_000


class ItIsOurs(ValidationError):
    """The account that somebody wants to report speaks for us."""

    def __init__(self) -> None:
        super().__init__(_("This account is really ours. You can trust what it says."))


@transaction.atomic
def report_false_account(
    institution: Institution,
    *,
    account: str,
    channel: str = "",
    words: str = "",
    by: Actor = SYSTEM,
) -> FalseAccount:
    """Keep what somebody saw. A second report of the same account adds to the first.

    An account that had been dismissed or was gone waits for a look again only where an officer
    says so. Raises ItIsOurs, ValidationError, NotAllowed.
    """
    allow(by, "account.alarm", institution)
    found = naming.named(account, channel)
    if not (found.handle or found.user_id):
        raise ValidationError({"account": _("Write the address or the name of the account.")})
    if verify(account, channel=channel).status == "official":
        raise ItIsOurs
    moment = now()
    report, is_new = FalseAccount.objects.get_or_create(
        institution=institution,
        channel=found.channel,
        handle=(found.user_id or found.handle)[:200],
        defaults={
            "address": account[: naming.LONGEST],
            "words": words[:LONGEST_WORDS],
            "first_reported_at": moment,
            "last_reported_at": moment,
        },
    )
    if not is_new:
        FalseAccount.objects.filter(pk=report.pk).update(
            reports=F("reports") + 1, last_reported_at=moment
        )
        report.refresh_from_db()
    record(by=by, did="false_account.reported", on=report, reports=report.reports)
    announce(FalseAccountReported(report.pk, institution.pk), scope=institution.pk)
    return report


@transaction.atomic
def judge_false_account(
    report: FalseAccount, *, wanted: str, by: Member, reason: str = ""
) -> FalseAccount:
    """Take a report one step on. Raises CannotMove, NotAllowed; ValidationError without a reason
    where it is dismissed."""
    allow(by, "account.alarm", report.institution_id)
    FalseAccount.objects.select_for_update().get(pk=report.pk)
    report.refresh_from_db()
    before = report.state
    if wanted not in rules.REPORT_MOVES.get(before, frozenset()):
        raise CannotMove(_("Somebody took this step meanwhile. Look again."))
    if wanted == State.DISMISSED and not reason.strip():
        raise ValidationError({"reason": _("Say why it is no false account.")})
    report.state, report.decided_by, report.decided_at = wanted, by, now()
    report.save(update_fields=["state", "decided_by", "decided_at"])
    record(by=by, did="false_account.judged", on=report, reason=reason, before=before, after=wanted)
    return report
