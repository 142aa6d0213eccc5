"""What a reading looks like: the one JSON shape that other rooms and files rely on.

`p` is a calibrated probability, or null where no labelled data stands behind the value (rules).
`sure` says that `p` passed the threshold written in the model's card; rules are never sure.
No reading can hold itself, so the collector is told to leave readings alone (`gc=False`).
"""

from __future__ import annotations

import msgspec

LANGUAGES = (
    "ind", "jav", "sun", "min", "ban", "ace", "bjn", "bug", "mad", "nij", "bbc", "eng", "und",
)  # fmt: skip
SENTIMENTS = ("negative", "neutral", "positive")
INTENTS = (
    "question", "complaint", "aspiration", "information_request", "praise", "report_emergency",
    "whistleblow", "rumor_sighting", "abuse", "spam",
)  # fmt: skip
URGENCIES = ("danger", "urgent", "normal")
SENSITIVE = ("whistleblow", "self_harm", "child", "violence")
PERSONAL = ("nik", "kk", "phone", "email", "account", "plate")


class Guess(msgspec.Struct, frozen=True, gc=False):
    """A best guess for one field; `value` is null when nothing in the text speaks for any."""

    value: str | None
    p: float | None = None
    sure: bool = False


class Abuse(msgspec.Struct, frozen=True, gc=False):
    """Whether the words insult or threaten a person; harsh criticism of work is not abuse."""

    abusive: bool
    p: float | None = None
    sure: bool = False


class Span(msgspec.Struct, frozen=True, gc=False):
    """A piece of personal data; `start` and `end` count Unicode code points of the given text."""

    kind: str
    start: int
    end: int
    p: float | None = None


class Context(msgspec.Struct, frozen=True, gc=False):
    """What the asking room knows about a text; `area_code` is the local dialling code ("031")."""

    area_code: str = ""


class Reading(msgspec.Struct, frozen=True, gc=False):
    """All that was read in one text. `because` names, for each field, the words or the rule."""

    model: str
    language: Guess
    sentiment: Guess
    intent: Guess
    urgency: Guess
    abuse: Abuse
    sensitive: tuple[str, ...]
    personal_data: tuple[Span, ...]
    because: dict[str, list[str]]
