"""Say something to the citizen, once, and know whether it arrived."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from balai.channels.contract import Outgoing
from balai.channels.models import Connection, Dispatch
from balai.channels.selectors import deliveries, text_problem
from balai.channels.services import call_off, entrust, send_again
from balai.governance.selectors import calendar_of
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.inbox import rules
from balai.inbox.events import ConversationAnswered
from balai.inbox.landing import OurWords, open_store
from balai.inbox.models import Conversation, Draft, Message
from balai.inbox.selectors import ANSWER, identity_of, rights_of, signed
from balai.inbox.services.clocks import NOTHING_OLDER
from balai.inbox.services.moving import allow_on, lock, move, put_back
from balai.library.selectors import humour, left_over
from balai.library.services import note_use
from balai.people.models import Member


class AlreadyAnswered(Exception):
    """Somebody answered the citizen's last words already; `answer` is what was said."""

    def __init__(self, answer: Message) -> None:
        super().__init__(_("This message was answered already. Read that answer first."))
        self.answer = answer


class CitizenWroteMeanwhile(Exception):
    """The citizen said more than the officer had seen; an answer now would pass over it."""

    def __init__(self) -> None:
        super().__init__(_("The citizen wrote again meanwhile. Read it, then answer."))


class TooLong(Exception):
    """The network does not take a text of this length."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            _("The text has %(length)d characters; this channel takes %(limit)d.")
            % {"length": length, "limit": limit}
        )
        self.length, self.limit = length, limit


class Unfilled(Exception):
    """A variable of an article still stands in the answer."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = ", ".join(f"{{{name}}}" for name in names)
        super().__init__(_("Fill this in before it leaves: %(names)s.") % {"names": self.names})


class NotSober(Exception):
    """The answer makes fun where somebody complains or is in danger; a reason lets it pass."""

    def __init__(self, signs: Sequence[str]) -> None:
        super().__init__(
            _(
                "This is a complaint or a grave matter. Leave out %(signs)s, or say why it helps "
                "this citizen."
            )
            % {"signs": " ".join(signs)}
        )


class LineClosed(Exception):
    """Our line to this network was ended for good: nothing leaves on it any more."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "The line “%(name)s” was closed, so no answer can leave on it. Open the identity "
                "to reach the citizen another way, or ask who looks after the channels to connect "
                "a new line."
            )
            % {"name": name}
        )


class NoRightToReply(Exception):
    """The network takes no answer to these words: the right ended, or there never was one."""

    def __init__(self, state: str) -> None:
        super().__init__(
            _("The network takes no answer to this any more. Your words stay here as a draft.")
            if state == "over"
            else _("The network takes no answer to this. Your words stay here as a draft.")
        )
        self.state = state


@transaction.atomic
def answer(
    conversation: Conversation,
    *,
    text: str,
    by: Member,
    form_key: str,
    after: int,
    asks_back: bool = False,
    in_addition: bool = False,
    articles: Sequence[int] = (),
    fun_reason: str = "",
) -> Message:
    """Answer in the citizen's own thread. It leaves when the undo window is over.

    `form_key` makes a form that is sent twice one answer. `after` is the newest message the officer
    had seen. `articles` of the library went into it. The institution's sign-off is set below it.
    Raises AlreadyAnswered when somebody else answered it (unless `in_addition`),
    CitizenWroteMeanwhile, LineClosed, NoRightToReply, TooLong, Unfilled, NotSober (unless
    `fun_reason` is given), NotAllowed, NotAllowedNow.
    """
    key = f"{ANSWER}:{form_key}"
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.answer")
    # Under the lock: of two requests of one impatient form the second must see the first.
    said_before = Dispatch.objects.filter(key=key).first()
    if said_before is not None:
        return Message.objects.get(pk=said_before.ref)
    if conversation.connection.state == Connection.State.CLOSED:
        raise LineClosed(conversation.connection.name)
    rights = rights_of(conversation)
    if not rights.may:
        raise NoRightToReply(rights.state)
    fun = _refuse_words(conversation, text, fun_reason)
    text = signed(text, by)
    problem = text_problem(conversation.connection, text)
    if problem is not None:
        raise TooLong(*problem)
    earlier = _answer_since(conversation)
    if earlier is not None and not in_addition:
        raise AlreadyAnswered(earlier)
    if conversation.last_in_id > after:
        raise CitizenWroteMeanwhile
    message = _write(conversation, text, by, after)
    move(
        conversation,
        "answered",
        last_at=message.sent_at,
        last_message_id=message.pk,
        assignee=conversation.assignee or by,
    )
    if asks_back:
        move(conversation, "waiting_citizen")
    _entrust(conversation, message, key)
    record(by=by, did="conversation.answered", on=conversation, message=message.pk)
    if fun:
        record(by=by, did="conversation.fun_allowed", on=conversation, reason=fun_reason)
    note_use(articles, by=by)
    Draft.objects.filter(conversation=conversation, member=by).delete()
    return message


@transaction.atomic
def undo_answer(message: Message, *, by: Member) -> bool:
    """Take an answer back before it leaves; the officer's text stays as a note. False: too late."""
    conversation = lock(message.conversation)
    allow_on(conversation, by, "conversation.answer")
    dispatch = Dispatch.objects.get(purpose=ANSWER, ref=message.pk)
    if not call_off(dispatch):
        return False
    Message.objects.filter(pk=message.pk).update(
        direction=Message.Direction.NOTE, kind="called_off"
    )
    if not take_word_back(conversation):
        move(conversation)
    record(by=by, did="conversation.answer_called_off", on=conversation, message=message.pk)
    return True


@transaction.atomic
def send_answer_again(message: Message, *, by: Member) -> None:
    """What the network refused, or nobody can find there, goes out after all. Raises LineClosed,
    and AlreadyAnswered when another answer took the place of a refused one."""
    conversation = lock(message.conversation)
    dispatch = Dispatch.objects.get(purpose=ANSWER, ref=message.pk)
    if conversation.connection.state == Connection.State.CLOSED:
        raise LineClosed(conversation.connection.name)
    was_refused = dispatch.state == Dispatch.State.REFUSED
    instead = _answer_since(conversation) if was_refused else None
    if instead is not None:
        raise AlreadyAnswered(instead)
    send_again(dispatch, by=by)
    if was_refused and conversation.state == "triaged" and message.pk > conversation.last_in_id:
        move(conversation, "answered")


@transaction.atomic
def write_note(conversation: Conversation, *, text: str, by: Member) -> Message:
    """A note that only the office sees."""
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.note")
    moment = now()
    number = open_store().append(
        OurWords(
            institution_id=conversation.institution_id,
            connection_id=conversation.connection_id,
            conversation_id=conversation.pk,
            direction=Message.Direction.NOTE,
            kind="note",
            text=text,
            sent_at=moment,
            author_id=by.pk,
            extra={},
        )
    )
    move(conversation)
    record(by=by, did="conversation.noted", on=conversation, message=number)
    return Message.objects.get(pk=number)


@transaction.atomic
def note_delivery(message: Message) -> None:
    """The answer's way went on. When it is out, and only then, the response clock stops."""
    conversation = lock(message.conversation)
    dispatch = Dispatch.objects.get(purpose=ANSWER, ref=message.pk)
    state = dispatch.state
    changes: dict[str, Any] = _stuck(conversation)
    if state == Dispatch.State.OUT:
        if message.remote_id != dispatch.remote_id:
            open_store().know(conversation.connection_id, dispatch.remote_id, message.pk)
        if conversation.first_answered_at is None and not message.is_automatic:
            calendar = calendar_of(conversation.institution)
            started = max(conversation.opened_at, NOTHING_OLDER)
            reached = dispatch.settled_at or now()  # what waited on a paused line was not said yet
            minutes = round(calendar.working_minutes(started, reached))
            changes |= {"first_answered_at": reached, "response_minutes": minutes}
            announce(
                ConversationAnswered(conversation.institution_id, conversation.pk, message.pk),
                scope=conversation.institution_id,
            )
    if state == Dispatch.State.REFUSED:
        take_word_back(conversation)
    move(conversation, **changes)


def _stuck(conversation: Conversation) -> dict[str, Any]:
    """Since when a person must look on the network for an answer of ours; nothing when none."""
    ours = Message.objects.filter(conversation=conversation, direction=Message.Direction.OUT)
    sent = deliveries(ANSWER, ours.values_list("pk", flat=True))
    if any(delivery.needs_a_person for delivery in sent.values()):
        return {} if conversation.stuck_at else {"stuck_at": now()}
    return {"stuck_at": None} if conversation.stuck_at else {}


def take_word_back(conversation: Conversation) -> bool:
    """An answer of the locked conversation did not arrive: we owe the next word, unless another
    answer stands. What was closed or sealed meanwhile stays so. False: nothing changed."""
    owes = conversation.state in ("answered", "waiting_citizen", "resolved")
    if not owes or _answer_since(conversation) is not None:
        return False
    put_back(conversation)
    return True


def fresh_form_key() -> str:
    """The key that a new answer form carries."""
    return secrets.token_hex(16)


def _refuse_words(conversation: Conversation, text: str, fun_reason: str) -> list[str]:
    """The signs of fun that a reason lets pass. Raises Unfilled, and NotSober without a reason."""
    open_ones = left_over(text)
    if open_ones:
        raise Unfilled(open_ones)
    grave = rules.wants_sobriety(
        conversation.intent, conversation.priority, conversation.sensitivity
    )
    signs = humour(text) if grave else []
    if signs and not fun_reason.strip():
        raise NotSober(signs)
    return signs


def _write(conversation: Conversation, text: str, by: Member, after: int) -> Message:
    number = open_store().append(
        OurWords(
            institution_id=conversation.institution_id,
            connection_id=conversation.connection_id,
            conversation_id=conversation.pk,
            direction=Message.Direction.OUT,
            kind="answer",
            text=text,
            sent_at=now(),
            author_id=by.pk,
            extra={"answers": conversation.last_in_id, "seen": after},
        )
    )
    return Message.objects.get(pk=number)


def _entrust(conversation: Conversation, message: Message, key: str) -> Dispatch:
    asked = Message.objects.get(pk=conversation.last_in_id)
    return entrust(
        conversation.connection,
        Outgoing(
            key=key,
            text=message.text,
            reply_to=asked.extra.get("handle") or {},
            to=identity_of(conversation).get("address", ""),
            subject=conversation.subject,
            language=conversation.language,
            at=message.sent_at,
        ),
        purpose=ANSWER,
        ref=message.pk,
        due_at=message.sent_at + rules.UNDO_WINDOW,
    )


def _answer_since(conversation: Conversation) -> Message | None:
    """Our answer to the citizen's newest words, unless it was refused, called off or returned."""
    candidates = Message.objects.filter(
        conversation=conversation,
        direction=Message.Direction.OUT,
        is_automatic=False,
        id__gt=conversation.last_in_id,
    ).order_by("id")
    failed = Q(state__in=[Dispatch.State.REFUSED, Dispatch.State.CANCELLED])
    not_arrived = set(
        Dispatch.objects.filter(
            failed | Q(returned_at__isnull=False),
            purpose=ANSWER,
            ref__in=[m.pk for m in candidates],
        ).values_list("ref", flat=True)
    )
    return next((m for m in candidates if m.pk not in not_arrived), None)
