"""What was said, prepared for the page: covered, folded, and with the fate of each answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from balai.channels.models import Connection, Dispatch
from balai.channels.selectors import Delivery
from balai.ground.clock import now
from balai.ground.plain import plain_text
from balai.inbox import rules
from balai.inbox.models import Attachment, Message
from balai.inbox.plain import LONGEST_SHOWN, Piece, careful, pieces
from balai.inbox.selectors import Told
from balai.inbox.uploads import shown_name
from balai.inbox.views.readings import Explained, explained

State = Dispatch.State


class File(NamedTuple):
    """An attachment: what it is called, and whether the page may draw it."""

    attachment: Attachment
    name: str
    is_picture: bool


class Fate(NamedTuple):
    """Where an answer stands: a word, its look, what to know, and what a person may do."""

    word: str
    look: str
    about: str
    can_undo_until: datetime | None
    asks_a_person: bool
    can_send_again: bool


class Said(NamedTuple):
    """One message on the page."""

    message: Message
    pieces: Sequence[Piece]
    folded: str
    is_cut: bool
    quoted: str
    has_quoted: bool
    facts: Sequence[tuple[str, str]]
    files: Sequence[File]
    delivery: Delivery | None
    fate: Fate | None
    model: str
    reading: Sequence[Explained]


def said(told: Told, *, opened: bool, whole: bool = False) -> Said:
    """One message for the page; personal data stays covered unless it was opened."""
    message = told.message
    text = message.text if whole else message.text[:LONGEST_SHOWN]
    reading = message.reading or {}
    spans = reading.get("personal_data") or [] if message.direction == "in" else []
    told_facts = dict(message.extra.get("facts") or {})
    quoted = str(told_facts.pop("quoted", "") or message.extra.get("quoted", ""))
    return Said(
        message=message,
        pieces=pieces(text, spans, opened=opened),
        folded=_why_folded(reading) if message.direction == "in" else "",
        is_cut=len(text) < len(message.text),
        quoted=quoted[:LONGEST_SHOWN] if opened else "",
        has_quoted=bool(quoted),
        facts=[(k, str(v)[:300]) for k, v in told_facts.items() if isinstance(v, str | int) and v],
        files=[_file(one, opened) for one in told.attachments],
        delivery=told.delivery,
        fate=_fate_of(message, told.delivery) if told.delivery else None,
        model=plain_text(str(reading.get("model", ""))),
        reading=explained(reading),
    )


def _why_folded(reading: Mapping[str, Any]) -> str:
    """Why the words are folded for the reader's sake; nothing where they are not abusive."""
    abuse = reading.get("abuse") or {}
    if abuse.get("hate"):
        return _("they attack people for what they are")
    return _("they insult or threaten somebody") if abuse.get("abusive") else ""


def _file(attachment: Attachment, opened: bool) -> File:
    claimed = attachment.mime.startswith("image/") and bool(attachment.sha256)
    name = shown_name(attachment.name)
    return File(attachment, name if opened else careful(name), claimed)


def _fate_of(message: Message, delivery: Delivery) -> Fate:
    fate = _fate(delivery)
    if message.kind == "notice":  # no answer: nobody calls it off or sends it anew
        return fate._replace(can_undo_until=None, asks_a_person=False, can_send_again=False)
    return fate


def _fate(delivery: Delivery) -> Fate:
    dispatch = delivery.dispatch
    if dispatch.returned_at is not None:
        about = _("The network took it, but it did not reach the citizen: %(words)s")
        return _of(_("Came back"), "late", about % {"words": dispatch.note})
    match dispatch.state:
        case State.WAITING:
            return _waiting(dispatch)
        case State.SENDING:
            return _of(_("Being sent"), "info")
        case State.CONFIRMING:
            return _of(_("Being confirmed by the network"), "info")
        case State.OUT:
            return _of(_("Out"), "ok")
        case State.REFUSED:
            about = _(
                "The network refused it: “%(words)s”. Nothing reached the citizen. Write a new "
                "answer below, or send this one again when its cause is mended."
            )
            return _of(_("Refused"), "late", about % {"words": dispatch.note}, again=True)
        case State.UNKNOWN:
            return _unknown(delivery)
        case _:
            return _of(_("Called off"), "outline")


def _waiting(dispatch: Dispatch) -> Fate:
    if dispatch.connection.state in (Connection.State.PAUSED, Connection.State.CLOSED):
        return _of(_("Waiting: this channel is paused"), "soon")
    if dispatch.attempts_made:
        about = _("It did not leave yet: “%(words)s”. It is tried again by itself.")
        return _of(_("Waiting to be tried again"), "soon", about % {"words": dispatch.note})
    return Fate(_("Leaves in a moment"), "info", "", dispatch.due_at, False, False)


def _unknown(delivery: Delivery) -> Fate:
    if not delivery.needs_a_person:
        return _of(_("Not sure yet; we are looking"), "soon")
    about = _(
        "We cannot tell whether it is out. Look at the conversation on the network, then say which."
    )
    return Fate(_("Not known"), "late", about, None, True, True)


def _of(word: str, look: str, about: str = "", *, again: bool = False) -> Fate:
    return Fate(word, look, about, None, False, again)


def undo_seconds(until: datetime | None) -> int:
    """How many seconds are left to call an answer off."""
    left = (until - now()).total_seconds() if until else 0.0
    return max(0, min(round(left), round(rules.UNDO_WINDOW.total_seconds())))
