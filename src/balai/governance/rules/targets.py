"""Rule packs: law and promises as dated data, and the target that a clock has on a day.

A pack is a file in `governance/packs/`. Every figure carries its mark: V read in the official text,
V2 read in a copy of it, U unverified, D our own choice. The content's hash stands in the file, so
that a figure changed by accident is refused at loading.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from balai.governance.rules.chain import canonical

MARKS = ("V", "V2", "U", "D")


class Measure(StrEnum):
    """What a limit counts."""

    CLOCK_MINUTES = "clock_minutes"
    CLOCK_HOURS = "clock_hours"
    WORKING_MINUTES = "working_minutes"
    WORKING_DAYS = "working_days"


class PackTrouble(ValueError):
    """A pack's file cannot be trusted: something is missing, misspelt, or was changed."""


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
class Pack:
    """One version of one instrument, in force from `effective_from` until `effective_to`."""

    instrument: str
    version: str
    title: str
    effective_from: date
    effective_to: date | None
    citation: str
    verified_by: str
    verified_at: date | None
    targets: Mapping[str, Target]
    content_hash: str

    def is_in_force(self, on: date) -> bool:
        """Whether the pack holds on that day, first and last day included."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


def read_pack(content: Mapping[str, Any]) -> Pack:
    """Check a pack's content and give it a shape. Raises PackTrouble."""
    name = f"{content.get('instrument', '?')} {content.get('version', '?')}"
    try:
        stated = content["content_hash"]
        found = content_hash(content)
        if stated != found:
            raise PackTrouble(f"{name}: the content gives {found}, the file states {stated}")
        return Pack(
            instrument=content["instrument"],
            version=content["version"],
            title=content["title"],
            effective_from=content["effective_from"],
            effective_to=content.get("effective_to"),
            citation=content["citation"],
            verified_by=content["verified_by"],
            verified_at=content.get("verified_at"),
            targets={clock: _target(clock, row) for clock, row in content["targets"].items()},
            content_hash=stated,
        )
    except (KeyError, TypeError, AttributeError) as missing:
        raise PackTrouble(f"{name}: {missing!r} is missing or of another kind") from missing


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of everything in the pack except the hash itself; dates as ISO text; hex."""
    return hashlib.sha256(
        canonical(_plain({key: v for key, v in content.items() if key != "content_hash"}))
    ).hexdigest()


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


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
