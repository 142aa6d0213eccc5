"""Text that no database takes (NUL, halves of characters) is mended, not refused: it is evidence.

The look costs one encoding of the batch; only a batch that needs it is mended.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec

from balai.inbox.landing.port import Arrival

LONGEST_NAME = 500  # characters of remote_id and thread_key
_encode = msgspec.json.Encoder().encode


def fitting(batch: Sequence[Arrival]) -> Sequence[Arrival]:
    """The batch with every text such as the tables take it; the same in, the same out."""
    if not _is_plain(batch):
        batch = [_mended(arrival) for arrival in batch]
    return [_cut(arrival) for arrival in batch]


def mend(text: str) -> str:
    """The text without NUL and without halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def short(name: str) -> str:
    """A name that fits its column; longer ones end in their hash, so that they stay unique."""
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 65]}#{sha256(name.encode(errors='replace')).hexdigest()}"


def _is_plain(batch: Sequence[Arrival]) -> bool:
    try:
        seen = _encode(batch)
    except UnicodeEncodeError:
        return False
    return b"\\u0000" not in seen and b"\\ud" not in seen and b"\\uD" not in seen


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
