"""The life of a case, as arithmetic on states (domain 5.4(3)). No database, no Django."""

from collections.abc import Mapping

# From each state, where a case may be taken. `withdrawn` is ours [D]: the citizen takes it back.
MOVES: Mapping[str, frozenset[str]] = {
    "received": frozenset({"needs_clarification", "verified", "rejected", "duplicate"}),
    "needs_clarification": frozenset({"received"}),
    "verified": frozenset({"dispatched", "duplicate"}),
    "dispatched": frozenset({"returned", "in_progress"}),
    "returned": frozenset({"verified"}),
    "in_progress": frozenset({"planned", "action_scheduled", "referred_external", "answered"}),
    "planned": frozenset({"in_progress"}),
    "action_scheduled": frozenset({"in_progress"}),
    "referred_external": frozenset({"in_progress", "answered"}),
    "answered": frozenset({"resolved"}),
    "resolved": frozenset({"confirmed", "disputed", "closed"}),
    "disputed": frozenset({"in_progress"}),
    "confirmed": frozenset({"closed"}),
    "rejected": frozenset(),
    "duplicate": frozenset(),
    "closed": frozenset(),
    "withdrawn": frozenset(),
}
ENDED = frozenset({"rejected", "duplicate", "closed", "withdrawn"})
WITH_CITIZEN = frozenset({"resolved", "confirmed"})  # we did our part; the citizen judges
OPEN = frozenset(MOVES) - ENDED - WITH_CITIZEN  # we owe the next step
WORKED_ON = frozenset({"in_progress", "planned", "action_scheduled", "referred_external"})
WITHDRAWABLE = OPEN | {"resolved"}

MOST_RETURNS = 2  # domain 5.4(3): then the head of the secretariat decides
RETURN_WITHIN = 1  # working days, domain 5.4(3)
MOST_DISPUTES = 2  # domain 5.4(3): another officer once, then the superior

# Domain 5.4(3) and FixMyStreet's honest closures: what "resolved" means.
RESULTS = ("fixed", "explained", "cannot_law", "cannot_budget", "not_responsible")


class NotAllowedNow(Exception):
    """The case's state does not allow this step."""

    def __init__(self, state: str, wanted: str) -> None:
        super().__init__(f"a case that is {state} cannot become {wanted}")
        self.state, self.wanted = state, wanted


def check_move(state: str, wanted: str) -> None:
    """Raise NotAllowedNow unless a case may go from `state` to `wanted`."""
    if wanted == "withdrawn":
        if state not in WITHDRAWABLE:
            raise NotAllowedNow(state, wanted)
    elif wanted not in MOVES[state]:
        raise NotAllowedNow(state, wanted)


def is_open(state: str) -> bool:
    """Whether the next step is ours."""
    return state in OPEN


def who_dispatches(returns: int) -> str:
    """The action by which a case is sent to a unit: after two returns a superior decides."""
    return "case.decide" if returns >= MOST_RETURNS else "case.route"


def who_takes_up(disputes: int) -> str:
    """The action by which a disputed case is taken up: the first time by the coordinator with
    another officer, afterwards by the superior."""
    return "case.decide" if disputes >= MOST_DISPUTES else "case.route"


def may_dispute(state: str, disputes: int) -> bool:
    """Whether a citizen may still say that it is not solved: twice, the second time to the
    superior, whose word is our last one."""
    return state == "resolved" and disputes < MOST_DISPUTES
