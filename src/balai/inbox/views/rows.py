"""The rows of the queue, drawn once for each thing that they say."""

from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup

from balai.governance.selectors import Calendar, calendar_of
from balai.ground.clock import now
from balai.ground.plain import plain_text
from balai.inbox.selectors import Row
from balai.inbox.wording import Due, due, pseudonym, reply_left
from balai.people.models import Member

LONGEST_PREVIEW = 130  # characters: the page of rows stays under 5 kB on the line
MOST_KEPT = 4_000  # rows of HTML in one process: some 3 MB

_drawn: dict[Any, Markup] = {}


class Shown(NamedTuple):
    """A row with what must be worked out for the reader."""

    row: Row
    who: str
    preview: str
    due: Due | None
    has_draft: bool
    reply: Due | None  # how long the network still takes an answer, where it does so for a time


class KeptRows:
    """Rows as HTML, kept in this process for the minute in which they are true.

    All that a row says is in its key: the row as it was read, the minute ("42 minutes left"), the
    language, the zone, whether the reader is its officer, has a draft in it, and can tick it.
    """

    def __init__(
        self, member: Member, *, may_pick: bool = False, drafted: frozenset[int] = frozenset()
    ) -> None:
        self._member = member
        self.may_pick = may_pick
        self._drafted = drafted
        self._at = now()
        self._reader = (
            int(self._at.timestamp()) // 60,
            get_language(),
            str(timezone.get_current_timezone()),
            may_pick,
        )

    def get(self, row: Row) -> Markup | None:
        """The row's HTML, when it was drawn this minute."""
        return _drawn.get(self._key(row))

    def keep(self, row: Row, drawn: Markup) -> Markup:
        """Keep what was drawn; gives it back."""
        if len(_drawn) >= MOST_KEPT:
            _drawn.clear()
        _drawn[self._key(row)] = drawn
        return drawn

    def look(self, row: Row) -> Shown:
        """What a row says beside what the table holds."""
        runs = row.is_open and row.first_answered_at is None
        return Shown(
            row,
            pseudonym(row.citizen_key),
            _folded(row) or plain_text(shortened(row.preview)),
            due(row.clock, row.due_at, self._calendar, self._at) if runs else None,
            row.id in self._drafted,
            reply_left(row.reply_until, self._at) if row.is_open else None,
        )

    @cached_property
    def _calendar(self) -> Calendar:
        return calendar_of(self._member.institution)

    def _key(self, row: Row) -> Any:
        return row, self._reader, row.assignee_id == self._member.pk, row.id in self._drafted


def _folded(row: Row) -> str:
    """Abusive words are not read in passing: the row says that they are there."""
    return _("Abusive words, folded") if row.intent == "abuse" else ""


def shortened(preview: str) -> str:
    """As much of a preview as two lines of a row hold; it ends with a word."""
    if len(preview) <= LONGEST_PREVIEW:
        return preview
    return preview[:LONGEST_PREVIEW].rpartition(" ")[0] + "…"
