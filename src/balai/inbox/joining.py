"""Which channel identities are one person, as arithmetic on sets. Pure.

An institution's citizens are parted into groups; whoever nobody joined with another is a group of
one. Joining and parting undo each other, and a group is called by its oldest identity: so what was
joined by mistake is afterwards as if it had never been.
"""

from collections.abc import Iterable

Group = frozenset[int]
Groups = frozenset[Group]


class CannotJoin(ValueError):
    """The two are one already, or one of them does not exist."""


class CannotPart(ValueError):
    """Parting takes some identities of one group out, and leaves at least one behind."""


def alone(citizens: Iterable[int]) -> Groups:
    """Everybody for themselves."""
    return frozenset(frozenset({one}) for one in citizens)


def group_of(groups: Groups, citizen: int) -> Group:
    """The group in which a citizen is; of one when the citizen is in none."""
    return next((group for group in groups if citizen in group), frozenset({citizen}))


def joined(groups: Groups, one: int, other: int) -> Groups:
    """The groups after `one` and `other` were said to be the same person. Raises CannotJoin."""
    left, right = group_of(groups, one), group_of(groups, other)
    if left == right:
        raise CannotJoin(f"{one} and {other} are one already")
    return (groups - {left, right}) | {left | right}


def parted(groups: Groups, out: Group) -> Groups:
    """The groups after `out` was said to be somebody else. Raises CannotPart."""
    whole = group_of(groups, min(out)) if out else frozenset()
    if not out or not out < whole:
        raise CannotPart(f"{sorted(out)} is no part of {sorted(whole)}")
    return (groups - {whole}) | {out, whole - out}


def called_by(group: Group) -> int:
    """By whose pseudonym a group is called: its oldest identity's."""
    return min(group)
