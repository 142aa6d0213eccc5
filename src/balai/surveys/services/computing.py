"""From what was answered to an index that a second person has computed again."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.people.models import Member
from balai.people.services import NotAllowed, allow
from balai.surveys.models import Computation, Survey
from balai.surveys.rules import FORMULA, NoAnswers
from balai.surveys.selectors import index_of, modes_of, tallied, tallied_again
from balai.surveys.services.moving import lock, move

State = Survey.State


class Disagreement(ValidationError):
    """Two computations of the same answers differ."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Computed again from the single answers, the index differs. Nothing was validated. "
                "Declare the survey invalid, and tell whoever runs the system."
            )
        )


@transaction.atomic
def compute_index(survey: Survey, *, by: Member) -> Computation:
    """Compute the index, exactly, and keep what it was computed from. Raises ValidationError when
    an element has no answer at all."""
    survey = lock(survey)
    allow(by, "survey.write", survey.institution_id, unit=survey.unit_id, owner=survey.author_id)
    tallies = tallied(survey)
    try:
        index = index_of(survey, tallies)
    except NoAnswers as nobody:
        raise ValidationError(
            _("There is no index: nobody answered %(codes)s.") % {"codes": str(nobody)}
        ) from None
    move(survey, State.COMPUTED, did="survey.computed", by=by, index=str(index.rounded))
    return Computation.objects.create(
        survey=survey,
        formula=FORMULA,
        n=survey.responses.count(),
        tallies={code: [one.n, one.total] for code, one in sorted(tallies.items())},
        modes=modes_of(survey),
        exact=str(index.exact),
        index=index.rounded,
        grade=index.band.grade,
        template=index.template,
        computed_by=by,
        computed_at=now(),
    )


@transaction.atomic
def validate_index(survey: Survey, *, by: Member) -> Computation:
    """Compute the index again, from every single answer, by another person.

    Raises NotAllowed for whoever computed it, Disagreement when the two differ.
    """
    survey = lock(survey)
    allow(by, "survey.validate", survey.institution_id)
    computation = Computation.objects.select_for_update().filter(survey=survey).first()
    if computation is None:
        raise ValidationError(_("There is no index yet."))
    if by.pk == computation.computed_by_id or by.acting_for_id == computation.computed_by_id:
        raise NotAllowed(_("You computed this index. A second analyst computes it again."))
    again = index_of(survey, tallied_again(survey))
    if (str(again.exact), again.rounded) != (computation.exact, computation.index):
        raise Disagreement
    computation.validated_index, computation.validated_by = again.rounded, by
    computation.validated_at = now()
    computation.save()
    move(survey, State.VALIDATED, did="survey.validated", by=by, index=str(again.rounded))
    return computation


@transaction.atomic
def declare_invalid(survey: Survey, *, reason: str, by: Member) -> Survey:
    """Never publish this survey; its answers are kept."""
    survey = lock(survey)
    allow(by, "survey.validate", survey.institution_id)
    return move(survey, State.INVALIDATED, did="survey.invalidated", by=by, reason=reason)


@transaction.atomic
def publish_result(survey: Survey, *, by: Member) -> Survey:
    """Show the result to the public; below its sample it is called indicative there."""
    survey = lock(survey)
    allow(by, "survey.publish", survey.institution_id)
    return move(survey, State.PUBLISHED, did="survey.published", by=by, hash=survey.frozen_hash)
