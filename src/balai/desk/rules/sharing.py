"""Who gets which work: the least loaded who is on duty, may do it, and has room left."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

DEFAULT_CAPACITY = 15  # our own choice [D]: what one person can follow at once


@dataclass(frozen=True)
class Hand:
    """Somebody who can take work now. Without `everywhere` only what `units` have."""

    member_id: int
    capacity: int
    load: int
    everywhere: bool = True
    units: frozenset[int] = frozenset()

    def has_room(self) -> bool:
        return self.load < self.capacity

    def may_take(self, unit_id: int | None) -> bool:
        return self.everywhere or (unit_id is not None and unit_id in self.units)


@dataclass(frozen=True)
class Piece:
    """A conversation that waits for somebody; the most pressing come first."""

    conversation_id: int
    unit_id: int | None = None


def share(pieces: Iterable[Piece], hands: Iterable[Hand]) -> list[tuple[int, int]]:
    """Pairs of conversation and member, in the order of the pieces; who is full gets nothing.

    Each piece goes to whoever is least loaded relative to their capacity, counting what they got
    just now; of two alike to the one with the lower id, so that the same desk is always shared in
    the same way. What nobody may or can take is left out.
    """
    free = {hand.member_id: hand for hand in hands}
    given = []
    for piece in pieces:
        able = [h for h in free.values() if h.has_room() and h.may_take(piece.unit_id)]
        if not able:
            continue
        chosen = min(able, key=lambda h: (Fraction(h.load, h.capacity), h.member_id))
        free[chosen.member_id] = replace(chosen, load=chosen.load + 1)
        given.append((piece.conversation_id, chosen.member_id))
    return given


def stand_in(member_id: int, deputies: Mapping[int, int | None]) -> int | None:
    """Who does the work of a member: the member, or the deputy, whose deputy may act in turn.

    `deputies` names everybody who is away. None where nobody is left, or a circle of deputies.
    """
    here: int | None = member_id
    seen: set[int] = set()
    while here is not None and here in deputies:
        if here in seen:
            return None
        seen.add(here)
        here = deputies[here]
    return here


def takers(on_duty: Iterable[int], deputies: Mapping[int, int | None]) -> Sequence[int]:
    """Who takes new work of a shift, each once, rising: those on duty, or who stands in."""
    found = {stand_in(member_id, deputies) for member_id in on_duty}
    return sorted(one for one in found if one is not None)
