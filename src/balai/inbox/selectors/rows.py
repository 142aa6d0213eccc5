"""What one row and one page of the queue are, and how a bounded walk reads them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet

from balai.inbox.models import Conversation
from balai.inbox.selectors.desk import Tag, tags_of

PAGE = 50
# A filter that no index serves looks through so many of each piece and says where it stopped: the
# rarest of words in the longest of histories costs what the commonest costs.
WALK = 3_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Place = tuple[int, int]


@dataclass(frozen=True)
class Asked:
    """What the officer wants to see of the queue."""

    view: str = "open"
    channel: str = ""
    unit_id: int | None = None
    intent: str = ""
    language: str = ""
    label_id: int | None = None
    order: str = ""  # "deadline": what presses first; else newest first
    after: Place | None = None  # the place of the last row seen, as the page before gave it


class Row(NamedTuple):
    """One conversation as the queue shows it. No citizen's name, no address, no whole text."""

    id: int
    version: int
    state: str
    is_open: bool
    priority: int
    intent: str
    language: str
    preview: str
    is_public: bool
    clock: str
    due_at: datetime | None
    first_answered_at: datetime | None
    last_at: datetime
    last_message_id: int
    messages_in: int
    citizen_key: str
    channel: str
    connection: str
    unit: str | None
    assignee_id: int | None
    assignee: str | None
    stuck_at: datetime | None  # since when only a person can say whether our answer arrived
    reply_until: datetime | None = None  # when the network stops taking an answer
    tags: tuple[Tag, ...] = ()


class Page(NamedTuple):
    """One page of the queue, and where the next one starts.

    `is_cut`: a filter looked no further than `after`; older ones may fit as well.
    """

    rows: list[Row]
    after: Place | None
    is_cut: bool = False


_COLUMNS = (
    *Row._fields[:15],
    "citizen__key",
    "connection__channel",
    "connection__name",
    "unit__name",
    "assignee_id",
    "assignee__name",
    "stuck_at",
    "reply_until",
)


def end_of_walk(ordered: QuerySet[Conversation], *place: str) -> tuple[Any, ...] | None:
    """The place of the last row that a filter looks at; None when the walk sees them all."""
    last: QuerySet[Conversation, Any] = ordered.values_list(*place)[WALK - 1 : WALK]
    return next(iter(last), None)


def read_rows(found: QuerySet[Conversation]) -> list[Row]:
    """At most a page of rows, and the one after it."""
    read: QuerySet[Conversation, Any] = found.values_list(*_COLUMNS)
    return [Row(*values) for values in read[: PAGE + 1]]


def tagged(rows: list[Row]) -> list[Row]:
    """The rows with their labels: one query a page."""
    tags = tags_of([row.id for row in rows])
    return [row._replace(tags=tags[row.id]) if row.id in tags else row for row in rows]


def page_of(rows: list[Row], place: Callable[[Row], Place], end: Place | None = None) -> Page:
    """A page of these rows; the one after them, or the end of the walk, says where to go on."""
    if len(rows) > PAGE:
        rows = rows[:PAGE]
        return Page(rows, place(rows[-1]))
    return Page(rows, end, is_cut=end is not None)


def microseconds(at: datetime) -> int:
    """A moment as a place in a list."""
    return (at - EPOCH) // timedelta(microseconds=1)
