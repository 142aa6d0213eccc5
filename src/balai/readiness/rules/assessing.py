"""The life of an assessment, domain 5.4(9), and which evidence the auditor looks at."""

import hashlib
from collections.abc import Iterable
from fractions import Fraction
from math import ceil

MOVES: dict[str, frozenset[str]] = {
    "planned": frozenset({"collecting"}),
    "collecting": frozenset({"self_assessed"}),
    "self_assessed": frozenset({"returned", "attested"}),
    "returned": frozenset({"self_assessed"}),
    "attested": frozenset({"discussed"}),
    "discussed": frozenset({"signed"}),
    "signed": frozenset({"published"}),
    "published": frozenset({"superseded"}),
    "superseded": frozenset(),
}
OPEN_TO_ASSESSORS = frozenset({"collecting", "returned"})


class NotNow(Exception):
    """An assessment cannot take this step from where it stands."""

    def __init__(self, state: str, wanted: str) -> None:
        super().__init__(f"{state} -> {wanted}")
        self.state, self.wanted = state, wanted


def check_move(state: str, wanted: str) -> None:
    """Raises NotNow for a step that the life of an assessment does not have."""
    if wanted not in MOVES.get(state, frozenset()):
        raise NotNow(state, wanted)


def sample_size(n: int, share: Fraction) -> int:
    """How many of `n` the auditor looks at: the share, rounded up; at least one of any."""
    return ceil(n * share)


def sampled(ids: Iterable[int], share: Fraction, seed: str) -> list[int]:
    """The ids to look at. Nobody chooses: the hash of the frozen figures does, every time alike."""
    known = sorted(set(ids))
    ordered = sorted(known, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).hexdigest())
    return sorted(ordered[: sample_size(len(known), share)])
