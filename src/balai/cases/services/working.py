"""The unit's work: begun, planned with a day, handed to another agency, answered, resolved."""

from datetime import date
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.cases.events import CaseAnswered
from balai.cases.models import Case, Clock, Promise, Referral, Reply
from balai.cases.rules import clocks as clock_rules
from balai.cases.rules import life
from balai.cases.services import clocks
from balai.cases.services.disposing import refuse_disputed
from balai.cases.services.moving import allow_on, change, lock, move
from balai.cases.services.telling import tell
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.inbox.services import end_with_case
from balai.people.models import Member

State = Case.State
PROMISED = (State.PLANNED, State.ACTION_SCHEDULED)


@transaction.atomic
def start_work(case: Case, *, by: Member) -> None:
    """The unit takes the case up, or goes on after a plan or another agency's answer.

    Who takes it up has it in hand, unless an officer was named.
    """
    case = lock(case)
    allow_on(case, by, "case.work")
    if case.state == State.DISPUTED:  # taken up by whom a coordinator or superior names
        raise life.NotAllowedNow(case.state, State.IN_PROGRESS)
    _come_back(case)
    move(case, State.IN_PROGRESS, by=by, officer=case.officer or _own(case, by))
    change(case, due_at=clocks.nearest_due(case))
    record(by=by, did="case.work_started", on=case)


@transaction.atomic
def promise_day(
    case: Case, *, on: date, words: str, by: Member, is_scheduled: bool = False
) -> Promise:
    """Promise a day; the citizen sees it. An earlier promise stays on record beside it.

    Raises ValidationError for a day that is past.
    """
    case = lock(case)
    allow_on(case, by, "case.work")
    if on < now().astimezone(ZoneInfo(case.institution.zone)).date():
        raise ValidationError({"on": _("Promise a day that is still to come.")})
    if case.state in PROMISED:
        move(case, State.IN_PROGRESS, by=by)
    state = State.ACTION_SCHEDULED if is_scheduled else State.PLANNED
    move(case, state, by=by, words=words)
    promise = Promise.objects.create(case=case, on=on, words=words, by=by, at=now())
    record(by=by, did="case.promised", on=case, day=on.isoformat(), state=state)
    return promise


@transaction.atomic
def refer_case(
    case: Case, *, agency: str, by: Member, external_number: str = "", words: str = ""
) -> Referral:
    """Hand a case to an agency outside: our clock stops, and one of follow-up runs instead."""
    case = lock(case)
    allow_on(case, by, "case.route")
    move(case, State.REFERRED_EXTERNAL, by=by, reason=agency, words=words)
    referral = Referral.objects.create(
        case=case, agency=agency, external_number=external_number, by=by, at=now()
    )
    clocks.end(case, clock_rules.RESOLUTION, ending=Clock.Ending.STOPPED)
    clocks.begin(case, clock_rules.FOLLOW_UP, started=now(), at=now())
    change(case, due_at=clocks.nearest_due(case))
    record(by=by, did="case.referred", on=case, referral=referral.pk)
    return referral


@transaction.atomic
def answer_case(case: Case, *, text: str, key: str, seen: int, by: Member) -> Reply:
    """Answer everybody who speaks in the case, in each one's own thread.

    Pressing twice answers once. After a dispute somebody else answers than before. Raises
    ValidationError, NotAllowed, NotAllowedNow.
    """
    case = lock(case)
    allow_on(case, by, "case.answer")
    known = Reply.objects.filter(key=key).first()
    if known is not None:
        return known
    refuse_disputed(case, by, "text")
    _come_back(case)
    if case.state in PROMISED:
        move(case, State.IN_PROGRESS, by=by)
    move(case, State.ANSWERED, by=by, answered_at=now(), handled_by=by, news_at=None)
    reply = tell(case, kind=Reply.Kind.ANSWER, text=text, key=key, seen=seen, by=by)
    change(case, due_at=clocks.nearest_due(case))
    record(by=by, did="case.answered", on=case, reply=reply.pk, threads=len(reply.message_ids))
    announce(
        CaseAnswered(
            case.institution_id,
            case.pk,
            list(case.voices.values_list("conversation_id", flat=True)),
        ),
        scope=case.institution_id,
    )
    return reply


@transaction.atomic
def say_more(case: Case, *, text: str, key: str, seen: int, by: Member) -> Reply:
    """A further word while the work goes on: what was done, what comes next. No state changes."""
    case = lock(case)
    allow_on(case, by, "case.answer")
    if not case.is_open and case.state != State.RESOLVED:
        raise ValidationError({"text": _("This case is over.")})
    reply = tell(case, kind=Reply.Kind.MORE, text=text, key=key, seen=seen, by=by)
    change(case, news_at=None)
    record(by=by, did="case.more_said", on=case, reply=reply.pk)
    return reply


@transaction.atomic
def resolve_case(case: Case, *, result: str, by: Member, words: str = "") -> None:
    """Say what came of it; the citizen has a time to confirm or dispute.

    The clock of the resolution ends; its conversations wait for the citizen's word.
    """
    case = lock(case)
    allow_on(case, by, "case.close")
    moment = now()
    move(case, State.RESOLVED, by=by, words=words, result=result, resolved_at=moment)
    clocks.end(case, clock_rules.RESOLUTION)
    clocks.begin(case, clock_rules.CONFIRMATION, started=moment, at=moment)
    change(case, due_at=clocks.nearest_due(case))
    case.voices.update(judged="")
    Promise.objects.filter(case=case, kept_at=None).update(kept_at=moment)
    for voice in case.voices.select_related("conversation"):
        end_with_case(voice.conversation, case_id=case.pk, confirmed=False)
    record(by=by, did="case.resolved", on=case, result=result)


@transaction.atomic
def note_read(case: Case, *, by: Member) -> None:
    """The citizen's new words were read."""
    case = lock(case)
    allow_on(case, by, "case.work")
    change(case, news_at=None)
    record(by=by, did="case.words_read", on=case)


def _come_back(case: Case) -> None:
    """What another agency had is ours again: our clock goes on with what it had left."""
    if case.state != State.REFERRED_EXTERNAL:
        return
    moment = now()
    case.referrals.filter(came_back_at=None).update(came_back_at=moment)
    clocks.end(case, clock_rules.FOLLOW_UP)
    clocks.go_on(case, clock_rules.RESOLUTION, at=moment)


def _own(case: Case, by: Member) -> Member | None:
    """Who takes it up has it in hand when it is of the unit; a coordinator only presses for it."""
    return by if by.unit_id == case.unit_id else None
