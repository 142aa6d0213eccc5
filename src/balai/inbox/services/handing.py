"""Open the copy of a person's data: for whoever hands it over, or for the person; recorded."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.ledger import record
from balai.inbox.models import RightsRequest
from balai.people.models import Member
from balai.people.selectors import SYSTEM
from balai.people.services import allow


@transaction.atomic
def open_copy(request: RightsRequest, *, by: Member | None) -> None:
    """Note that a copy was opened; `by` is None when the person did it. Raises NotAllowed."""
    if by is not None:
        allow(by, "rights.handle", request.institution_id)
    if not request.proof or request.kind != RightsRequest.Kind.ACCESS:
        raise ValidationError(_("Nobody has proved yet that they are this person."))
    record(by=by or SYSTEM, did="citizen.data_exported", on=request.citizen, request=request.pk)
