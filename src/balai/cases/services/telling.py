"""Say something to everybody who speaks in a case, each in the thread where they spoke."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from balai.cases.models import Case, Reply, Voice
from balai.cases.services.moving import refuse_personal
from balai.ground.clock import now
from balai.inbox import services as inbox
from balai.inbox.models import Conversation
from balai.people.models import Member

SHUT = (Conversation.State.SEALED, Conversation.State.MODERATED)


def tell(
    case: Case,
    *,
    kind: str,
    text: str,
    key: str,
    seen: int,
    by: Member,
    asks_back: bool = False,
) -> Reply:
    """Entrust the words to every thread of a locked case; once for each `key`.

    `seen` is the newest message that the writer had read. Who wrote in private is also given the
    address of the own tracking page; it never stands in a public thread, where anybody could open
    it. Raises ValidationError (a citizen wrote meanwhile, too long for a channel, a number that
    names a person) and NotAllowed.
    """
    known = Reply.objects.filter(key=key).first()
    if known is not None:
        return known
    refuse_personal("text", text)
    message_ids: list[int] = []
    unreached: list[int] = []
    voices = case.voices.filter(withdrawn_at=None).order_by("pk")
    for voice in voices.select_related("conversation__connection"):
        message_id = _tell_one(case, voice, text, key, seen, by, asks_back=asks_back)
        if message_id is None:
            unreached.append(voice.conversation_id)
        else:
            message_ids.append(message_id)
    return Reply.objects.create(
        case=case,
        kind=kind,
        key=key,
        text=text,
        by=by,
        at=now(),
        message_ids=message_ids,
        unreached=unreached,
    )


def tracking_address(voice: Voice) -> str:
    """Where this reporter sees how the case stands."""
    return str(settings.BALAI_ADDRESS) + reverse("cases:track", args=[voice.receipt])


def _tell_one(
    case: Case, voice: Voice, text: str, key: str, seen: int, by: Member, *, asks_back: bool
) -> int | None:
    """The message that was written; None where nothing can be said any more."""
    conversation = voice.conversation
    if inbox.hand_to_case(conversation, case_id=case.pk) in SHUT:
        return None
    said: dict[str, Any] = {
        "text": _with_address(text, voice),
        "by": by,
        "form_key": f"{key}-{voice.pk}",
        "after": seen,
        "asks_back": asks_back,
        "in_addition": True,
    }
    try:
        message = inbox.answer(conversation, **said)
    except inbox.NeedsApproval:  # it leaves when a second person has read it
        inbox.hold_answer(conversation, **said)
        return None
    except inbox.AnswerWaits as other:
        raise ValidationError(str(other)) from other
    except (inbox.LineClosed, inbox.NoRightToReply):
        return None
    except inbox.CitizenWroteMeanwhile as more:
        raise ValidationError(str(more)) from more
    except (inbox.TooLong, inbox.Unfilled, inbox.NotSober) as problem:
        words = f"{conversation.connection.name}: {problem}"
        raise ValidationError({"text": words}) from problem
    return message.pk


def _with_address(text: str, voice: Voice) -> str:
    if voice.conversation.is_public:
        return text
    language = "en" if voice.conversation.language == "eng" else "id"
    with translation.override(language):
        hint = _("Follow it here, and tell us whether it is solved:")
    return f"{text}\n\n{hint}\n{tracking_address(voice)}"
