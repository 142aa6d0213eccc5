"""An index in a folder: `claims.json` says what is in it, `claims.npz` holds it. No pickles.

What can be computed is not kept: words are numbered and segments made when the folder is opened.
"""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from zipfile import BadZipFile

import msgspec
import numpy as np

from balai.understanding.claims.index import Claims
from balai.understanding.claims.ranker import Ranker
from balai.understanding.claims.shelf import Contents

FORMAT = 1
_CARD, _ARRAYS = "claims.json", "claims.npz"


class BrokenIndexError(ValueError):
    """The folder holds no index of this version, or not what its card says."""


class IndexCard(msgspec.Struct, frozen=True):
    """What a kept index is."""

    format: int
    claims: int
    source_sha256: str  # of what the caller made it from, "" if unsaid
    arrays_sha256: str


def save(index: Claims, folder: Path, source_sha256: str = "") -> IndexCard:
    """Write the index into `folder`, whole or not at all."""
    contents = index.contents()
    folder.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    np.savez(
        written,
        written=contents.written, ends=contents.ends,
        vocabulary=np.frombuffer("\n".join(contents.vocabulary).encode(), np.uint8),
        words=contents.words, starts=contents.starts,
        signatures=contents.signatures,
    )  # fmt: skip
    raw = written.getbuffer()
    card = IndexCard(
        FORMAT, len(contents.signatures), source_sha256, hashlib.sha256(raw).hexdigest()
    )
    # The card goes last: arrays that it does not speak of are not opened.
    _put(folder / _ARRAYS, raw)
    _put(folder / _CARD, msgspec.json.encode(card))
    return card


def card_of(folder: Path) -> IndexCard | None:
    """The card of a kept index, or None where there is none; raises BrokenIndexError."""
    try:
        return msgspec.json.decode((folder / _CARD).read_bytes(), type=IndexCard)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as wrong:
        raise BrokenIndexError(f"{folder / _CARD} cannot be read: {wrong}") from wrong


def load(folder: Path, ranker: Ranker | None = None) -> Claims:
    """The index kept in `folder`; raises BrokenIndexError."""
    card = card_of(folder)
    if card is None or card.format != FORMAT:
        raise BrokenIndexError(f"{folder} holds no index of claims of this version")
    try:
        raw = (folder / _ARRAYS).read_bytes()
        if hashlib.sha256(raw).hexdigest() != card.arrays_sha256:
            raise ValueError("its content is not what the card says")
        with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
            contents = Contents(
                written=arrays["written"], ends=arrays["ends"],
                vocabulary=arrays["vocabulary"].tobytes().decode().split(),
                words=arrays["words"], starts=arrays["starts"],
                signatures=arrays["signatures"],
            )  # fmt: skip
        return Claims.of(contents, ranker)
    except (
        OSError,
        EOFError,
        KeyError,
        ValueError,
        IndexError,
        BadZipFile,
        msgspec.MsgspecError,
    ) as wrong:
        raise BrokenIndexError(f"{folder / _ARRAYS} cannot be read: {wrong}") from wrong


def _put(path: Path, raw: bytes | memoryview) -> None:
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
