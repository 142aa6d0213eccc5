"""The life of an official account, as arithmetic on states (domain 5.4(13)). No database."""

from collections.abc import Mapping

MOVES: Mapping[str, frozenset[str]] = {
    "requested": frozenset({"approved"}),
    "approved": frozenset({"registered"}),
    "registered": frozenset({"verified", "compromised", "retired"}),
    "verified": frozenset({"active", "compromised", "retired"}),
    "active": frozenset({"dormant", "handover", "retired", "compromised"}),
    "dormant": frozenset({"active", "handover", "retired", "compromised"}),
    "handover": frozenset({"active", "retired", "compromised"}),
    "compromised": frozenset({"contained"}),
    "contained": frozenset({"restored", "retired"}),
    "restored": frozenset({"active", "compromised", "retired"}),
    "retired": frozenset(),  # terminal: the row stays as the handle's tombstone
}
SPEAKS = frozenset({"active"})  # states in which the account may speak for the institution
OURS = frozenset({"verified", "active", "dormant", "handover", "restored"})  # control was shown
NEEDS_IDENTITY = frozenset(MOVES) - {"requested", "approved", "registered"}


class NotAllowedNow(Exception):
    """The account's state does not allow this step."""

    def __init__(self, state: str, wanted: str) -> None:
        super().__init__(f"an account that is {state} cannot become {wanted}")
        self.state, self.wanted = state, wanted


def check_move(state: str, wanted: str, *, platform_user_id: str) -> None:
    """Raise NotAllowedNow unless an account may go from `state` to `wanted`.

    From verification on an account has the platform's immutable user id; a handle alone has
    been taken over by strangers before (domain 0.4).
    """
    if wanted not in MOVES[state]:
        raise NotAllowedNow(state, wanted)
    if wanted in NEEDS_IDENTITY and not platform_user_id:
        raise NotAllowedNow(f"{state} without the platform's user id", wanted)


def plain_handle(handle: str) -> str:
    """A handle as it is compared: without the leading sign, in small letters."""
    return handle.strip().lstrip("@").casefold()


def is_same_identity(known: str, seen: str) -> bool:
    """Whether the platform's user id is still the registered one; unknown proves nothing."""
    return not known or not seen or known == seen


# What becomes of a report that somebody speaks in our name (domain R35) [D].
REPORT_MOVES: Mapping[str, frozenset[str]] = {
    "reported": frozenset({"confirmed", "dismissed"}),
    "confirmed": frozenset({"referred", "gone", "dismissed"}),
    "referred": frozenset({"gone", "dismissed"}),
    "gone": frozenset({"confirmed"}),  # it came back
    "dismissed": frozenset({"confirmed"}),  # we were wrong
}
REPORT_OPEN = frozenset({"reported", "confirmed", "referred"})


def check_report_move(state: str, wanted: str) -> None:
    """Raise NotAllowedNow unless a report may go from `state` to `wanted`."""
    if wanted not in REPORT_MOVES[state]:
        raise NotAllowedNow(state, wanted)
