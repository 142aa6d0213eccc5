"""The chain of the audit log: how an entry is hashed, and where a chain is broken.

An entry's hash covers all its fields and the hash of the entry before it, so that whoever changes,
removes or moves a row has to rewrite every later row; a head kept by somebody else shows even that.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

FORM = 1  # rises when the canonical form below changes; old entries keep theirs


@dataclass(frozen=True)
class Link:
    """One audit entry in plain values."""

    institution_id: int
    number: int
    at: datetime
    actor: str
    acting_for: str
    did: str
    object_kind: str
    object_id: str
    reason: str
    facts: Mapping[str, Any]
    prev_hash: str
    hash: str = ""


class Fault(StrEnum):
    """How a chain is broken."""

    EDITED = "edited"  # the row's fields no longer give the row's hash
    REMOVED = "removed"  # the row with this number is missing
    REORDERED = "reordered"  # the row stands at a place where it was not written
    REPLACED = "replaced"  # the row is whole, but does not follow the row before it
    REWRITTEN = "rewritten"  # the chain is whole, but is not the one whose head was signed


@dataclass(frozen=True)
class Break:
    """The first broken row of a chain."""

    number: int
    fault: Fault


class NotPlain(TypeError):
    """A fact is no plain JSON value and could not be hashed the same way twice."""


def plain(value: Any) -> Any:
    """The value as JSON gives it back, the same from every database. Raises NotPlain.

    Fractions become text: databases do not agree on how 1e16 or -0.0 is written.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise NotPlain("the keys of a fact must be text")
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    raise NotPlain(f"{type(value).__name__} is no plain JSON value")


def hash_of(link: Link) -> str:
    """SHA-256 over the canonical JSON of every field, the previous hash among them; hex."""
    fields = {**asdict(replace(link, hash="")), "form": FORM}
    fields["at"] = link.at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(canonical(fields)).hexdigest()


def canonical(value: Any) -> bytes:
    """JSON that is the same for the same content: sorted keys, no spaces, UTF-8."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def first_break(
    links: Iterable[Link], *, end: tuple[int, str] | None, heads: Mapping[int, str]
) -> tuple[int, Break | None]:
    """How many entries were read, and the first broken one. `links` come in order of their numbers.

    `end` is number and hash of the last entry as the log's own head says; `heads` maps numbers to
    the hashes that somebody outside kept.
    """
    number, last = 0, ""
    rewritten: list[int] = []
    for link in links:
        fault = _fault(link, number + 1, last)
        if fault is not None:
            at = number + 1 if fault is Fault.REMOVED else link.number
            return number, Break(at, fault)
        number, last = link.number, link.hash
        if heads.get(number, last) != last:
            rewritten.append(number)
    if rewritten:
        return number, Break(min(rewritten), Fault.REWRITTEN)
    return number, _fault_of_end(number, last, end, heads)


def _fault(link: Link, expected: int, last: str) -> Fault | None:
    if link.number != expected:
        return Fault.REMOVED if link.number > expected else Fault.REORDERED
    is_whole = hash_of(link) == link.hash
    follows = link.prev_hash == last
    if is_whole:
        return None if follows else Fault.REPLACED
    return Fault.EDITED if follows else Fault.REORDERED


def _fault_of_end(
    number: int, last: str, end: tuple[int, str] | None, heads: Mapping[int, str]
) -> Break | None:
    farthest = max([*heads, end[0] if end else 0])
    if farthest > number:
        return Break(number + 1, Fault.REMOVED)
    if end is not None and end != (number, last):
        return Break(number, Fault.REPLACED)
    if end is None and number:
        return Break(number, Fault.REPLACED)
    return None


# A citizen's number (16 digits that begin with a region and carry a birth date) or mobile number.
_PERSONAL = re.compile(
    r"(?<!\d)\d{6}(?:[0-6]\d|7[01])(?:0[1-9]|1[0-2])\d{6}(?!\d)|(?<![\d+])(?:\+?62|0)8\d{7,11}(?!\d)"
)


def personal_values(text: str) -> Iterator[str]:
    """What in a reason is plainly a citizen's NIK or mobile number. Empty proves nothing."""
    return (found.group() for found in _PERSONAL.finditer(text))
