"""Where a case goes: to a unit, back from it, to another officer."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.cases.models import Case, Reply, Return
from balai.cases.rules import life
from balai.cases.services.moving import allow_on, change, lock, move, refuse_foreign
from balai.cases.services.telling import tell
from balai.governance.selectors import calendar_of
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.people.models import Member, Unit
from balai.people.selectors import SYSTEM, may
from balai.people.services import allow


@transaction.atomic
def dispatch_case(
    case: Case,
    *,
    unit: Unit,
    by: Member,
    officer: Member | None = None,
    reason: str = "",
    text: str = "",
    key: str = "",
    seen: int = 0,
) -> None:
    """Send a verified or returned case to a unit; with `text` the citizen is told in the thread.

    After two returns only a superior decides (domain 5.4(3)). No clock starts anew. Raises
    ValidationError, NotAllowed.
    """
    case = lock(case)
    allow(by, life.who_dispatches(case.returns), case.institution_id, unit=case.unit_id)
    refuse_foreign(case, unit, officer)
    refuse_idle(case, officer, unit)
    if case.state == Case.State.RETURNED:
        move(case, Case.State.VERIFIED, by=by)
    if text:  # before the unit has it: the coordinator's right does not hang on a unit
        tell(case, kind=Reply.Kind.ROUTED, text=text, key=key, seen=seen, by=by)
    move(
        case,
        Case.State.DISPATCHED,
        by=by,
        reason=reason,
        unit=unit,
        officer=officer,
        dispatched_at=now(),
    )
    record(
        by=by,
        did="case.dispatched",
        on=case,
        reason=reason,
        unit=unit.pk,
        member=officer.pk if officer else None,
    )


@transaction.atomic
def return_case(case: Case, *, reason: str, by: Member, suggested: Unit | None = None) -> None:
    """The unit says that it is not its own, within one working day, twice a case at most.

    Who routes cases may return it later too. Raises ValidationError.
    """
    case = lock(case)
    allow_on(case, by, "case.work")
    life.check_move(case.state, Case.State.RETURNED)
    refuse_foreign(case, suggested)
    if case.returns >= life.MOST_RETURNS:
        raise ValidationError(
            {"reason": _("It was returned twice, and a superior decided: it stays here.")}
        )
    if now() > return_until(case) and not may(by, "case.route", case.institution_id):
        raise ValidationError(
            {"reason": _("More than one working day has passed. Ask the coordinator to return it.")}
        )
    assert case.unit is not None
    Return.objects.create(
        case=case, unit=case.unit, suggested=suggested, reason=reason, by=by, at=now()
    )
    move(
        case,
        Case.State.RETURNED,
        by=by,
        reason=reason,
        returns=case.returns + 1,
        unit=None,
        officer=None,
    )
    record(by=by, did="case.returned", on=case, reason=reason, returns=case.returns)


def return_until(case: Case) -> datetime:
    """Until when the unit itself may say that a case is not its own (domain 5.4(3))."""
    return calendar_of(case.institution).deadline(
        case.dispatched_at or case.opened_at, life.RETURN_WITHIN
    )


@transaction.atomic
def assign_officer(case: Case, *, officer: Member | None, by: Member) -> None:
    """Give a case to somebody in its unit, or back to the whole unit. Raises ValidationError."""
    case = lock(case)
    allow_on(case, by, "case.work")
    refuse_foreign(case, officer)
    refuse_idle(case, officer, case.unit)
    refuse_disputed(case, officer, "officer")
    if case.unit is None or not case.is_open:
        raise ValidationError({"officer": _("No unit is working on this case now.")})
    change(case, officer=officer)
    record(by=by, did="case.assigned", on=case, member=officer.pk if officer else None)


@transaction.atomic
def release_cases_of(member_id: int) -> int:
    """A member left: what that person had in hand is the whole unit's again. Returns how many."""
    held = list(
        Case.objects.select_for_update(of=("self",)).filter(officer_id=member_id, is_open=True)
    )
    for case in held:
        change(case, officer=None)
        record(by=SYSTEM, did="case.released", on=case, member=member_id)
    return len(held)


def refuse_disputed(case: Case, officer: Member | None, name: str) -> None:
    """Raise ValidationError on the field `name` for whoever gave the answer that was disputed."""
    if case.disputes and officer is not None and officer.pk == case.handled_by_id:
        raise ValidationError(
            {name: _("This officer answered before. Another one takes it up now.")}
        )


def refuse_idle(case: Case, officer: Member | None, unit: Unit | None) -> None:
    """Raise ValidationError for an officer who could not work on a case of this unit."""
    if officer is None:
        return
    if officer.left_at is not None or not may(officer, "case.work", case.institution_id, unit=unit):
        raise ValidationError(
            {"officer": _("%(name)s does not work on cases of this unit.") % {"name": officer}}
        )
