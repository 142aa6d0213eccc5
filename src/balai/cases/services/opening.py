"""How a case begins: opened from a conversation, or one more voice in a case that is there."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.cases.events import CaseOpened
from balai.cases.models import Case, Move, Voice
from balai.cases.rules import clocks as clock_rules
from balai.cases.rules import life
from balai.cases.services import clocks
from balai.cases.services.moving import allow_on, change, lock, refuse_personal
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.inbox.models import Conversation
from balai.inbox.services import follow_case, link_to_case
from balai.people.models import Member
from balai.people.services import NotAllowed, allow


@transaction.atomic
def open_case(
    conversation: Conversation,
    *,
    kind: str,
    title: str,
    by: Member,
    category: str = "",
    place: str = "",
    area_code: str = "",
    is_confidential: bool = False,
    is_anonymous: bool = False,
) -> Case:
    """Make a citizen's matter a case. Its clocks start when the citizen spoke.

    Raises ValidationError when the conversation speaks in a case already or is over, or the title
    holds a citizen's number; NotAllowed.
    """
    allow(by, "case.open", conversation.institution_id)
    refuse_personal("title", title)
    refuse_personal("place", place)
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    _refuse_second(conversation)  # under the lock: of two officers the second is told
    moment = now()
    started = max(conversation.opened_at, clock_rules.NOTHING_OLDER)
    case = Case.objects.create(
        institution_id=conversation.institution_id,
        kind=kind,
        scrutiny=clock_rules.USUAL_SCRUTINY[kind],
        title=title,
        category=category.strip().casefold(),
        place=place,
        area_code=area_code,
        is_confidential=is_confidential,
        is_anonymous=is_anonymous,
        is_danger=conversation.priority == 2,
        received_at=started,
        opened_at=moment,
        due_at=started,
        opened_by=by,
    )
    clocks.begin(case, clock_rules.VERIFICATION, started=started, at=moment)
    case.due_at = clocks.nearest_due(case)
    case.save(update_fields=["due_at"])
    Move.objects.create(case=case, became=case.state, by=by, at=moment)
    _add_voice(case, conversation, by)
    record(by=by, did="case.opened", on=case, conversation=conversation.pk, kind=kind)
    announce(
        CaseOpened(case.institution_id, case.pk, conversation.pk, kind), scope=case.institution_id
    )
    return case


@transaction.atomic
def add_voice(case: Case, conversation: Conversation, *, by: Member) -> Voice:
    """Somebody else reports the same: they are told whatever the first one is told.

    Raises ValidationError when the case is over or the conversation speaks in a case already.
    """
    case = lock(case)
    allow(by, "case.open", case.institution_id)
    if conversation.institution_id != case.institution_id:
        raise NotAllowed(_("This conversation belongs to another institution."))
    if case.state in life.ENDED:
        raise ValidationError(_("This case is over. Open a new one."))
    _refuse_second(conversation)
    voice = _add_voice(case, conversation, by)
    clocks.take_earliest(case, max(conversation.opened_at, clock_rules.NOTHING_OLDER))
    change(
        case,
        received_at=case.received_at,
        due_at=clocks.nearest_due(case),
        is_danger=case.is_danger or conversation.priority == 2,
    )
    record(by=by, did="case.voice_added", on=case, conversation=conversation.pk)
    return voice


@transaction.atomic
def edit_case(
    case: Case,
    *,
    title: str,
    category: str,
    place: str,
    area_code: str,
    is_confidential: bool,
    is_anonymous: bool,
    by: Member,
) -> None:
    """Put right what an open case is about. Raises ValidationError for a citizen's number."""
    case = lock(case)
    allow_on(case, by, "case.verify")
    if not case.is_open:
        raise ValidationError(_("This case is over."))
    refuse_personal("title", title)
    refuse_personal("place", place)
    change(
        case,
        title=title,
        category=category.strip().casefold(),
        place=place,
        area_code=area_code,
        is_confidential=is_confidential,
        is_anonymous=is_anonymous,
    )
    record(
        by=by,
        did="case.edited",
        on=case,
        is_confidential=is_confidential,
        is_anonymous=is_anonymous,
    )


def _refuse_second(conversation: Conversation) -> None:
    """What a conversation said in a case that is over binds it no more."""
    speaks = Voice.objects.filter(conversation=conversation, is_current=True)
    speaks.filter(case__state__in=life.ENDED).update(is_current=False)
    if speaks.exists():
        raise ValidationError(_("This conversation speaks in a case already."))


def _add_voice(case: Case, conversation: Conversation, by: Member) -> Voice:
    voice = Voice.objects.create(
        case=case,
        conversation=conversation,
        receipt=secrets.token_urlsafe(16),
        joined_at=now(),
    )
    link_to_case(conversation, case_id=case.pk, by=by)
    if case.unit_id is not None:
        follow_case(conversation, case_id=case.pk, unit_id=case.unit_id, officer_id=case.officer_id)
    return voice
