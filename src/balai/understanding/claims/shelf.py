"""The shelf on which the claims of an index stand: rows that are added and taken away."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from balai.understanding.claims.background import strangeness
from balai.understanding.claims.growing import Growing
from balai.understanding.claims.postings import Segment
from balai.understanding.claims.signatures import PLACES, Signatures, sign
from balai.understanding.claims.spoken import words_of
from balai.understanding.claims.vocabulary import Vocabulary

Numbers = NDArray[np.int64]
Floats = NDArray[np.float32]

_LONGEST_SEGMENT = 1 << 17
_WORDS_OF_A_CLAIM = 150


class Claim(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A claim that was checked: what is said, what was found, and where it is told."""

    id: str
    text: str
    title: str = ""
    verdict: str = ""
    url: str = ""


class Contents(NamedTuple):
    """All that a shelf must keep; the rest is computed from it."""

    written: NDArray[np.uint8]  # the claims in JSON, one behind the other
    ends: Numbers  # where each of them ends
    vocabulary: list[str]
    words: NDArray[np.int32]
    starts: Numbers
    signatures: Signatures


class Shelf:
    """Rows of claims. A row that is taken away stays empty until there are too many of them."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self.ids: list[str] = []
        self.row_of: dict[str, int] = {}
        self.segments: list[Segment] = []
        self.signatures = Growing(np.uint16, PLACES)
        self.alive = Growing(np.bool_)
        self.heard = Growing(np.int32)  # for each word, how many claims say it
        self.is_number = Growing(np.bool_)
        self.words = Growing(np.int32)
        self.starts = Growing(np.int64)
        self.starts.add(np.zeros(1, np.int64))
        self._strange = Growing(np.float32)
        self._written = Growing(np.uint8)
        self._ends = Growing(np.int64)
        self._ends.add(np.zeros(1, np.int64))
        self._rare: Floats | None = None

    @classmethod
    def of(cls, contents: Contents) -> Shelf:
        """A shelf with these rows; raises ValueError where they do not fit together."""
        shelf = cls()
        shelf._note_words(shelf.vocabulary.learn(contents.vocabulary))
        count = len(contents.signatures)
        fits = (
            contents.signatures.shape == (count, PLACES)
            and len(contents.starts) == len(contents.ends) == count + 1
            and _parts(contents.starts, len(contents.words))
            and _parts(contents.ends, len(contents.written))
            and (not len(contents.words) or contents.words.min() >= 0)
            and contents.words.max(initial=-1) < len(contents.vocabulary)
        )
        if not fits:
            raise ValueError("its parts do not fit together")
        shelf.starts.add(contents.starts[1:])
        shelf.words.add(contents.words)
        whole = contents.written.tobytes()
        ids = [_ID.decode(whole[a:b]).id for a, b in pairwise(contents.ends.tolist())]
        if len(set(ids)) != count:
            raise ValueError("two claims have one id")
        shelf._place(ids, contents.written, contents.ends[1:], contents.signatures)
        rows = np.repeat(np.arange(count), np.diff(contents.starts))
        said = np.unique(rows * max(1, len(shelf.vocabulary)) + contents.words)
        heard = np.bincount(said % max(1, len(shelf.vocabulary)), minlength=len(shelf.vocabulary))
        shelf.heard.view[:] = heard[: len(shelf.vocabulary)]
        return shelf

    def contents(self) -> Contents:
        """What must be kept. Every row must be full."""
        return Contents(
            self._written.view, self._ends.view, self.vocabulary.words, self.words.view,
            self.starts.view, self.signatures.view,
        )  # fmt: skip

    @property
    def empty(self) -> int:
        """How many rows stand empty."""
        return len(self.ids) - len(self.row_of)

    def claim(self, key: str) -> Claim:
        """The claim of that id; raises KeyError."""
        return self._read(self.row_of[key])

    def all(self) -> list[Claim]:
        """Every claim, in the order of coming."""
        return [self._read(row) for row in self.row_of.values()]

    def put(self, claims: list[Claim]) -> None:
        """Claims with new ids, each once, into new rows."""
        signed = sign([claim.text or claim.title for claim in claims])
        words: list[int] = []
        ends: list[int] = []
        heard: list[int] = []
        known = len(self.vocabulary)
        for claim in claims:
            said = self.vocabulary.numbers(spoken(claim))
            words += said
            ends.append(len(words))
            heard += set(said)
        self._note_words(self.vocabulary.words[known:])
        np.add.at(self.heard.view, np.array(heard, np.int64), 1)
        self.starts.add(np.array(ends, np.int64) + len(self.words))
        self.words.add(np.array(words, np.int32))
        written = [_ENCODER.encode(claim) for claim in claims]
        behind = np.cumsum([len(one) for one in written]) + len(self._written)
        self._place(
            [claim.id for claim in claims], np.frombuffer(b"".join(written), np.uint8), behind,
            signed.signatures,
        )  # fmt: skip

    def take_away(self, keys: Iterable[str]) -> None:
        """Empty the rows of claims; raises KeyError for an unknown id."""
        self._rare = None
        for key in keys:
            row = self.row_of.pop(key)
            self.alive.view[row] = False
            self.heard.view[np.unique(self._words_of_row(row))] -= 1

    def settle(self) -> None:
        """Make segments of what came since; small segments melt into bigger ones."""
        first = self.segments[-1].first + self.segments[-1].size if self.segments else 0
        if first == len(self.ids):
            return
        while self.segments and (last := self.segments[-1]).size < _LONGEST_SEGMENT:
            if last.size > 4 * (len(self.ids) - first):
                break
            first = self.segments.pop().first
        for start in range(first, len(self.ids), _LONGEST_SEGMENT):
            end = min(start + _LONGEST_SEGMENT, len(self.ids))
            starts = self.starts.view[start : end + 1]
            self.segments.append(
                Segment(
                    start, self.words.view[starts[0] : starts[-1]], starts - starts[0],
                    len(self.vocabulary), self.signatures.view[start:end],
                )
            )  # fmt: skip

    def rarity(self) -> Floats:
        """For each word, 1 where one claim says it and posts never do, near 0 where all do.

        Rarity among claims is as BM25's idf, beside that of a word which one claim says.
        """
        if self._rare is None:
            heard = self.heard.view.astype(np.float32)
            count = np.float32(len(self.row_of))
            rarity = np.log1p((count - heard + 0.5) / (heard + 0.5)) / np.log1p(count / 1.5 + 0.1)
            self._rare = np.clip(rarity * self._strange.view, 0.005, 1).astype(np.float32)
        return self._rare

    def _note_words(self, new: list[str]) -> None:
        self.heard.add(np.zeros(len(new), np.int32))
        self._strange.add(strangeness(new))
        self.is_number.add(np.array([word[0].isdigit() for word in new], np.bool_))

    def _place(
        self, ids: list[str], written: NDArray[np.uint8], ends: Numbers, signatures: Signatures
    ) -> None:
        self._rare = None
        self.row_of.update(zip(ids, range(len(self.ids), len(self.ids) + len(ids)), strict=True))
        self.ids += ids
        self._written.add(written)
        self._ends.add(ends)
        self.signatures.add(signatures)
        self.alive.add(np.ones(len(ids), np.bool_))

    def _read(self, row: int) -> Claim:
        ends = self._ends.view
        return _DECODER.decode(self._written.view[ends[row] : ends[row + 1]].tobytes())

    def _words_of_row(self, row: int) -> NDArray[np.int32]:
        starts = self.starts.view
        words: NDArray[np.int32] = self.words.view[starts[row] : starts[row + 1]]
        return words


def spoken(claim: Claim) -> list[str]:
    """The words that a claim is found by: of its title and its text, each sentence once."""
    if claim.title and claim.title not in claim.text:
        return (words_of(claim.title) + words_of(claim.text))[:_WORDS_OF_A_CLAIM]
    return words_of(claim.text)[:_WORDS_OF_A_CLAIM]


def _parts(ends: Numbers, size: int) -> bool:
    """Whether these are the ends of parts of something so big, a zero before them."""
    return bool(ends[0] == 0 and ends[-1] == size and (np.diff(ends) >= 0).all())


class _Id(msgspec.Struct):
    id: str


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Claim)
_ID = msgspec.json.Decoder(_Id)
