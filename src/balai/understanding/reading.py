"""The door of the room: `read(texts)` gives one `Reading` a text, pure and in batches.

A reading is an advice with its reasons; nothing is stored or sent here. Empty, broken or hostile
text gives a reading too: no text makes this door fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from balai.understanding import cues, judgements
from balai.understanding.claims import Claims, Twins
from balai.understanding.cues import Found
from balai.understanding.model import Judged, load
from balai.understanding.packs import BrokenModelError
from balai.understanding.personal.finding import Finder, Spans
from balai.understanding.personal.masking import mask
from balai.understanding.places.finding import Finder as PlaceFinder
from balai.understanding.places.finding import Places
from balai.understanding.rules import AIMED_WITHIN, DISGUISED, RULES_VERSION, Rules
from balai.understanding.shapes import Abuse, Context, Disaster, Guess, Reading, Span, Topic
from balai.understanding.tagging import tagger
from balai.understanding.weighing import Asked, Decided, Weigher
from balai.understanding.words import LONGEST_TEXT, Words

__all__ = [
    "Abuse", "BrokenModelError", "Context", "Guess", "Reader", "Reading", "Span",
    "UnreadableLineError", "mask", "read", "read_jsonl", "reader_for",
]  # fmt: skip

_NOTHING = Found()
_UNSAID, _NO_TOPIC, _NO_DISASTER = Guess(None), Topic(), Disaster()
_BATCH = 1_000
_REMEMBERED = 20_000  # answers of the rules; about 20 MB, then memory starts afresh
_LEAST_LIKELY = 0.4  # a language guessed with less is no better than saying that we do not know
_CONFIRMED_BY = {
    "nik": "rule: 16 digits with a known district, a real date and a serial",
    "kk": "rule: as a NIK, and named as a family card",
    "npwp": "rule: the form of a tax number",
    "phone": "rule: valid in the numbering plan, or named as a telephone",
    "email": "rule: form of an address",
    "account": "rule: digits named as a bank account",
    "plate": "rule: letters of a registration area, or named as a plate",
    "name": "rule: stands where a person is named",
    "address": "rule: form of a house address",
}


class _Ruled(NamedTuple):
    """The part of a reading that follows from the cues alone; readings share it."""

    intent: Guess
    urgency: Guess
    abuse: Abuse
    disaster: Disaster
    sensitive: tuple[str, ...]
    because: dict[str, list[str]]


class Reader:
    """Everything that reading needs, loaded once.

    `model` is a directory of packs, as `training.train` writes them: they stand beside the packaged
    ones and replace those of the same head. Raises BrokenModelError. With an index of `claims`, and
    with the `twins` of earlier messages, readings say which of them a text repeats; reading changes
    neither.
    """

    def __init__(
        self, model: Path | None = None, claims: Claims | None = None, twins: Twins | None = None
    ) -> None:
        self._claims = claims
        self._twins = twins
        self._cues = cues.load()
        self._rules = Rules(self._cues)
        self._words = Words(self._cues.single_words(*DISGUISED))
        self._model = load(model)
        packaged = () if model is None else load().over_cues
        self._weigher = Weigher(self._cues, (*self._model.over_cues, *packaged))
        self._finder = Finder()
        self._places = PlaceFinder()
        self._ruled: dict[tuple[Found, bool], _Ruled] = {}
        parts = (
            *self._model.version.split("+"),
            self._weigher.version,
            RULES_VERSION,
            tagger.version(),
        )
        self.version = "+".join(dict.fromkeys(filter(None, parts)))

    def read(
        self, texts: Sequence[str], contexts: Sequence[Context | None] | None = None
    ) -> list[Reading]:
        """One reading a text, in order; `contexts` as in the function `read`."""
        if not texts:
            return []
        plain = self._words.pieces(texts)
        found = self._cues.find(plain.text)
        personal = self._finder.find(texts, contexts)
        places = self._places.find(texts, contexts)
        answers = self._model.answers(plain.pieces)
        heads = answers.chosen
        readings = [
            self._one(
                len(text),
                ruled,
                personal.get(place, ()),
                places.get(place, ()),
                language,
                sentiment,
                emotion,
            )
            for place, (text, ruled, language, sentiment, emotion) in enumerate(
                zip(
                    texts,
                    self._by_rules(found, texts),
                    heads["language"],
                    heads["sentiment"],
                    heads["emotion"],
                    strict=True,
                )
            )
        ]
        return self._repeating(texts, judgements.judged(readings, answers))

    def _repeating(self, texts: Sequence[str], readings: list[Reading]) -> list[Reading]:
        """The same readings with what the texts repeat, where an index was given."""
        if self._claims is not None:
            known = self._claims.match(texts)
            readings = [replace(one, claims=c) for one, c in zip(readings, known, strict=True)]
        if self._twins is not None:
            earlier = self._twins.find(texts)
            readings = [replace(one, twins=t) for one, t in zip(readings, earlier, strict=True)]
        return readings

    def _one(
        self,
        length: int,
        ruled: _Ruled,
        spans: Spans,
        places: Places,
        language: Judged,
        sentiment: Judged,
        emotion: Judged,
    ) -> Reading:
        spoken, felt = _language(language), _sentiment(sentiment)
        because = {
            "language": language.words if spoken.p is not None else ["rule: none is likely"],
            "sentiment": sentiment.words if felt.p is not None else ["rule: nothing is said"],
            "emotion": emotion.words or ["rule: nothing is said"],
            **ruled.because,
            "places": [place.text for place in places],
            "personal_data": _kinds(spans) if spans else [],
        }
        if length > LONGEST_TEXT:
            because["text"] = [f"rule: only the first {LONGEST_TEXT} characters were read"]
        return Reading(
            self.version, spoken, felt, _emotion(emotion), ruled.intent, ruled.urgency, _NO_TOPIC,
            ruled.abuse, ruled.disaster, places, spans, ruled.sensitive, (), (), because,
        )  # fmt: skip

    def _by_rules(self, found: Mapping[int, Found], texts: Sequence[str]) -> list[_Ruled]:
        """What the rules say, remembered: talk holds the same few cues again and again."""
        if len(self._ruled) > _REMEMBERED:
            self._ruled = {}
        known = self._ruled
        asked = [
            (found.get(place, _NOTHING), len(text) > AIMED_WITHIN)
            for place, text in enumerate(texts)
        ]
        if new := [one for one in dict.fromkeys(asked) if one not in known]:
            weighed = [
                Asked(one, self._rules.all(one, AIMED_WITHIN + is_long), is_long)
                for one, is_long in new
            ]
            decided = self._weigher.decide(weighed)
            for key, one, said in zip(new, weighed, decided, strict=True):
                known[key] = self._ruled_of(one, said)
        return [known[one] for one in asked]

    def _ruled_of(self, asked: Asked, decided: Decided) -> _Ruled:
        because = {
            **asked.ruled.because,
            "intent": decided.intent_words,
            "urgency": decided.urgency_words,
            "disaster": asked.found.words(self._rules.event),
        }
        return _Ruled(
            decided.intent, decided.urgency, Abuse(asked.ruled.abusive),
            self._disaster(asked.found, decided.urgency), asked.ruled.sensitive, because,
        )  # fmt: skip

    def _disaster(self, found: Found, urgency: Guess) -> Disaster:
        """Whether a fire, a flood or another such event is named: a rule, so no probability."""
        if not found.groups & self._rules.event:
            return _NO_DISASTER
        return Disaster(relevant=True, urgent=urgency.value == "danger")


def _kinds(spans: Spans) -> list[str]:
    return list({span.kind: _CONFIRMED_BY[span.kind] for span in spans}.values())


def _language(judged: Judged) -> Guess:
    if judged.p < _LEAST_LIKELY or not judged.words:
        return Guess("und")
    return Guess(judged.label, judged.p, judged.sure)


def _emotion(judged: Judged) -> Guess:
    return Guess(judged.label, judged.p, judged.sure) if judged.words else _UNSAID


def _sentiment(judged: Judged) -> Guess:
    if not judged.words:
        return Guess("neutral")
    return Guess(judged.label, judged.p, judged.sure)


@lru_cache(maxsize=8)  # of about 60 MB each: a house of many institutions keeps the busy ones
def reader_for(model: Path | None = None) -> Reader:
    """The reader with the packs of a directory, loaded once; raises BrokenModelError."""
    return Reader(model)


def read(texts: Sequence[str], contexts: Sequence[Context | None] | None = None) -> list[Reading]:
    """Read every text; the answers come in the order of the texts.

    `contexts`, if given, is as long as `texts` (ValueError otherwise).
    """
    if contexts is not None and len(contexts) != len(texts):
        raise ValueError("contexts must be as many as texts")
    return reader_for().read(texts, contexts)


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
    reader = reader or reader_for()
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
