"""The only place that changes the state of an assessment."""

from typing import Any

from balai.ground.ledger import record
from balai.ground.services import announce
from balai.people.models import Member
from balai.readiness.events import AssessmentMoved
from balai.readiness.models import Assessment
from balai.readiness.rules import assessing


def lock(assessment: Assessment) -> Assessment:
    """The assessment as it is now, held until the transaction ends."""
    found = Assessment.objects.select_for_update(of=("self",)).select_related("institution")
    return found.get(pk=assessment.pk)


def move(row: Assessment, state: str, *, by: Member, reason: str = "", **facts: Any) -> None:
    """Take one step, record it, and tell whoever listens. Raises NotNow."""
    assessing.check_move(row.state, state)
    row.state = state
    row.save()
    record(by=by, did=f"assessment.{state}", on=row, reason=reason, **facts)
    announce(AssessmentMoved(row.institution_id, row.pk, state), scope=row.institution_id)
