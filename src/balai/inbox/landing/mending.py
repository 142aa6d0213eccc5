"""Text that no database takes (NUL, halves of characters) is mended, not refused: it is evidence.

NUL is looked for; the rest is mended when the database has refused it, which costs nothing before.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec

from balai.inbox.landing.port import Arrival

LONGEST_NAME = 500  # characters of remote_id and thread_key


def fitting(batch: Sequence[Arrival]) -> list[Arrival]:
    """The batch with names that fit their columns and without NUL in texts."""
    return [_cut(_mended(a) if _has_nul(a) else a) for a in batch]


def mended(batch: Sequence[Arrival]) -> list[Arrival]:
    """The batch with everything mended: for one that a database has refused."""
    return [_cut(_mended(arrival)) for arrival in batch]


def mend(text: str) -> str:
    """The text without NUL and without halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def short(name: str) -> str:
    """A name that fits its column; longer ones end in their hash, so that they stay unique."""
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 65]}#{sha256(name.encode(errors='replace')).hexdigest()}"


def _has_nul(a: Arrival) -> bool:
    return (
        "\x00" in a.text
        or "\x00" in a.remote_id
        or "\x00" in a.thread_key
        or "\x00" in a.subject
        or "\x00" in a.preview
    )


def _mended(arrival: Arrival) -> Arrival:
    return msgspec.structs.replace(
        arrival,
        **{
            name: _mended_json(value) if name in ("reading", "extra") else _deep(value)
            for name, value in zip(
                Arrival.__struct_fields__, msgspec.structs.astuple(arrival), strict=True
            )
        },
    )


def _mended_json(value: str | Mapping[str, Any] | None) -> Any:
    return _deep(json.loads(mend(value)) if isinstance(value, str) else value)


def _deep(value: Any) -> Any:
    if isinstance(value, str):
        return mend(value)
    if isinstance(value, Mapping):
        return {mend(str(key)): _deep(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(_deep(inner) for inner in value)
    if isinstance(value, list):
        return [_deep(inner) for inner in value]
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(
            value,
            **{
                name: _deep(inner)
                for name, inner in zip(
                    value.__struct_fields__, msgspec.structs.astuple(value), strict=True
                )
            },
        )
    return value


def _cut(arrival: Arrival) -> Arrival:
    long = len(arrival.remote_id) > LONGEST_NAME or len(arrival.thread_key) > LONGEST_NAME
    if long or (arrival.answers and max(map(len, arrival.answers)) > LONGEST_NAME):
        return msgspec.structs.replace(
            arrival,
            remote_id=short(arrival.remote_id),
            thread_key=short(arrival.thread_key),
            answers=tuple(short(name) for name in arrival.answers),
        )
    return arrival
