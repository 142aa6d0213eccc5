"""Tasks where one of a few values is right: sentiment, emotion, language and the like."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from balai.understanding.measuring.asking import Asked
from balai.understanding.measuring.asks import Ask
from balai.understanding.measuring.measures import (
    by_label,
    calibration,
    confusion,
    macro,
    share,
)
from balai.understanding.measuring.results import Measured
from balai.understanding.measuring.tables import Table, labels
from balai.understanding.shapes import (
    DISASTER_KINDS,
    INTENTS,
    LANGUAGES,
    SENTIMENTS,
    URGENCIES,
    Guess,
    Reading,
)

EMOTIONS = ("anger", "fear", "happy", "love", "sadness")
_NOTHING = "(none)"


@dataclass(frozen=True)
class Kind:
    """A task whose answer is one value of the reading.

    `columns` may hold the label, `also` maps other people's words to ours (lower case), `read`
    takes the answer out of a reading.
    """

    name: str
    columns: tuple[str, ...]
    known: tuple[str, ...]
    read: Callable[[Reading], Guess]
    also: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, table: Table, asked: Asked, ask: Ask) -> Measured:
        column = table.column(self.columns, ask.label, f"the {self.name}", "--label-column")
        text = table.text_column(ask.text)
        meant = labels(table, column, self.known, self.also, ask.passed_over)
        kept = table.where([one is not None for one in meant])
        true = [one for one in meant if one is not None]
        guesses = [self.read(one) for one in asked.readings([row[text] for row in kept.rows])]
        return weighed(self.name, self.known, kept, true, guesses, asked, ask, len(table.rows))


def weighed(
    task: str,
    known: Sequence[str],
    table: Table,
    true: Sequence[str],
    guesses: Sequence[Guess],
    asked: Asked,
    ask: Ask,
    rows: int,
) -> Measured:
    """The measurement of one guess a row; `rows` counts also those that were passed over."""
    said = [guess.value or _NOTHING for guess in guesses]
    hits = [one == other for one, other in zip(said, true, strict=True)]
    scores = by_label(said, true, known)
    return Measured(
        task=task,
        model=asked.reader.version,
        rows=len(true),
        passed_over=rows - len(true),
        figures={"macro-F1": macro(scores), "accuracy": share(hits)},
        by_label=scores,
        confusion=confusion(said, true),
        calibration={task: calibration([g.p for g in guesses], hits, [g.sure for g in guesses])},
        throughput=asked.throughput(),
        by_group=_by_group(table, ask, said, true, known),
    )


def _by_group(
    table: Table, ask: Ask, said: Sequence[str], true: Sequence[str], known: Sequence[str]
) -> dict[str, dict[str, float]]:
    if ask.by is None:
        return {}
    column = table.column((), ask.by, "the groups", "--by")
    groups: dict[str, list[int]] = {}
    for place, row in enumerate(table.rows):
        groups.setdefault(row[column], []).append(place)
    found = {}
    for name, places in sorted(groups.items()):
        mine, theirs = [said[place] for place in places], [true[place] for place in places]
        found[name] = {
            "macro-F1": macro(by_label(mine, theirs, known)),
            "accuracy": share([one == other for one, other in zip(mine, theirs, strict=True)]),
        }
    return found


sentiment = Kind(
    "sentiment", ("sentiment", "label", "sentimen", "polarity"), SENTIMENTS,
    lambda reading: reading.sentiment,
    {
        "neg": "negative", "neu": "neutral", "pos": "positive", "negatif": "negative",
        "netral": "neutral", "positif": "positive",
    },
)  # fmt: skip
emotion = Kind(
    "emotion", ("emotion", "label", "emosi"), EMOTIONS, lambda reading: reading.emotion,
    {
        "joy": "happy", "happiness": "happy", "senang": "happy", "bahagia": "happy",
        "marah": "anger", "angry": "anger", "takut": "fear", "cinta": "love", "sayang": "love",
        "sad": "sadness", "sedih": "sadness",
    },
)  # fmt: skip
language = Kind(
    "language", ("language", "lang", "label", "bahasa"), LANGUAGES,
    lambda reading: reading.language,
    {
        "id": "ind", "in": "ind", "indonesian": "ind", "jv": "jav", "jw": "jav", "javanese": "jav",
        "su": "sun", "sundanese": "sun", "minangkabau": "min", "balinese": "ban",
        "acehnese": "ace", "banjarese": "bjn", "buginese": "bug", "madurese": "mad",
        "ngaju": "nij", "toba_batak": "bbc", "btk": "bbc", "en": "eng", "english": "eng",
        "other": "und", "unknown": "und",
    },
)  # fmt: skip
intent = Kind(
    "intent", ("intent", "label", "kategori", "category"), INTENTS, lambda reading: reading.intent,
    {
        "saran": "aspiration", "kritik": "complaint", "keluhan": "complaint",
        "permohonan informasi": "information_request", "apresiasi": "praise",
    },
)  # fmt: skip
urgency = Kind(
    "urgency", ("urgency", "label", "priority"), URGENCIES, lambda reading: reading.urgency
)


def _relevance(reading: Reading) -> Guess:
    found = reading.disaster
    return Guess("relevant" if found.relevant else "not_relevant", found.p, found.sure)


disaster = Kind(
    "disaster", ("disaster", "informativeness", "relevant", "label"), ("relevant", "not_relevant"),
    _relevance,
    {
        "related and informative": "relevant", "related - but not informative": "relevant",
        "not related": "not_relevant", "not applicable": "not_relevant", "1": "relevant",
        "0": "not_relevant", "true": "relevant", "false": "not_relevant", "yes": "relevant",
        "no": "not_relevant", "informative": "relevant", "not_informative": "not_relevant",
    },
)  # fmt: skip
_flood = Kind(
    "flood", ("kind", "label"), DISASTER_KINDS,
    lambda reading: Guess(reading.disaster.kind, reading.disaster.p, reading.disaster.sure),
    {"opini_keluhan": "complaint_opinion", "informasi": "information", "aksi_bantuan": "aid"},
)  # fmt: skip


def flood(table: Table, asked: Asked, ask: Ask) -> Measured:
    """The kind of a text written in a disaster; needs a model with the head `flood`."""
    asked.head("flood")
    return _flood(table, asked, ask)
