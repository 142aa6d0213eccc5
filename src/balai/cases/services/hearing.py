"""What a case hears of its conversations: the citizen wrote again."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from balai.cases.models import Case, EscalationNotice, Voice
from balai.cases.rules import life
from balai.cases.services.moving import allow_on, change, lock
from balai.cases.services.verifying import note_clarified
from balai.ground.clock import moment_of_id, now
from balai.ground.ledger import record
from balai.inbox.services import hand_to_case
from balai.people.models import Member
from balai.people.selectors import SYSTEM


@transaction.atomic
def note_words(conversation_ids: Iterable[int]) -> int:
    """Citizens wrote again in threads of cases: the case shows it until somebody has read it.

    An answer to our question ends the clarification. What the words mean for a result, a person
    decides: thanks and disputes are both words. Returns how many cases heard something.
    """
    voices = Voice.objects.filter(
        conversation_id__in=list(conversation_ids), is_current=True, withdrawn_at=None
    )
    heard = 0
    # In one order, or two batches wait for each other for ever.
    for voice in voices.select_related("case", "conversation").order_by("case_id", "pk"):
        case = lock(voice.case)
        if case.state in life.ENDED:
            continue  # the conversation goes its own way again
        if moment_of_id(voice.conversation.last_in_id) <= voice.joined_at:
            continue  # the words with which the conversation came, heard late
        hand_to_case(voice.conversation, case_id=case.pk)
        if case.state == Case.State.NEEDS_CLARIFICATION:
            note_clarified(case)
            case = lock(case)
        change(
            case,
            news_at=case.news_at or now(),
            is_danger=case.is_danger or voice.conversation.priority == 2,
        )
        heard += 1
    return heard


@transaction.atomic
def forget_words(conversation_ids: Iterable[int]) -> int:
    """Citizens' words were erased: what a case had copied of them goes too, unless others report
    the same. What the office did, and when, stays. Returns how many cases were touched."""
    gone = set(conversation_ids)
    named = Voice.objects.filter(conversation_id__in=gone).values_list("case_id", flat=True)
    touched = 0
    for case_id in sorted(set(named)):
        case = lock(Case(pk=case_id))
        if case.voices.exclude(conversation_id__in=gone).exists():
            continue
        case.replies.update(text="")
        case.promises.update(words="")
        case.moves.update(words="")
        change(case, title=_("Erased"), place="", area_code="")
        record(by=SYSTEM, did="case.words_erased", on=case)
        touched += 1
    return touched


@transaction.atomic
def see_notice(notice: EscalationNotice, *, by: Member) -> None:
    """Whoever was told has seen it."""
    case = lock(notice.case)
    allow_on(case, by, "case.view")
    seen = EscalationNotice.objects.filter(pk=notice.pk, seen_at=None)
    if seen.update(seen_at=now(), seen_by=by):
        record(by=by, did="case.notice_seen", on=case, mark=notice.mark)
