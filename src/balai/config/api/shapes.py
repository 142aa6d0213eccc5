"""What programs send and get. The document of the interface is made from these."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

Text = Annotated[str, Meta(min_length=1, max_length=10_000)]
Ids = Annotated[list[int], Meta(max_length=50)]


class Problem(Struct, frozen=True):
    """What was wrong. `code` is for programs and stays; `detail` is for people."""

    code: str
    detail: str


class Label(Struct, frozen=True):
    """A label of the office; `used` says on how many conversations it stands."""

    id: int
    name: str
    colour: str
    used: int


class Labels(Struct, frozen=True):
    """Every label that is offered."""

    items: list[Label]


class Conversation(Struct, frozen=True):
    """One conversation. The citizen is a pseudonym, and personal data in `preview` is masked."""

    id: int
    version: int
    state: str
    is_open: bool
    priority: int
    intent: str
    language: str
    preview: str
    channel: str
    connection: str
    citizen_key: str
    unit: str | None
    assignee_id: int | None
    assignee: str | None
    due_at: datetime | None
    first_answered_at: datetime | None
    last_at: datetime
    last_message_id: int
    labels: list[str]


class Conversations(Struct, frozen=True):
    """A page of conversations. `next` is empty at the end.

    `is_cut`: a filter that no index serves looked no further than here; older ones may fit as well.
    """

    items: list[Conversation]
    next: str
    is_cut: bool


class Message(Struct, frozen=True):
    """What was said. Personal data is masked; `delivery` tells what became of an answer of ours."""

    id: int
    direction: str
    kind: str
    text: str
    sent_at: datetime
    author: str | None
    is_automatic: bool
    delivery: str | None


class Messages(Struct, frozen=True):
    """The newest messages in order; `before` of the next call is the smallest id here."""

    items: list[Message]


class AnswerIn(Struct, frozen=True, forbid_unknown_fields=True):
    """An answer to the citizen. `after` is the newest message that you had seen."""

    text: Text
    after: int
    in_addition: bool = False
    articles: Ids = []


class Assigned(Struct, frozen=True):
    """Who has the conversation now; it may lie beyond the reach of the member who gave it away."""

    id: int
    member_id: int | None
    unit_id: int | None


class AssignIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom the conversation goes to; null for both gives it back to all."""

    member_id: int | None = None
    unit_id: int | None = None


class LabelIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Labels of the office, by their ids."""

    add: Ids = []
    remove: Ids = []


class NoteIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A note that only the office sees."""

    text: Text


class Account(Struct, frozen=True):
    """An official account; the immutable id is its identity."""

    id: int
    channel: str
    handle: str
    platform_user_id: str
    url: str
    state: str
    unit: str
    checked_at: datetime | None


class Accounts(Struct, frozen=True):
    """Every account of the institution, the closed ones too."""

    items: list[Account]


class Article(Struct, frozen=True):
    """An answer of the library that is in force."""

    id: int
    topic: str
    language: str
    title: str
    body: str
    edition: int
    is_public: bool
    review_on: date


class Articles(Struct, frozen=True):
    """Answers in force, those that fit the search first."""

    items: list[Article]


class ReportLine(Struct, frozen=True):
    """The measures of one key. Times are working minutes; null: too few cases to say it."""

    key: str
    taken_in: int
    answered: int
    met: int
    deadlines_over: int
    median_minutes: float | None
    p90_minutes: float | None
    n_times: int
    late: int
    backlog: int


class Report(Struct, frozen=True):
    """Figures of a period, from the rollups (domain 4.8)."""

    dimension: str
    first_day: date
    last_day: date
    lines: list[ReportLine]


class Me(Struct, frozen=True):
    """Whose key this is and what it may do."""

    institution: str
    member: str
    scopes: list[str]
    expires_at: datetime
