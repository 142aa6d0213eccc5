"""A coordinator looks at what came in: asks back, verifies, turns away, merges."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.cases.models import Case, Move, Reply, Standstill
from balai.cases.rules import clocks as clock_rules
from balai.cases.rules import life
from balai.cases.services import clocks
from balai.cases.services.moving import allow_on, change, lock, move
from balai.cases.services.telling import tell
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.services import follow_case
from balai.people.models import Member
from balai.people.selectors import SYSTEM
from balai.people.services import NotAllowed

MOST_STANDSTILLS = 2  # domain 4.6, clock pause rules [D]


@transaction.atomic
def ask_citizen(case: Case, *, text: str, key: str, seen: int, by: Member) -> Reply:
    """Ask in the citizen's own thread; the clock of the resolution stands still meanwhile.

    Twice at most. The clock of verification, our first word, goes on. Raises ValidationError.
    """
    case = lock(case)
    allow_on(case, by, "case.verify")
    if case.standstills.count() >= MOST_STANDSTILLS:
        raise ValidationError(
            {"text": _("The citizen was asked twice already. Decide with what is known.")}
        )
    reply = tell(
        case, kind=Reply.Kind.QUESTION, text=text, key=key, seen=seen, by=by, asks_back=True
    )
    if not reply.message_ids:
        raise ValidationError({"text": _("No thread is open in which the question could stand.")})
    move(case, Case.State.NEEDS_CLARIFICATION, by=by)
    Standstill.objects.create(case=case, since=now())
    record(by=by, did="case.asked", on=case, reply=reply.pk)
    return reply


@transaction.atomic
def note_clarified(case: Case, *, by: Member | None = None) -> None:
    """The citizen answered (nobody: heard by the machine), or a coordinator goes on without."""
    case = lock(case)
    if by is not None:
        allow_on(case, by, "case.verify")
    elif case.state != Case.State.NEEDS_CLARIFICATION:
        return
    move(case, Case.State.RECEIVED, by=by)
    case.standstills.filter(until=None).update(until=now())
    record(by=by or SYSTEM, did="case.clarified", on=case)


@transaction.atomic
def verify_case(
    case: Case,
    *,
    scrutiny: str,
    by: Member,
    category: str = "",
    place: str = "",
    area_code: str = "",
) -> None:
    """Say that this is a matter of ours and what it takes: the clock of the resolution runs from
    the day on which the citizen spoke."""
    case = lock(case)
    allow_on(case, by, "case.verify")
    if case.state != Case.State.RECEIVED:  # what a unit returned was verified before
        raise life.NotAllowedNow(case.state, Case.State.VERIFIED)
    move(
        case,
        Case.State.VERIFIED,
        by=by,
        scrutiny=scrutiny,
        category=category.strip().casefold() or case.category,
        place=place or case.place,
        area_code=area_code or case.area_code,
    )
    clocks.end(case, clock_rules.VERIFICATION)
    clocks.begin(case, clock_rules.RESOLUTION, started=case.received_at, at=now())
    change(case, due_at=clocks.nearest_due(case))
    record(by=by, did="case.verified", on=case, scrutiny=scrutiny)


@transaction.atomic
def reject_case(case: Case, *, reason: str, text: str, key: str, seen: int, by: Member) -> None:
    """Turn a matter away with a coded reason; `text` tells the citizen why and where else to go."""
    case = lock(case)
    allow_on(case, by, "case.verify")
    move(case, Case.State.REJECTED, by=by, reason=reason, words=text, closed_at=now())
    tell(case, kind=Reply.Kind.ANSWER, text=text, key=key, seen=seen, by=by)
    clocks.end_all(case)
    record(by=by, did="case.rejected", on=case, reason=reason)


@transaction.atomic
def merge_case(case: Case, master: Case, *, by: Member) -> None:
    """The same matter was reported before: its reporters are told what the first ones are told.

    The master inherits the earliest time (domain 4.6). Raises ValidationError for a master that
    is over, is this very case, or belongs to another institution.
    """
    first, second = sorted((case.pk, master.pk))  # in one order, or two merges wait for each other
    locked = {pk: lock(Case(pk=pk)) for pk in dict.fromkeys((first, second))}
    case, master = locked[case.pk], locked[master.pk]
    allow_on(case, by, "case.verify")
    if master.institution_id != case.institution_id:
        raise NotAllowed(_("This case belongs to another institution."))
    allow_on(master, by, "case.verify")
    if master.pk == case.pk or master.state in life.ENDED:
        raise ValidationError({"master": _("Choose another case that is still open.")})
    voices = list(case.voices.select_related("conversation"))
    move(
        case,
        Case.State.DUPLICATE,
        by=by,
        reason=f"#{master.pk}",
        master=master,
        closed_at=now(),
        news_at=None,
    )
    clocks.end_all(case)
    for voice in voices:
        voice.case, voice.merged_from = master, case
        voice.save(update_fields=["case", "merged_from"])
    clocks.take_earliest(master, case.received_at)
    change(
        master,
        received_at=master.received_at,
        due_at=clocks.nearest_due(master),
        is_danger=master.is_danger or case.is_danger,
        is_confidential=master.is_confidential or case.is_confidential,
    )
    for voice in voices:
        follow_case(
            voice.conversation,
            case_id=master.pk,
            unit_id=master.unit_id,
            officer_id=master.officer_id,
        )
    Move.objects.create(
        case=master, was=master.state, became=master.state, by=by, at=now(), reason=f"#{case.pk}"
    )
    record(by=by, did="case.merged", on=case, master=master.pk, voices=len(voices))
