"""The measures of domain 4.8 as functions over counts and times. No database, no Django.

Times are whole working minutes. Few of them are told exactly; of many a histogram is kept, eight
buckets to each e-fold, which can be added, merged and taken apart again.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

FORMULA = 1  # rises when a measure below is computed otherwise; rollups say by which they were
BUCKETS_AN_E_FOLD = 8
ENOUGH = 5  # fewer cases say nothing of the next one (issue 7: `insufficient_data`)
LONGEST_TIME = 10_000_000  # minutes, nineteen years: what took longer counts as this long
P90 = 0.9


def _lowest() -> list[int]:
    """The lowest whole minute of each bucket that holds any, rising."""
    edges, steps = [0], int(math.log(LONGEST_TIME) * BUCKETS_AN_E_FOLD) + 1
    for step in range(steps):
        edge = math.ceil(math.exp(step / BUCKETS_AN_E_FOLD))
        if edge > edges[-1]:
            edges.append(edge)
    return edges


_LOWEST = _lowest()
# The widest bucket relative to its middle: what a quantile from a histogram may be wrong by.
WORST_ERROR = math.exp(0.5 / BUCKETS_AN_E_FOLD) - 1


def bucket_of(minutes: int) -> int:
    """The bucket of a time. Short times (up to eight minutes) have one to themselves."""
    return bisect_right(_LOWEST, min(max(minutes, 0), LONGEST_TIME)) - 1


def middle_of(bucket: int) -> float:
    """What a time in this bucket is taken to be: the geometric middle of its whole minutes."""
    low = _LOWEST[bucket]
    high = _LOWEST[bucket + 1] - 1 if bucket + 1 < len(_LOWEST) else LONGEST_TIME
    return float(low) if high <= low else math.sqrt(low * high)


@dataclass(frozen=True)
class Histogram:
    """How many times fell into each bucket. Adding is associative and commutative, and undone by
    subtracting; buckets that hold nothing are not kept."""

    counts: Mapping[int, int]

    @classmethod
    def of(cls, times: Iterable[int]) -> "Histogram":
        counts: dict[int, int] = {}
        for minutes in times:
            bucket = bucket_of(minutes)
            counts[bucket] = counts.get(bucket, 0) + 1
        return cls(counts)

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    def __add__(self, other: "Histogram") -> "Histogram":
        return self._with(other, +1)

    def __sub__(self, other: "Histogram") -> "Histogram":
        return self._with(other, -1)

    def _with(self, other: "Histogram", sign: int) -> "Histogram":
        counts = dict(self.counts)
        for bucket, n in other.counts.items():
            counts[bucket] = counts.get(bucket, 0) + sign * n
        return Histogram({bucket: n for bucket, n in sorted(counts.items()) if n})

    def at(self, rank: int) -> float:
        """The time at a rank (1 is the shortest): its bucket's middle. Raises LookupError."""
        seen = 0
        for bucket, n in sorted(self.counts.items()):
            seen += n
            if rank <= seen:
                return middle_of(bucket)
        raise LookupError(rank)


class Spread(NamedTuple):
    """Median and 90th percentile of `n` times, in working minutes.

    `is_exact` is False for those from a histogram, which lie within WORST_ERROR of the exact ones.
    """

    n: int
    median: float | None
    p90: float | None
    is_exact: bool = True

    @property
    def is_enough(self) -> bool:
        return self.n >= ENOUGH


def exact_spread(times: Iterable[int]) -> Spread:
    """Median (the mean of the middle two where n is even) and p90 (the nearest rank)."""
    ordered = sorted(times)
    if not ordered:
        return Spread(0, None, None)
    low, high = _middle_ranks(len(ordered))
    median = (ordered[low - 1] + ordered[high - 1]) / 2
    return Spread(len(ordered), median, float(ordered[_rank_of_p90(len(ordered)) - 1]))


def rough_spread(times: Histogram) -> Spread:
    """The same from a histogram: within WORST_ERROR of the exact figures."""
    n = times.n
    if n <= 0:
        return Spread(0, None, None, is_exact=False)
    low, high = _middle_ranks(n)
    median = (times.at(low) + times.at(high)) / 2
    return Spread(n, median, times.at(_rank_of_p90(n)), is_exact=False)


def _middle_ranks(n: int) -> tuple[int, int]:
    return (n + 1) // 2, n // 2 + 1


def _rank_of_p90(n: int) -> int:
    return max(1, math.ceil(round(P90 * n, 9)))


class Share(NamedTuple):
    """A numerator over a denominator, both countable things. No case at all: no share."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        return 100 * self.part / self.whole if self.whole else None

    @property
    def is_enough(self) -> bool:
        return self.whole >= ENOUGH


@dataclass(frozen=True)
class Counts:
    """What conversations add up to. Every figure can be added, and subtracted again.

    `taken_in`: conversations in which a person wrote. `answered`: those whose first substantive
    human answer is out with proof; `timed` of them had a deadline and `met` kept it. `ended`:
    resolved or confirmed after an answer; `at_once` of them with one answer and not reopened within
    seven days. `ever_ended` also counts those that were reopened, `reopened` only these. `waiting`:
    the next word is ours.
    """

    taken_in: int = 0
    answered: int = 0
    timed: int = 0
    met: int = 0
    ended: int = 0
    at_once: int = 0
    ever_ended: int = 0
    reopened: int = 0
    waiting: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*map(sum, zip(self.values(), other.values(), strict=True)))

    def __neg__(self) -> "Counts":
        return Counts(*(-value for value in self.values()))

    def __bool__(self) -> bool:
        return any(self.values())

    def values(self) -> Sequence[int]:
        return [getattr(self, name) for name in COUNTED]

    def mask(self) -> int:
        """The counts of one conversation, each 0 or 1, as one number."""
        return sum(1 << place for place, value in enumerate(self.values()) if value)

    @classmethod
    def of_mask(cls, mask: int) -> "Counts":
        return cls(*(mask >> place & 1 for place in range(len(COUNTED))))


COUNTED: tuple[str, ...] = tuple(Counts.__dataclass_fields__)


def attainment(counts: Counts, late: int) -> Share:
    """SLA attainment: met / (closed + open already past deadline), domain 4.8.

    `late`: unanswered ones past their deadline. Open ones within it are in neither part.
    """
    return Share(counts.met, counts.timed + late)


def solved_at_once(counts: Counts) -> Share:
    """First-contact resolution: ended by one answer, not reopened in 7 days / ended."""
    return Share(counts.at_once, counts.ended)


def reopen_rate(counts: Counts) -> Share:
    """Conversations that were reopened at least once / all that were ever ended."""
    return Share(counts.reopened, counts.ever_ended)


ENDED = frozenset({"resolved", "confirmed"})
CLOCK_STOPS = frozenset({"no_action", "sealed", "moderated"})  # nobody is owed an answer any more


class Matter(NamedTuple):
    """What the measures know of a conversation, as it stands in the inbox now."""

    id: int
    channel: str
    unit_id: int | None
    member_id: int | None
    intent: str
    state: str
    is_open: bool
    clock: str  # empty: handled elsewhere, or only machines wrote
    opened_at: datetime
    due_at: datetime | None
    first_answered_at: datetime | None
    minutes: int | None  # working minutes to the first answer
    reopened: int
    reopened_soon: int
    answers_out: int = 0  # answers that arrived; needed of ended ones only


class Part(NamedTuple):
    """What one conversation adds to the rollups, and to which of them.

    `runs_until` is the deadline of a clock that nothing has stopped; it may lie in the past.
    """

    on: date
    channel: str
    unit_id: int | None
    member_id: int | None
    intent: str
    counts: Counts
    minutes: int | None
    runs_until: datetime | None
    opened_at: datetime


def part_of(matter: Matter, zone: str) -> Part:
    """What a conversation adds, on the institution's local day on which the citizen spoke."""
    at, due_at = matter.first_answered_at, matter.due_at
    answered = at is not None
    is_talk = matter.is_open or matter.state != "new"  # else only machines have written
    timed = at is not None and due_at is not None
    met = at is not None and due_at is not None and at <= due_at
    ended = matter.state in ENDED and bool(matter.clock)
    at_once = ended and matter.answers_out == 1 and not matter.reopened_soon
    runs = is_talk and not answered and matter.state not in CLOCK_STOPS
    counts = Counts(
        taken_in=int(is_talk),
        answered=int(answered),
        timed=int(timed),
        met=int(met),
        ended=int(ended),
        at_once=int(at_once),
        ever_ended=int(ended or matter.reopened > 0),
        reopened=int(matter.reopened > 0),
        waiting=int(matter.is_open),
    )
    return Part(
        on=matter.opened_at.astimezone(ZoneInfo(zone)).date(),
        channel=matter.channel,
        unit_id=matter.unit_id,
        member_id=matter.member_id,
        intent=matter.intent,
        counts=counts,
        minutes=matter.minutes if answered else None,
        runs_until=due_at if runs else None,
        opened_at=matter.opened_at,
    )
