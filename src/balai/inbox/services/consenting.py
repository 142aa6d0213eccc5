"""To what a person agrees: noted, withdrawn, and the use stopped within the law's time."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.inbox.events import ConsentMoved
from balai.inbox.models import Citizen, Consent
from balai.inbox.selectors.contacts import has_consented
from balai.inbox.services.clocks import due_many
from balai.inbox.services.contacts import allow_on_person
from balai.people.models import Member
from balai.people.services import allow

WITHDRAWAL = "consent_withdrawal"  # the clock of the personal data pack (domain 4.6)


@transaction.atomic
def note_consent(citizen: Citizen, *, purpose: str, how: str, by: Member) -> Consent:
    """The person agreed to one purpose. Raises NotAllowed, ValidationError when they did before."""
    allow_on_person(by, "conversation.note", citizen)
    Citizen.objects.select_for_update().get(pk=citizen.pk)
    if has_consented(citizen, purpose):
        raise ValidationError(_("This consent is noted already."))
    consent = Consent.objects.create(
        citizen=citizen, purpose=purpose, how=how, given_at=now(), noted_by=by
    )
    record(by=by, did="consent.given", on=citizen, consent=consent.pk, purpose=purpose, how=how)
    _tell(consent, "given")
    return consent


@transaction.atomic
def withdraw_consent(consent: Consent, *, by: Member) -> None:
    """The person no longer agrees; the use must stop before the clock of the pack runs out.

    Raises NotAllowed, ValidationError when it was withdrawn before.
    """
    citizen = consent.citizen
    allow_on_person(by, "conversation.note", citizen)
    moment = now()
    (stop_by,) = due_many(citizen.institution, WITHDRAWAL, [moment])
    changed = Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(
        withdrawn_at=moment, stop_by_at=stop_by
    )
    if not changed:
        raise ValidationError(_("This consent was withdrawn already."))
    record(
        by=by, did="consent.withdrawn", on=citizen, consent=consent.pk, purpose=consent.purpose,
        stop_by=stop_by.isoformat(),
    )  # fmt: skip
    _tell(consent, "withdrawn")


@transaction.atomic
def confirm_stopped(consent: Consent, *, by: Member) -> None:
    """The data protection officer says that the use for this purpose has stopped everywhere."""
    allow(by, "rights.handle", consent.citizen.institution_id)
    changed = Consent.objects.filter(
        pk=consent.pk, withdrawn_at__isnull=False, stopped_at=None
    ).update(stopped_at=now(), stopped_by=by)
    if not changed:
        raise ValidationError(_("There is nothing to stop here."))
    record(by=by, did="consent.use_stopped", on=consent.citizen, consent=consent.pk)
    _tell(consent, "stopped")


def _tell(consent: Consent, state: str) -> None:
    citizen = consent.citizen
    announce(
        ConsentMoved(citizen.institution_id, citizen.pk, consent.purpose, state),
        scope=citizen.institution_id,
    )
