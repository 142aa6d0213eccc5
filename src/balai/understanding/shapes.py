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
EMOTIONS = ("anger", "fear", "happy", "love", "sadness")
INTENTS = (
    "question", "complaint", "aspiration", "information_request", "praise", "report_emergency",
    "whistleblow", "rumor_sighting", "abuse", "spam",
)  # fmt: skip
URGENCIES = ("danger", "urgent", "normal")
SENSITIVE = ("whistleblow", "self_harm", "child", "violence")
ABOUT = ("religion", "race", "physical", "gender", "other")
DISASTER_KINDS = ("complaint_opinion", "information", "aid")
PERSONAL = ("nik", "kk", "npwp", "phone", "email", "account", "plate", "name", "address")


class Guess(msgspec.Struct, frozen=True, gc=False):
    """A best guess for one field; `value` is null when nothing in the text speaks for any."""

    value: str | None
    p: float | None = None
    sure: bool = False


class Alternative(msgspec.Struct, frozen=True, gc=False):
    """Another value that the text may mean, less likely than the one given."""

    value: str
    p: float | None = None


class Topic(msgspec.Struct, frozen=True, gc=False):
    """What the matter is; `unit_hint` names the unit that such matters went to before."""

    value: str | None = None
    p: float | None = None
    sure: bool = False
    alternatives: tuple[Alternative, ...] = ()
    unit_hint: str | None = None


class Abuse(msgspec.Struct, frozen=True, gc=False):
    """Whether the words insult or threaten somebody; harsh criticism of work is not abuse.

    `hate` is abuse for what people are, `target` is individual, group or null, `about` holds values
    of `ABOUT`. `p` holds one probability for each label that a model judged, by the label's name.
    """

    abusive: bool
    hate: bool = False
    target: str | None = None
    about: tuple[str, ...] = ()
    level: str | None = None
    p: dict[str, float] = {}
    sure: bool = False


class Disaster(msgspec.Struct, frozen=True, gc=False):
    """Whether the text speaks of a disaster; `kind`, one of `DISASTER_KINDS`, is what it does."""

    relevant: bool = False
    kind: str | None = None
    urgent: bool = False
    p: float | None = None
    sure: bool = False


class PlaceAlternative(msgspec.Struct, frozen=True, gc=False):
    """Another area of the same name."""

    code: str
    name: str
    p: float | None = None


class Place(msgspec.Struct, frozen=True, gc=False):
    """A place that the text names; `start` and `end` count code points of the given text.

    `code` is the Kemendagri code ("35.15"), null for streets and landmarks, whose `name` is kept as
    it was written.
    """

    text: str
    start: int
    end: int
    code: str | None
    name: str
    p: float | None = None
    alternatives: tuple[PlaceAlternative, ...] = ()


class Span(msgspec.Struct, frozen=True, gc=False):
    """A piece of personal data; `start` and `end` count Unicode code points of the given text."""

    kind: str
    start: int
    end: int
    p: float | None = None


class Twin(msgspec.Struct, frozen=True, gc=False):
    """A text of the given index that says nearly the same; `score` lies between 0 and 1."""

    key: str
    score: float


class ClaimMatch(msgspec.Struct, frozen=True, gc=False):
    """A known claim that the text may repeat; `p` is the probability that it does."""

    id: str
    score: float
    p: float | None = None


class Context(msgspec.Struct, frozen=True, gc=False):
    """What the asking room knows about a text.

    `area_code` is the local dialling code ("031"), `area` the Kemendagri code of the institution's
    area ("35.15"), `account` the name of the account that was written to.
    """

    area_code: str = ""
    area: str = ""
    account: str = ""


class Reading(msgspec.Struct, frozen=True, gc=False):
    """All that was read in one text. `because` names, for each field, the words or the rule.

    `twins` and `claims` are filled only where the reader was given an index to look in.
    """

    model: str
    language: Guess
    sentiment: Guess
    emotion: Guess
    intent: Guess
    urgency: Guess
    topic: Topic
    abuse: Abuse
    disaster: Disaster
    places: tuple[Place, ...]
    personal_data: tuple[Span, ...]
    sensitive: tuple[str, ...]
    twins: tuple[Twin, ...]
    claims: tuple[ClaimMatch, ...]
    because: dict[str, list[str]]
