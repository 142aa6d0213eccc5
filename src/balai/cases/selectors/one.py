"""One case: whose voices speak in it, what they said, and how each can be reached."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.core.exceptions import ObjectDoesNotExist

from balai.cases.models import Case, Voice
from balai.cases.rules import life
from balai.cases.selectors.lists import readable
from balai.channels.selectors import promises
from balai.ground.plain import plain_text
from balai.inbox.models import Conversation, Message
from balai.inbox.selectors import readable as readable_conversations
from balai.inbox.selectors import told
from balai.people.models import Member
from balai.understanding.reading import Span, mask

LONGEST_SHOWN = 4_000  # characters of one message on the page of a case


class Said(NamedTuple):
    """One message on the page of a case: personal data covered."""

    is_ours: bool
    is_note: bool
    text: str
    message: Message
    fate: str
    files: int


def open_to(member: Member, case_id: int) -> Case:
    """The case, if the member may read it. Raises ObjectDoesNotExist."""
    found = readable(member).select_related("institution", "unit", "officer", "master")
    return found.get(pk=case_id)


def case_of_conversation(conversation: Conversation) -> Case | None:
    """The case in which a conversation speaks now; None when there is none."""
    voice = (
        Voice.objects.filter(conversation=conversation, is_current=True)
        .exclude(case__state__in=life.ENDED)
        .select_related("case")
        .first()
    )
    return voice.case if voice else None


def voices_of(case: Case) -> list[Voice]:
    """Everybody who speaks in a case, the first reporter first."""
    found = case.voices.select_related(
        "conversation__connection", "conversation__citizen", "merged_from"
    )
    return list(found.order_by("joined_at", "pk"))


def newest_heard(voices: Iterable[Voice]) -> int:
    """The newest message of a citizen among the voices: what a writer has seen."""
    return max((voice.conversation.last_in_id for voice in voices), default=0)


def reachable(voices: Iterable[Voice]) -> list[Voice]:
    """Those whose threads still take an answer."""
    return [
        voice
        for voice in voices
        if voice.withdrawn_at is None
        and voice.conversation.state not in ("sealed", "moderated")
        and voice.conversation.connection.state != "closed"
    ]


def smallest_limit(voices: Iterable[Voice]) -> int | None:
    """The shortest text that one of these threads takes; None where nothing limits it."""
    limits = [promises(voice.conversation.connection).limits.text for voice in reachable(voices)]
    return min((limit for limit in limits if limit), default=None)


def said_by(voice: Voice, member: Member) -> list[Said] | None:
    """What was said in a voice's thread; None where the member may not read it.

    What was moved to a safe channel is read by nobody here.
    """
    conversation = voice.conversation
    if conversation.state == Conversation.State.SEALED:
        return None
    if not readable_conversations(member).filter(pk=conversation.pk).exists():
        return None
    return [
        Said(
            is_ours=one.message.direction == Message.Direction.OUT,
            is_note=one.message.direction == Message.Direction.NOTE,
            text=plain_text(covered(one.message)[:LONGEST_SHOWN]),
            message=one.message,
            fate=one.delivery.dispatch.state if one.delivery else "",
            files=len(one.attachments),
        )
        for one in told(conversation)
    ]


def covered(message: Message) -> str:
    """The text of a message with a citizen's personal data covered."""
    if message.direction != Message.Direction.IN:
        return message.text
    found: Sequence[dict[str, object]] = (message.reading or {}).get("personal_data") or []
    spans = [Span(str(one["kind"]), int(str(one["start"])), int(str(one["end"]))) for one in found]
    return mask(message.text, spans) if spans else message.text


def first_words(conversation: Conversation, longest: int = 120) -> str:
    """With what a citizen began, covered and on one line."""
    first = conversation.messages.filter(direction=Message.Direction.IN).order_by("pk").first()
    words = " ".join(covered(first).split()) if first else ""
    return words if len(words) <= longest else f"{words[:longest].rpartition(' ')[0]}…"


def by_receipt(receipt: str) -> Voice:
    """The voice of a tracking page. Raises ObjectDoesNotExist."""
    if not receipt:
        raise ObjectDoesNotExist
    return Voice.objects.select_related(
        "case__institution", "case__unit", "conversation__connection", "merged_from"
    ).get(receipt=receipt)
