"""What a citizen's message does to a conversation. Arithmetic on rows; no database, no Django.

Whatever the order and the batches in which the same messages come, the row ends the same (ids and
the moment of a later human act apart). So nothing here asks "is it the first?"; it takes the
smallest, the largest, the gravest, or what the newest message says.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from balai.inbox import rules
from balai.inbox.landing.port import Arrival

# The machine makes a matter graver, never lighter; a person may do both (domain 5.4(2)).
GRAVITY: Mapping[str, int] = {
    name: rank
    for rank, name in enumerate(
        (
            "",
            "spam",
            "abuse",
            "praise",
            "rumor_sighting",
            "aspiration",
            "question",
            "information_request",
            "complaint",
            "whistleblow",
            "report_emergency",
        )
    )
}
REOPENED_FROM = frozenset({"resolved", "confirmed"})  # domain 5.4(2): these moves are counted
CODES_ROOM = 120  # characters of Conversation.sensitivity


class Talk(msgspec.Struct, gc=False):
    """The columns of a conversation that the landing reads and writes, in the table's names."""

    id: int
    institution_id: int
    connection_id: int
    citizen_id: int
    thread_key: str
    state: str
    is_open: bool
    is_current: bool
    receipt: str
    intent: str
    priority: int
    language: str
    sentiment: str
    sensitivity: str
    is_public: bool
    subject: str
    preview: str
    opened_at: datetime
    last_at: datetime
    last_message_id: int
    last_in_id: int
    messages_in: int
    due_at: datetime | None
    clock: str
    first_answered_at: datetime | None
    reopened: int
    resolved_at: datetime | None
    version: int
    reopened_soon: int = 0


def spoken_at(arrival: Arrival) -> datetime:
    """When the citizen spoke: the network's time, unless it lies after the arrival."""
    return min(arrival.sent_at, arrival.received_at)


def begin(arrival: Arrival, *, number: int, citizen_id: int, thread_key: str, message: int) -> Talk:
    """The conversation that this message opens; of an automatic one nobody owes an answer."""
    at = spoken_at(arrival)
    counts = not arrival.is_automatic
    return Talk(
        id=number,
        institution_id=arrival.institution_id,
        connection_id=arrival.connection_id,
        citizen_id=citizen_id,
        thread_key=thread_key,
        state="confirmed" if arrival.is_history else "new",
        is_open=counts and not arrival.is_history,
        is_current=True,
        receipt=arrival.receipt,
        intent=arrival.intent if counts else "",
        priority=arrival.priority if counts else 0,
        language=arrival.language[:8],
        sentiment=arrival.sentiment,
        sensitivity=_codes("", arrival.sensitivity) if arrival.sensitivity and counts else "",
        is_public=arrival.is_public,
        subject=arrival.subject[:300],
        preview=arrival.preview[:200],
        opened_at=at,
        last_at=at,
        last_message_id=message,
        last_in_id=message,
        messages_in=1,
        due_at=arrival.due_at if counts else None,
        clock=arrival.clock if counts and arrival.due_at is not None else "",
        first_answered_at=None,
        reopened=0,
        resolved_at=at if arrival.is_history else None,
        version=1,
    )


def goes_on(talk: Talk, arrival: Arrival) -> bool:
    """Whether this message belongs to the conversation, or begins the thread's next one."""
    past = arrival.is_automatic or arrival.is_history
    return past or _next_state(talk, arrival) is not None


def hear(talk: Talk, arrival: Arrival, message: int) -> None:
    """Take one more message of the citizen into a conversation that goes on."""
    talk.messages_in += 1
    talk.version += 1
    talk.last_message_id = max(talk.last_message_id, message)
    talk.is_public = talk.is_public and arrival.is_public  # what became private stays private
    talk.receipt = talk.receipt or arrival.receipt
    if arrival.is_history:
        _remember(talk, arrival, message)
        return
    only_automatic_so_far = talk.state == "new" and not talk.is_open
    if arrival.is_automatic and not only_automatic_so_far:
        return
    if only_automatic_so_far and not arrival.is_automatic:
        _start_over(talk, arrival, message)
        return
    _see(talk, arrival, message)
    if not arrival.is_automatic:
        _weigh(talk, arrival)
        _step(talk, arrival)


def _remember(talk: Talk, arrival: Arrival, message: int) -> None:
    """What was handled elsewhere is seen and weighed, and moves nothing.

    So it makes no complaint of what a person set aside: that would have to be opened again.
    """
    _see(talk, arrival, message)
    if talk.state != "no_action" or arrival.intent not in rules.NEVER_SET_ASIDE:
        _weigh(talk, arrival)
    if talk.state == "confirmed" and talk.resolved_at is not None:
        talk.resolved_at = max(talk.resolved_at, spoken_at(arrival))


def _start_over(talk: Talk, arrival: Arrival, message: int) -> None:
    """A person speaks at last in what was only machines' talk: it begins here."""
    fresh = begin(
        arrival,
        number=talk.id,
        citizen_id=talk.citizen_id,
        thread_key=talk.thread_key,
        message=message,
    )
    for name in (
        "is_open", "intent", "priority", "language", "sentiment", "sensitivity", "preview",
        "opened_at", "last_at", "last_in_id", "due_at", "clock",
    ):  # fmt: skip
        setattr(talk, name, getattr(fresh, name))
    talk.subject = fresh.subject or talk.subject


def _see(talk: Talk, arrival: Arrival, message: int) -> None:
    """What the screen shows is said by the newest message; what began it, by the oldest."""
    at = spoken_at(arrival)
    talk.last_in_id = max(talk.last_in_id, message)
    is_sealed = talk.state == "sealed"  # of what was sealed no word is shown again
    if (at < talk.opened_at or not talk.subject) and arrival.subject and not is_sealed:
        talk.subject = arrival.subject[:300]
    talk.opened_at = min(talk.opened_at, at)
    if at >= talk.last_at:
        talk.last_at = at
        talk.language = arrival.language[:8]
        talk.sentiment = arrival.sentiment
        if not is_sealed:
            talk.preview = arrival.preview[:200]


def _weigh(talk: Talk, arrival: Arrival) -> None:
    if arrival.priority > talk.priority:
        talk.priority = arrival.priority
    if GRAVITY.get(arrival.intent, 0) > GRAVITY.get(talk.intent, 0):
        talk.intent = arrival.intent
    if arrival.sensitivity:
        talk.sensitivity = _codes(talk.sensitivity, arrival.sensitivity)
    if (
        arrival.due_at is not None
        and talk.first_answered_at is None
        and (talk.due_at is None or (arrival.due_at, arrival.clock) < (talk.due_at, talk.clock))
    ):
        talk.due_at, talk.clock = arrival.due_at, arrival.clock


def _step(talk: Talk, arrival: Arrival) -> None:
    state = _next_state(talk, arrival)
    if state is None:
        raise ValueError(f"conversation {talk.id} is over; the message begins the next one")
    if state != talk.state:
        if talk.state in REOPENED_FROM:
            talk.reopened += 1
            talk.reopened_soon += rules.is_soon(talk.resolved_at, spoken_at(arrival))
            talk.resolved_at = None
        talk.state = state
    talk.is_open = state in rules.WE_OWE


def _next_state(talk: Talk, arrival: Arrival) -> str | None:
    return rules.after_citizen(talk.state, resolved_at=talk.resolved_at, at=spoken_at(arrival))


def _codes(known: str, more: tuple[str, ...]) -> str:
    codes = sorted({*filter(None, known.split(",")), *more})
    while len(",".join(codes)) > CODES_ROOM:
        codes.pop()
    return ",".join(codes)
