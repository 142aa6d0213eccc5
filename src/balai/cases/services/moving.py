"""How a case changes its state: one place that checks its life and keeps the trail."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from balai.cases.events import CaseMoved
from balai.cases.models import Case, Move
from balai.cases.rules import life
from balai.ground.clock import now
from balai.ground.services import announce
from balai.inbox.services import follow_case
from balai.people.models import Member, Unit
from balai.people.services import NotAllowed, allow
from balai.understanding.reading import read

# Numbers that name one person. What the office publishes of itself (a telephone) may be said.
NAMES_A_PERSON = frozenset({"nik", "kk", "npwp", "account"})


def lock(case: Case) -> Case:
    """The case as it is now, held until the transaction ends."""
    return (
        Case.objects.select_for_update(of=("self",))
        .select_related("institution", "unit", "officer")
        .get(pk=case.pk)
    )


def allow_on(case: Case, by: Member, action: str) -> None:
    """Return when `by` may do `action` here: in the unit that has it, or as its officer.

    Raises NotAllowed.
    """
    allow(by, action, case.institution_id, unit=case.unit_id, owner=case.officer_id)


def refuse_foreign(case: Case, *whom: Member | Unit | None) -> None:
    """Raise NotAllowed for a member or unit of another institution, or one that is no more."""
    for one in whom:
        if one is not None and one.institution_id != case.institution_id:
            raise NotAllowed(_("This member or unit belongs to another institution."))
        if isinstance(one, Unit) and one.dissolved_on is not None:
            raise ValidationError({"unit": _("This unit no longer exists. Choose another one.")})


def refuse_personal(name: str, text: str) -> None:
    """Raise ValidationError on the field `name` for words that hold a citizen's number: several
    people may read them."""
    if text and any(span.kind in NAMES_A_PERSON for span in read([text])[0].personal_data):
        raise ValidationError(
            {
                name: _(
                    "This holds a number that names a person (NIK, family card, tax or account "
                    "number). Leave it out: several people may read these words."
                )
            }
        )


def move(
    case: Case,
    state: str,
    *,
    by: Member | None,
    reason: str = "",
    words: str = "",
    **changes: Any,
) -> Move:
    """Take a locked case to a state: check the life, write the trail, tell others.

    Raises life.NotAllowedNow, and ValidationError for words with a citizen's number.
    """
    life.check_move(case.state, state)
    refuse_personal("words", words)
    was = case.state
    change(case, state=state, is_open=life.is_open(state), **changes)
    return Move.objects.create(
        case=case,
        was=was,
        became=state,
        by=by,
        at=now(),
        reason=reason[:500],
        words=words,
        unit_id=case.unit_id,
        officer_id=case.officer_id,
    )


def change(case: Case, **changes: Any) -> None:
    """Write changes of a locked case; its conversations follow its unit and officer."""
    before = (case.unit_id, case.officer_id)
    for name, value in changes.items():
        setattr(case, name, value)
    case.version += 1
    case.save(update_fields=[*changes, "version"])
    if (case.unit_id, case.officer_id) != before:
        for voice in case.voices.select_related("conversation"):
            follow_case(
                voice.conversation,
                case_id=case.pk,
                unit_id=case.unit_id,
                officer_id=case.officer_id,
            )
    announce(
        CaseMoved(case.institution_id, case.pk, case.state, case.unit_id),
        scope=case.institution_id,
    )
