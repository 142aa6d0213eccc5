"""The door of the room: `read(texts)` gives one `Reading` a text, pure and in batches.

A reading is an advice with its reasons; nothing is stored or sent here. Empty, broken or hostile
text gives a reading too: no text makes this door fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from balai.understanding import cues
from balai.understanding.cues import Found
from balai.understanding.model import Judged, load
from balai.understanding.personal.finding import Finder, Spans
from balai.understanding.personal.masking import mask
from balai.understanding.rules import AIMED_WITHIN, RULES_VERSION, Rules
from balai.understanding.shapes import Abuse, Context, Guess, Reading, Span
from balai.understanding.words import LONGEST_TEXT, Words

__all__ = [
    "Abuse", "Context", "Guess", "Reader", "Reading", "Span", "UnreadableLineError", "mask", "read",
    "read_jsonl",
]  # fmt: skip

_NOTHING = Found()
_BATCH = 1_000
_REMEMBERED = 20_000  # answers of the rules; about 20 MB, then memory starts afresh
_LEAST_LIKELY = 0.4  # a language guessed with less is no better than saying that we do not know
_DISGUISED = ("abuse.insult", "abuse.rude", "sensitive.wrong")
_CONFIRMED_BY = {
    "nik": "rule: 16 digits with a known district, a real date and a serial",
    "kk": "rule: as a NIK, and named as a family card",
    "phone": "rule: valid in the numbering plan, or named as a telephone",
    "email": "rule: form of an address",
    "account": "rule: digits named as a bank account",
    "plate": "rule: letters of a registration area, or named as a plate",
}


class _Ruled(NamedTuple):
    """The part of a reading that follows from the cues alone; readings share it."""

    intent: Guess
    urgency: Guess
    abuse: Abuse
    sensitive: tuple[str, ...]
    because: dict[str, list[str]]


class Reader:
    """Everything that reading needs, loaded once; `model` is a file of `training.train`."""

    def __init__(self, model: Path | None = None) -> None:
        self._cues = cues.load()
        self._rules = Rules(self._cues)
        self._words = Words(self._cues.single_words(*_DISGUISED))
        self._model = load(model)
        self._finder = Finder()
        self._ruled: dict[tuple[Found, bool], _Ruled] = {}
        self.version = f"{self._model.card.version}+{RULES_VERSION}"

    def read(
        self, texts: Sequence[str], contexts: Sequence[Context | None] | None = None
    ) -> list[Reading]:
        """One reading a text, in order; `contexts` as in the function `read`."""
        if not texts:
            return []
        plain = self._words.pieces(texts)
        found = self._cues.find(plain.text)
        personal = self._finder.find(texts, contexts)
        heads = self._model.guesses(plain.pieces)
        return [
            self._one(
                len(text), found.get(place, _NOTHING), personal.get(place, ()), language, sentiment
            )
            for place, (text, language, sentiment) in enumerate(
                zip(texts, heads["language"], heads["sentiment"], strict=True)
            )
        ]

    def _one(
        self, length: int, found: Found, spans: Spans, language: Judged, sentiment: Judged
    ) -> Reading:
        ruled = self._by_rules(found, length)
        spoken, felt = _language(language), _sentiment(sentiment)
        because = {
            "language": language.words if spoken.p is not None else ["rule: none is likely"],
            "sentiment": sentiment.words if felt.p is not None else ["rule: nothing is said"],
            **ruled.because,
            "personal_data": _kinds(spans) if spans else [],
        }
        if length > LONGEST_TEXT:
            because["text"] = [f"rule: only the first {LONGEST_TEXT} characters were read"]
        return Reading(
            self.version, spoken, felt, ruled.intent, ruled.urgency, ruled.abuse, ruled.sensitive,
            spans, because,
        )  # fmt: skip

    def _by_rules(self, found: Found, length: int) -> _Ruled:
        """What the rules say, remembered: talk holds the same few cues again and again."""
        asked = found, length <= AIMED_WITHIN
        ruled = self._ruled.get(asked)
        if ruled is None:
            if len(self._ruled) > _REMEMBERED:
                self._ruled = {}
            urgency, abusive, sensitive, intent, because = self._rules.all(found, length)
            ruled = self._ruled[asked] = _Ruled(
                Guess(intent), Guess(urgency), Abuse(abusive), sensitive, because
            )
        return ruled


def _kinds(spans: Spans) -> list[str]:
    return list({span.kind: _CONFIRMED_BY[span.kind] for span in spans}.values())


def _language(judged: Judged) -> Guess:
    if judged.p < _LEAST_LIKELY or not judged.words:
        return Guess("und")
    return Guess(judged.label, judged.p, judged.sure)


def _sentiment(judged: Judged) -> Guess:
    if not judged.words:
        return Guess("neutral")
    return Guess(judged.label, judged.p, judged.sure)


@cache
def _reader() -> Reader:
    return Reader()


def read(texts: Sequence[str], contexts: Sequence[Context | None] | None = None) -> list[Reading]:
    """Read every text; the answers come in the order of the texts.

    `contexts`, if given, is as long as `texts` (ValueError otherwise).
    """
    if contexts is not None and len(contexts) != len(texts):
        raise ValueError("contexts must be as many as texts")
    return _reader().read(texts, contexts)


class UnreadableLineError(ValueError):
    """A line that is no JSON object with a `text`; its words name the line's number."""


class _Line(msgspec.Struct):
    text: str


def read_jsonl(
    lines: Iterable[bytes | str],
    *,
    first: int = 1,
    reader: Reader | None = None,
    refuse: Callable[[UnreadableLineError], None] | None = None,
) -> Iterator[dict[str, object]]:
    """Each JSON line with a `text` again, all its keys kept, with its `reading` added.

    Empty lines are passed over. Any other line that holds no `text` is told to `refuse` and passed
    over, or raises `UnreadableLineError` where nobody is told. `first` is the first line's number.
    """
    rows = _rows(enumerate(lines, first), refuse)
    reader = reader or _reader()
    while batch := list(islice(rows, _BATCH)):
        readings = reader.read([str(row["text"]) for row in batch])
        for row, reading in zip(batch, readings, strict=True):
            yield {**row, "reading": msgspec.to_builtins(reading)}


def _rows(
    numbered: Iterable[tuple[int, bytes | str]],
    refuse: Callable[[UnreadableLineError], None] | None,
) -> Iterator[dict[str, object]]:
    for number, line in numbered:
        if not line.strip():
            continue
        try:
            yield _row(number, line)
        except UnreadableLineError as wrong:
            if refuse is None:
                raise
            refuse(wrong)


def _row(number: int, line: bytes | str) -> dict[str, object]:
    try:
        row: dict[str, object] = msgspec.json.decode(line, type=dict[str, object])
        msgspec.convert(row, _Line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise UnreadableLineError(f"line {number}: {wrong}") from wrong
    return row
