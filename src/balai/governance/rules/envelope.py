"""What every pack of law and every instrument states: since when, by whose word, which hash."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from balai.governance.rules.chain import canonical

T = TypeVar("T")


class PackTrouble(ValueError):
    """A pack's file cannot be trusted: something is missing, misspelt, or was changed."""


@dataclass(frozen=True)
class Envelope:
    """One version of one instrument, in force from `effective_from` until `effective_to`."""

    instrument: str
    version: str
    title: str
    effective_from: date
    effective_to: date | None
    citation: str
    verified_by: str
    verified_at: date | None
    content_hash: str

    def is_in_force(self, on: date) -> bool:
        """Whether it holds on that day, first and last day included."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


def opened(content: Mapping[str, Any], shape: Callable[[dict[str, Any]], T]) -> T:
    """Check a file's hash and give what it states, by field of Envelope, to `shape`.

    Raises PackTrouble, also for what `shape` misses.
    """
    name = f"{content.get('instrument', '?')} {content.get('version', '?')}"
    try:
        stated, found = content["content_hash"], content_hash(content)
        if stated != found:
            raise PackTrouble(f"{name}: the content gives {found}, the file states {stated}")
        required = ("instrument", "version", "title", "effective_from", "citation", "verified_by")
        optional = ("effective_to", "verified_at")
        return shape(
            {field: content[field] for field in (*required, "content_hash")}
            | {field: content.get(field) for field in optional}
        )
    except (KeyError, TypeError, AttributeError) as missing:
        raise PackTrouble(f"{name}: {missing!r} is missing or of another kind") from missing


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of everything in the file except the hash itself; dates as ISO text; hex."""
    return hashlib.sha256(
        canonical(_plain({key: v for key, v in content.items() if key != "content_hash"}))
    ).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
