"""Rule packs: law and promises as dated data, and the target that a clock has on a day.

A pack is a file in `governance/packs/`. Every figure carries its mark: V read in the official text,
V2 read in a copy of it, U unverified, D our own choice. The content's hash stands in the file, so
that a figure changed by accident is refused at loading.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from balai.governance.rules.envelope import Envelope, PackTrouble, opened

MARKS = ("V", "V2", "U", "D")


class Measure(StrEnum):
    """What a limit counts."""

    CLOCK_MINUTES = "clock_minutes"
    CLOCK_HOURS = "clock_hours"
    WORKING_MINUTES = "working_minutes"
    WORKING_DAYS = "working_days"


class NoTarget(LookupError):
    """No pack in force defines the clock on that day."""


class LooserThanPack(ValueError):
    """An institution may set itself a stricter target than the pack's, never a looser one."""

    def __init__(self, wanted: int, limit: int) -> None:
        super().__init__(f"{wanted} is looser than {limit}")
        self.wanted, self.limit = wanted, limit


@dataclass(frozen=True)
class Target:
    """How soon something is to be done: `limit` in `unit`, and on whose authority."""

    clock: str
    limit: int
    unit: Measure
    mark: str
    citation: str
    is_local: bool = False


@dataclass(frozen=True)
class Pack(Envelope):
    """One version of one instrument with the targets of its clocks."""

    targets: Mapping[str, Target]


def read_pack(content: Mapping[str, Any]) -> Pack:
    """Check a pack's content and give it a shape. Raises PackTrouble."""

    def shape(stated: dict[str, Any]) -> Pack:
        rows = content["targets"].items()
        return Pack(**stated, targets={clock: _target(clock, row) for clock, row in rows})

    return opened(content, shape)


def pack_on(packs: Iterable[Pack], instrument: str, on: date) -> Pack | None:
    """The pack of an instrument that holds on a day: of several, the one that began last."""
    candidates = [p for p in packs if p.instrument == instrument and p.is_in_force(on)]
    return max(candidates, key=lambda pack: (pack.effective_from, pack.version), default=None)


def target_on(packs: Iterable[Pack], clock: str, on: date) -> Target:
    """The target of a clock on a day. Raises NoTarget."""
    defining = [p for p in packs if clock in p.targets and p.is_in_force(on)]
    if not defining:
        raise NoTarget(f"{clock} on {on.isoformat()}")
    return max(defining, key=lambda pack: (pack.effective_from, pack.version)).targets[clock]


def stricter(target: Target, limit: int, decree: str) -> Target:
    """The target with an institution's own limit. Raises LooserThanPack."""
    if limit > target.limit:
        raise LooserThanPack(limit, target.limit)
    return Target(target.clock, limit, target.unit, target.mark, decree or target.citation, True)


def _target(clock: str, row: Mapping[str, Any]) -> Target:
    target = Target(clock, row["limit"], Measure(row["unit"]), row["mark"], row["citation"])
    if target.mark not in MARKS or target.limit < 1 or not target.citation:
        raise PackTrouble(f"{clock}: a figure needs a limit, a mark ({MARKS}) and a citation")
    return target
