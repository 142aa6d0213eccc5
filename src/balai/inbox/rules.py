"""The life of a conversation, as arithmetic on states (domain 5.4(2)). No database, no Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

NEVER_SET_ASIDE = ("complaint", "report_emergency")  # domain 5.4(2): no_action never for complaint
REOPEN_WITHIN = timedelta(days=30)  # domain 5.4(2): citizen <= 30 days
SILENT_CONFIRM_AFTER = timedelta(days=7)  # domain 5.4(2): silent 7 days after contact
REOPENED_SOON = timedelta(days=7)  # domain 4.8: who comes back sooner was not helped at once
UNDO_WINDOW = timedelta(seconds=20)

# From each state, where an officer may take it. What the citizen's words do: `after_citizen`.
MOVES: Mapping[str, frozenset[str]] = {
    "new": frozenset({"triaged", "answered", "moderated"}),
    "triaged": frozenset(
        {"triaged", "answered", "linked_to_case", "no_action", "sealed", "moderated"}
    ),
    "answered": frozenset({"answered", "waiting_citizen", "resolved", "moderated"}),
    "waiting_citizen": frozenset({"answered", "resolved", "moderated"}),
    "linked_to_case": frozenset({"answered", "resolved", "moderated"}),
    "no_action": frozenset({"triaged", "moderated"}),
    "sealed": frozenset(),
    "resolved": frozenset({"confirmed", "triaged", "moderated"}),
    "confirmed": frozenset({"triaged", "moderated"}),
    "moderated": frozenset({"triaged"}),
}
WE_OWE = frozenset({"new", "triaged"})  # states in which the next word is ours
DONE = frozenset({"no_action", "resolved", "confirmed", "sealed", "moderated"})


# Domain 7, demand 18: humour helps where nobody is hurt, and is locked where somebody complains.
SOBER_INTENTS = (*NEVER_SET_ASIDE, "whistleblow")
AUTOMATIC = "automatic"  # the counter of what only machines have written: nobody owes an answer

# Our own choice [D] until an institution publishes rules of its own: what was said must be named by
# one of these, and criticism is none of them (domain 7.10). Names stand in `wording`.
MODERATION_RULES = ("M1", "M2", "M3", "M4", "M5", "M6")


def wants_sobriety(intent: str, priority: int, sensitivity: str) -> bool:
    """Whether an answer here must not make fun: a complaint, a danger, a sensitive matter."""
    return intent in SOBER_INTENTS or priority == 2 or bool(sensitivity)


class NotAllowedNow(Exception):
    """The conversation's state does not allow this step."""

    def __init__(self, state: str, wanted: str) -> None:
        super().__init__(f"a conversation that is {state} cannot become {wanted}")
        self.state, self.wanted = state, wanted


def counted_as(state: str, *, is_open: bool) -> str:
    """Under which name a conversation is counted: its state, but for machines' talk (AUTOMATIC)."""
    return AUTOMATIC if state == "new" and not is_open else state


def check_move(state: str, wanted: str, *, intent: str = "") -> None:
    """Raise NotAllowedNow unless an officer may take a conversation from `state` to `wanted`."""
    if wanted not in MOVES[state]:
        raise NotAllowedNow(state, wanted)
    if wanted == "no_action" and intent in NEVER_SET_ASIDE:
        raise NotAllowedNow(f"{state} ({intent})", wanted)


def after_citizen(state: str, *, resolved_at: datetime | None, at: datetime) -> str | None:
    """The state after a new message of the citizen; None when a new conversation begins.

    A resolved matter is taken up again within 30 days (domain 5.4(2)); sealed and moderated ones
    stay where they are, and what the citizen adds is kept there.
    """
    if state in ("new", "sealed", "moderated", "linked_to_case"):
        return state
    if state in ("resolved", "confirmed"):
        fresh = resolved_at is None or at - resolved_at <= REOPEN_WITHIN
        return "triaged" if fresh else None
    return "triaged"


def is_soon(resolved_at: datetime | None, at: datetime) -> bool:
    """Whether what was resolved is taken up again so soon that it was not resolved at once."""
    return resolved_at is not None and at - resolved_at <= REOPENED_SOON


ENDS_SOON = timedelta(hours=3)  # our own choice [D]: enough to write an answer and have it seen


def reply_state(*, may: bool, until: datetime | None, at: datetime) -> str:
    """Whether the network takes an answer at a moment: open, ending (in ENDS_SOON), over, never."""
    if not may:
        return "never"
    if until is None:
        return "open"
    if until <= at:
        return "over"
    return "ending" if until - at <= ENDS_SOON else "open"


def pressing_at(
    due_at: datetime | None, reply_until: datetime | None, *, is_answered: bool
) -> datetime | None:
    """What comes first: the end of the response clock that still runs, or of our right to reply."""
    running = None if is_answered else due_at
    return min(filter(None, (running, reply_until)), default=None)


@dataclass(frozen=True)
class Policy:
    """When a second person reads an answer first; what is empty fits everything."""

    id: int
    intent: str = ""
    label_id: int | None = None
    connection_id: int | None = None
    sensitivity: str = ""  # a code, or ANY_SENSITIVITY
    unit_ids: frozenset[int] | None = None  # the unit and those below it
    author_role: str = ""


@dataclass(frozen=True)
class Occasion:
    """What an answer is about and who wrote it."""

    intent: str
    label_ids: frozenset[int]
    connection_id: int
    sensitivity: frozenset[str]
    unit_id: int | None
    author_roles: frozenset[str]


ANY_SENSITIVITY = "any"


def policy_that_holds(policies: Sequence[Policy], on: Occasion) -> int | None:
    """The id of the first policy that asks for a second person; None when nobody need read it."""
    return next((one.id for one in policies if _fits(one, on)), None)


def _fits(one: Policy, on: Occasion) -> bool:
    return (
        one.intent in ("", on.intent)
        and (one.label_id is None or one.label_id in on.label_ids)
        and one.connection_id in (None, on.connection_id)
        and (
            not one.sensitivity
            or one.sensitivity in on.sensitivity
            or (one.sensitivity == ANY_SENSITIVITY and bool(on.sensitivity))
        )
        and (one.unit_ids is None or on.unit_id in one.unit_ids)
        and (not one.author_role or one.author_role in on.author_roles)
    )


def named_in(text: str, names: Mapping[int, str]) -> frozenset[int]:
    """Whom a text names as "@Siti Rahma": the longest name that stands there, in any case."""
    folded = text.casefold()
    longest_first = sorted(names.items(), key=lambda pair: -len(pair[1]))
    found: set[int] = set()
    at = folded.find("@")
    while at >= 0:
        after = folded[at + 1 :]
        for pk, name in longest_first:
            word = name.casefold()
            if word and after.startswith(word) and not after[len(word) : len(word) + 1].isalnum():
                found.add(pk)
                break
        at = folded.find("@", at + 1)
    return frozenset(found)


def clock_for(intent: str, priority: int) -> str:
    """Which clock of the response-target pack runs for the first response (domain 4.6)."""
    if priority == 2:
        return "emergency_acknowledgement"
    if intent == "complaint":
        return "complaint_first_response"
    return "question_first_response"


def groups_of(sizes: Sequence[tuple[int, int]], room: int) -> list[list[int]]:
    """Ids with their sizes, parted in order so that a group is no larger than `room`, if it can."""
    groups: list[list[int]] = []
    left = 0
    for number, size in sizes:
        if not groups or size > left:
            groups.append([])
            left = room
        groups[-1].append(number)
        left -= size
    return groups
