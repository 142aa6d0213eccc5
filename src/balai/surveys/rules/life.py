"""The life of a survey: domain 5.4(7)."""

from collections.abc import Mapping

MOVES: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"method_reviewed"}),
    "method_reviewed": frozenset({"privacy_reviewed", "draft"}),
    "privacy_reviewed": frozenset({"open", "draft"}),
    "open": frozenset({"closed"}),
    "closed": frozenset({"computed"}),
    "computed": frozenset({"validated", "invalidated"}),
    "validated": frozenset({"published", "invalidated"}),
    "published": frozenset({"follow_up_planned"}),
    "follow_up_planned": frozenset({"follow_up_done"}),
    "follow_up_done": frozenset(),
    "invalidated": frozenset(),
}


class NotAllowedNow(Exception):
    """The survey's state does not allow this step."""

    def __init__(self, state: str, wanted: str) -> None:
        super().__init__(f"a survey that is {state} cannot become {wanted}")
        self.state, self.wanted = state, wanted


def check_move(state: str, wanted: str) -> None:
    """Raise NotAllowedNow unless a survey may go from `state` to `wanted`."""
    if wanted not in MOVES[state]:
        raise NotAllowedNow(state, wanted)
