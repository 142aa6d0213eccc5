"""Say something to the citizen, once, and know whether it arrived."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

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
from balai.inbox.selectors import (
    ANSWER,
    answer_that_waits,
    identity_of,
    policy_for,
    rights_of,
    signed,
)
from balai.inbox.services.clocks import NOTHING_OLDER
from balai.inbox.services.moving import allow_on, lock, move, put_back
from balai.inbox.services.refusals import (
    AlreadyAnswered,
    AnswerWaits,
    CitizenWroteMeanwhile,
    LineClosed,
    NeedsApproval,
    NoRightToReply,
    NotSober,
    TooLong,
    Unfilled,
)
from balai.library.selectors import humour, left_over
from balai.library.services import note_use
from balai.people.models import Member


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
    Raises NeedsApproval when a policy asks for a second person (then `hold_answer`), AnswerWaits
    when somebody else's waits for one, AlreadyAnswered when somebody else answered it (unless
    `in_addition`), CitizenWroteMeanwhile, LineClosed, NoRightToReply, TooLong, Unfilled, NotSober
    (unless `fun_reason` is given), NotAllowed, NotAllowedNow.
    """
    key = f"{ANSWER}:{form_key}"
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.answer")
    # Under the lock: of two requests of one impatient form the second must see the first.
    said_before = Dispatch.objects.filter(key=key).first()
    if said_before is not None:
        return Message.objects.get(pk=said_before.ref)
    text = signed(text, by)
    fun = check_answer(conversation, text, after, in_addition=in_addition, fun_reason=fun_reason)
    waiting = answer_that_waits(conversation)
    if waiting is not None and waiting.author_id != by.pk:
        raise AnswerWaits(waiting)
    policy = policy_for(conversation, by)
    if policy is not None:
        raise NeedsApproval(policy)
    message = say(conversation, text, key, author=by, after=after, asks_back=asks_back)
    record(by=by, did="conversation.answered", on=conversation, message=message.pk)
    if fun:
        record(by=by, did="conversation.fun_allowed", on=conversation, reason=fun_reason)
    note_use(articles, by=by)
    return message


def check_answer(
    conversation: Conversation, text: str, after: int, *, in_addition: bool, fun_reason: str
) -> list[str]:
    """The signs of fun that a reason lets pass, when nothing else speaks against these words
    leaving the locked conversation now. Raises what `answer` raises."""
    if conversation.connection.state == Connection.State.CLOSED:
        raise LineClosed(conversation.connection.name)
    rights = rights_of(conversation)
    if not rights.may:
        raise NoRightToReply(rights.state)
    fun = _refuse_words(conversation, text, fun_reason)
    problem = text_problem(conversation.connection, text)
    if problem is not None:
        raise TooLong(*problem)
    earlier = _answer_since(conversation)
    if earlier is not None and not in_addition:
        raise AlreadyAnswered(earlier)
    if conversation.last_in_id > after:
        raise CitizenWroteMeanwhile
    return fun


def say(
    conversation: Conversation,
    text: str,
    key: str,
    *,
    author: Member,
    after: int,
    asks_back: bool,
) -> Message:
    """The door out: these very words, checked before, leave when the undo window is over."""
    message = _write(conversation, text, author, after)
    move(
        conversation,
        "answered",
        last_at=message.sent_at,
        last_message_id=message.pk,
        assignee=conversation.assignee or author,
    )
    if asks_back:
        move(conversation, "waiting_citizen")
    _entrust(conversation, message, key)
    Draft.objects.filter(conversation=conversation, member=author).delete()
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
