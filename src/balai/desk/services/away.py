"""Tell who writes outside the hours of service when the office opens; once, and never a machine."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from balai.desk.models import AwayNote
from balai.desk.rules.opening import is_served, next_opening, worded
from balai.governance.selectors import calendar_of
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.models import Conversation
from balai.inbox.services import send_away
from balai.people.models import Institution, Member
from balai.people.selectors import Actor
from balai.people.services import allow

FIRST_LANGUAGE = "ind"


@transaction.atomic
def keep_away_notes(institution: Institution, *, texts: Mapping[str, str], by: Member) -> None:
    """Decide what citizens are told, by language; an empty text is told no more.

    {buka} becomes the moment at which the office opens next. Raises NotAllowed, ValidationError.
    """
    allow(by, "desk.arrange", institution)
    for language, text in texts.items():
        known = AwayNote.objects.filter(institution=institution, language=language)
        if not text.strip():
            known.delete()
            continue
        if "{buka}" not in text:
            raise ValidationError({language: _("Say with {buka} when the office opens again.")})
        note = known.first() or AwayNote(institution=institution, language=language)
        note.text = text.strip()
        note.full_clean()
        note.save()
    record(by=by, did="away_note.kept", on=institution, languages=sorted(texts))


def send_away_note(conversation: Conversation, *, by: Actor, reason: str = "") -> bool:
    """Send the office's note into a conversation, if now is outside the hours of service.

    False where it is not sent: the office is open, has no note, or the inbox says no (send_away).
    """
    institution = conversation.institution
    local = now().astimezone(ZoneInfo(institution.zone))
    hours_on = calendar_of(institution).hours_on
    if is_served(hours_on, local):
        return False
    opens = next_opening(hours_on, local)
    note = note_for(institution, conversation.language)
    if note is None or opens is None:
        return False
    text = worded(note.text, _in_words(opens, note.language))
    return (
        send_away(conversation, text=text, language=note.language, by=by, reason=reason) is not None
    )


def note_for(institution: Institution, language: str) -> AwayNote | None:
    """The note in the citizen's language, else in Indonesian."""
    notes = {
        note.language: note
        for note in AwayNote.objects.filter(
            institution=institution, language__in=[language, FIRST_LANGUAGE]
        )
    }
    return notes.get(language) or notes.get(FIRST_LANGUAGE)


def _in_words(opens: datetime, language: str) -> str:
    """Day and hour as a citizen reads it."""
    with translation.override("en" if language == "eng" else "id"), timezone.override(opens.tzinfo):
        return f"{date_format(opens, 'l, j F')} {opens:%H.%M} {zone_name(opens)}"


def zone_name(at: datetime) -> str:
    """WIB, WITA or WIT."""
    return at.tzname() or ""
