"""What communication shall change."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.people.models import Institution, Member
from balai.people.services import allow
from balai.publishing.models import Objective


@transaction.atomic
def add_objective(
    institution: Institution,
    *,
    name: str,
    lens: str,
    measure: str,
    baseline: Decimal,
    target: Decimal,
    owner: Member,
    due_on: date,
    by: Member,
) -> Objective:
    """Write down an objective, with where one stands and where one wants to be. Raises
    ValidationError when the target is where one stands already, or the day is past."""
    allow(by, "post.approve", institution)
    if target == baseline:
        raise ValidationError(
            {"target": _("The target says the same as today. What shall change?")}
        )
    if due_on <= now().date():
        raise ValidationError({"due_on": _("Choose a day that is still to come.")})
    if owner.institution_id != institution.pk or owner.left_at:
        raise ValidationError({"owner": _("Choose somebody who works in this institution.")})
    objective = Objective(
        institution=institution,
        name=name,
        lens=lens,
        measure=measure,
        baseline=baseline,
        target=target,
        owner=owner,
        due_on=due_on,
        created_at=now(),
    )
    objective.full_clean()
    objective.save()
    record(by=by, did="objective.added", on=objective)
    return objective
