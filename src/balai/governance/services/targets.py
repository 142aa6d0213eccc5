"""An institution's own promises."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.governance.events import TargetChanged
from balai.governance.models import LocalTarget
from balai.governance.rules.targets import LooserThanPack, stricter, target_on
from balai.governance.selectors.targets import packs
from balai.governance.services.ledger import record
from balai.ground.services import announce
from balai.people.models import Institution
from balai.people.selectors import Actor
from balai.people.services import allow


@transaction.atomic
def set_local_target(
    *, institution: Institution, clock: str, limit: int, since_on: date, decree: str, by: Actor
) -> LocalTarget:
    """Promise to be faster than the pack from a day on. A day's decision is not overwritten.

    Raises NoTarget for an unknown clock and ValidationError where it is looser than the pack, is
    no time at all, or that day was decided before.
    """
    allow(by, "calendar.edit", institution)
    pack_target = target_on(packs(), clock, since_on)
    try:
        stricter(pack_target, limit, decree)
    except LooserThanPack as looser:
        raise ValidationError(
            _("The target may be stricter than %(limit)s, not looser.") % {"limit": looser.limit}
        ) from looser
    if limit < 1:
        raise ValidationError(_("A target needs some time: at least 1."))
    own = LocalTarget(
        institution=institution, clock=clock, limit=limit, since_on=since_on, decree=decree
    )
    own.validate_constraints()
    own.save()
    record(
        by=by,
        did="target.set",
        on=own,
        clock=clock,
        limit=limit,
        since_on=since_on.isoformat(),
        decree=decree,
    )
    announce(TargetChanged(institution_id=institution.pk, clock=clock), scope=institution.pk)
    return own
