"""The states of a variant and the steps between them (domain 5.4(1)); purposes (domain 3.6)."""

from collections.abc import Mapping


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Domain 5.4(1), row by row. "Any pre-publish -> cancelled", and any edit before the post is out
# leads back to draft, because the approval was of other bytes.
MOVES: Mapping[str, frozenset[str]] = {
    "draft": _set("in_review cancelled"),
    "in_review": _set("changes_requested approved draft cancelled"),
    "changes_requested": _set("in_review draft cancelled"),
    # An approval that lapsed while the post waited brings it back to the approvers.
    "approved": _set("scheduled publishing in_review draft held cancelled"),
    "scheduled": _set("publishing approved held in_review draft cancelled"),
    "held": _set("scheduled approved draft cancelled"),
    # A hold also stops what waits at the door and has not begun to leave [D].
    "publishing": _set("published failed held cancelled"),
    # The network's proof counts also when it comes after a refusal.
    "failed": _set("publishing scheduled published draft cancelled"),
    "published": _set("corrected withdrawn archived"),
    "corrected": _set("corrected withdrawn archived"),
    "withdrawn": frozenset(),
    "archived": frozenset(),
    "cancelled": _set("draft"),  # taken up again: it begins from nothing [D]
}
BEFORE_OUT = _set("draft in_review changes_requested approved scheduled held publishing failed")
OUT = _set("published corrected archived")
_EDITABLE = _set("draft in_review changes_requested approved scheduled held failed")

# Domain 3.6: twelve purposes in three families.
PURPOSES: Mapping[str, tuple[str, ...]] = {
    "information": (
        "service_information",
        "policy_explanation",
        "data_story",
        "safety_warning",
        "correction_debunk",
    ),
    "two_way": ("input_seeking", "dialogue_reply", "report_back", "volunteer_call"),
    "symbolic": ("ceremonial", "self_promotion", "seasonal_greeting"),
}
SYMBOLIC = frozenset(PURPOSES["symbolic"])
# What a hold lets through: warnings, and words that put a rumour or a mistake right [D].
ROUTINE = frozenset(code for family in PURPOSES.values() for code in family) - _set(
    "safety_warning correction_debunk"
)
# R1: without an objective only ceremonial posts and emergencies; what corrects does not wait [D].
WITHOUT_OBJECTIVE = _set("ceremonial seasonal_greeting safety_warning correction_debunk")


class NotAllowedNow(ValueError):
    """The state does not allow this step."""


def may_move(before: str, after: str) -> bool:
    """Whether the step exists."""
    return after in MOVES.get(before, frozenset())


def after_move(before: str, after: str) -> str:
    """The state after the step. Raises NotAllowedNow."""
    if not may_move(before, after):
        raise NotAllowedNow(f"{before} -> {after}")
    return after


def may_be_edited(state: str) -> bool:
    """Whether the words may still be changed; later they can only be corrected."""
    return state in _EDITABLE


def after_hold(state: str, purpose: str) -> str:
    """What a hold makes of a variant: what is routine and would leave by itself is held."""
    leaves = state in ("scheduled", "publishing")
    return "held" if leaves and purpose in ROUTINE else state
