"""The door of the room: `read(texts)` gives one `Reading` a text, pure and in batches.

A reading is an advice with its reasons; nothing is stored or sent here. Empty, broken or hostile
text gives a reading too: no text makes this door fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice

import msgspec

from balai.understanding import cues
from balai.understanding.cues import Found
from balai.understanding.rules import Rules
from balai.understanding.shapes import Abuse, Context, Guess, Reading, Span
from balai.understanding.words import LONGEST_TEXT, Words

__all__ = ["Abuse", "Context", "Guess", "Reader", "Reading", "Span", "read", "read_jsonl"]

_NOTHING = Found()
_BATCH = 1_000


class Reader:
    """Everything that reading needs, loaded once."""

    version = "rules-1"

    def __init__(self) -> None:
        self._cues = cues.load()
        self._rules = Rules(self._cues)
        self._words = Words(
            self._cues.single_words("abuse.insult", "abuse.rude", "sensitive.wrong")
        )

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """One reading a text, in order."""
        found = self._cues.find(self._words.plain(texts))
        return [
            self._one(len(text), found.get(place, _NOTHING)) for place, text in enumerate(texts)
        ]

    def _one(self, length: int, found: Found) -> Reading:
        because: dict[str, list[str]] = {}
        urgency, because["urgency"] = self._rules.urgency(found)
        abusive, because["abuse"] = self._rules.abuse(found)
        sensitive, because["sensitive"] = self._rules.sensitive(found)
        intent, because["intent"] = self._rules.intent(found, urgency, abusive)
        if length > LONGEST_TEXT:
            because["text"] = [f"rule: only the first {LONGEST_TEXT} characters were read"]
        return Reading(
            model=self.version,
            language=Guess("und"),
            sentiment=Guess("neutral"),
            intent=Guess(intent),
            urgency=Guess(urgency),
            abuse=Abuse(abusive),
            sensitive=sensitive,
            personal_data=(),
            because=because,
        )


@cache
def _reader() -> Reader:
    return Reader()


def read(texts: Sequence[str], contexts: Sequence[Context | None] | None = None) -> list[Reading]:
    """Read every text; the answers come in the order of the texts.

    `contexts`, if given, is as long as `texts` (ValueError otherwise).
    """
    if contexts is not None and len(contexts) != len(texts):
        raise ValueError("contexts must be as many as texts")
    return _reader().read(texts)


class UnreadableLineError(ValueError):
    """A line that is no JSON object with a `text`; its words name the line's number."""


class _Line(msgspec.Struct):
    text: str


def read_jsonl(lines: Iterable[bytes | str]) -> Iterator[dict[str, object]]:
    """Each JSON line with a `text` again, all its keys kept, with its `reading` added.

    Empty lines are passed over; any other line that holds no `text` raises `UnreadableLineError`.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    while batch := list(islice(numbered, _BATCH)):
        rows = [_row(number, line) for number, line in batch]
        for row, reading in zip(rows, read([str(row["text"]) for row in rows]), strict=True):
            yield {**row, "reading": msgspec.to_builtins(reading)}


def _row(number: int, line: bytes | str) -> dict[str, object]:
    try:
        row: dict[str, object] = msgspec.json.decode(line, type=dict[str, object])
        msgspec.convert(row, _Line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as wrong:
        raise UnreadableLineError(f"line {number}: {wrong}") from wrong
    return row
