"""What the citizen says of the result, what follows from it, and how a case ends."""

from django.db import transaction

from balai.cases.events import CaseClosed
from balai.cases.models import Case, Clock, Voice
from balai.cases.rules import clocks as clock_rules
from balai.cases.rules import life
from balai.cases.services import clocks
from balai.cases.services.disposing import refuse_disputed, refuse_idle
from balai.cases.services.moving import allow_on, change, lock, move, refuse_foreign
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.inbox.services import end_with_case, hand_to_case
from balai.people.models import Member
from balai.people.selectors import SYSTEM
from balai.people.services import allow, refuse_same_person

State = Case.State
CONFIRMED, DISPUTED = "confirmed", "disputed"


@transaction.atomic
def citizen_confirms(voice: Voice, *, by: Member | None = None) -> bool:
    """This reporter says that it is solved; an officer may note it for a thread that says so.

    The case is confirmed when everybody who speaks in it has said so. False: too late, or too
    early.
    """
    case = lock(voice.case)
    if by is not None:
        allow_on(case, by, "case.work")
    if case.state != State.RESOLVED:
        return False
    Voice.objects.filter(pk=voice.pk).update(judged=CONFIRMED)
    everybody = case.voices.filter(withdrawn_at=None)
    if everybody.exclude(judged=CONFIRMED).exists():
        change(case, news_at=None)
    else:
        move(case, State.CONFIRMED, by=by, news_at=None)
        clocks.end(case, clock_rules.CONFIRMATION)
        for one in everybody.select_related("conversation"):
            end_with_case(one.conversation, case_id=case.pk, confirmed=True)
    record(by=by or SYSTEM, did="case.citizen_confirmed", on=case, voice=voice.pk)
    return True


@transaction.atomic
def citizen_disputes(voice: Voice, *, words: str = "", by: Member | None = None) -> bool:
    """This reporter says that it is not solved. Our clock goes on from what it had left.

    The first time another officer takes it up, the second time the superior; after that our last
    word stands. False: too late, too early, or said twice already.
    """
    case = lock(voice.case)
    if by is not None:
        allow_on(case, by, "case.work")
    if not life.may_dispute(case.state, case.disputes):
        return False
    Voice.objects.filter(pk=voice.pk).update(judged=DISPUTED)
    moment = now()
    move(
        case,
        State.DISPUTED,
        by=by,
        disputes=case.disputes + 1,
        news_at=moment if words else case.news_at,
    )
    clocks.end(case, clock_rules.CONFIRMATION, ending=Clock.Ending.STOPPED)
    clocks.go_on(case, clock_rules.RESOLUTION, at=moment)
    change(case, due_at=clocks.nearest_due(case))
    for one in case.voices.filter(withdrawn_at=None).select_related("conversation"):
        hand_to_case(one.conversation, case_id=case.pk)
    record(by=by or SYSTEM, did="case.disputed", on=case, voice=voice.pk, times=case.disputes)
    return True


@transaction.atomic
def take_up_dispute(case: Case, *, officer: Member, reason: str, by: Member) -> None:
    """Give a disputed case to another officer than the one who answered.

    The first time the coordinator does it, afterwards a superior who had no hand in it (domain
    5.4(3)). Raises ValidationError, NotAllowed.
    """
    case = lock(case)
    allow(by, life.who_takes_up(case.disputes), case.institution_id, unit=case.unit_id)
    if case.disputes >= life.MOST_DISPUTES:
        refuse_same_person(case.handled_by_id, by, ("case_handler", "appeal_decider"))
    refuse_foreign(case, officer)
    refuse_idle(case, officer, case.unit)
    refuse_disputed(case, officer, "officer")
    move(case, State.IN_PROGRESS, by=by, reason=reason, officer=officer)
    record(
        by=by,
        did="case.dispute_taken_up",
        on=case,
        reason=reason,
        member=officer.pk,
        times=case.disputes,
    )


@transaction.atomic
def withdraw(voice: Voice) -> bool:
    """The citizen takes the report back; with the last voice the case ends. False: it is over."""
    case = lock(voice.case)
    if case.state not in life.WITHDRAWABLE or voice.withdrawn_at is not None:
        return False
    Voice.objects.filter(pk=voice.pk).update(withdrawn_at=now())
    if not case.voices.filter(withdrawn_at=None).exists():
        move(case, State.WITHDRAWN, by=None, closed_at=now(), news_at=None)
        clocks.end_all(case)
    else:
        change(case)
    end_with_case(voice.conversation, case_id=case.pk, confirmed=False)
    record(by=SYSTEM, did="case.withdrawn", on=case, voice=voice.pk)
    return True


@transaction.atomic
def rate(voice: Voice, *, stars: int) -> bool:
    """How content a reporter is, 1 to 5. False where there is no result yet."""
    case = lock(voice.case)
    if not case.result or not 1 <= stars <= 5:
        return False
    change(case, rating=stars)
    record(by=SYSTEM, did="case.rated", on=case, stars=stars)
    return True


def close_some(limit: int = 200) -> int:
    """Close what the citizen confirmed, and what nobody disputed in time; returns how many."""
    confirmed = Case.objects.filter(state=State.CONFIRMED).order_by("pk")
    found = list(confirmed.values_list("pk", flat=True)[:limit])
    silent = Clock.objects.filter(
        kind=Clock.Kind.CONFIRMATION, ended_at=None, due_at__lte=now()
    ).order_by("due_at")
    found += silent.values_list("case_id", flat=True)[: limit - len(found)]
    for case_id in found:
        _close(case_id)
    return len(found)


@transaction.atomic
def _close(case_id: int) -> None:
    case = lock(Case(pk=case_id))
    if case.state not in (State.CONFIRMED, State.RESOLVED):
        return
    was_confirmed = case.state == State.CONFIRMED
    move(case, State.CLOSED, by=None, closed_at=now())
    clocks.end_all(case, ending=Clock.Ending.DONE)
    voices = case.voices.filter(withdrawn_at=None).select_related("conversation")
    for voice in voices:
        end_with_case(voice.conversation, case_id=case.pk, confirmed=was_confirmed)
    record(by=SYSTEM, did="case.closed", on=case, confirmed=was_confirmed)
    announce(
        CaseClosed(
            institution_id=case.institution_id,
            case_id=case.pk,
            unit_id=case.unit_id,
            conversation_ids=[voice.conversation_id for voice in voices],
            result=case.result,
            confirmed=was_confirmed,
        ),
        scope=case.institution_id,
    )
