"""What presses first: danger, then by the earlier of two ends: the response clock's, and that of
our right to reply. Each piece is walked along one index and no further than WALK rows."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from balai.inbox.models import Conversation
from balai.inbox.selectors import rows
from balai.inbox.selectors.rows import EPOCH, PAGE, Page, Place, Row, microseconds, read_rows

# Places: danger (0, message); what has an end (microseconds, id); what has none (1, message).
DANGER, ENDLESS = 0, 1
Open = QuerySet[Conversation]
Keys = dict[int, Place]


def pressing(found: Open, wanted: Q, after: Place | None) -> Page:
    """A page of open conversations in the order in which they press."""
    keys: Keys = {}
    end: Place | None = None
    if after is None or after[0] == DANGER:
        keys, end = _by_message(
            found.filter(priority=2, is_open__in=(True,)), wanted, after, DANGER
        )
    if end is None and len(keys) <= PAGE and (after is None or after[0] != ENDLESS):
        more, end = _ending(found, wanted, after if after and after[0] != DANGER else None)
        keys |= more
    if end is None and len(keys) <= PAGE:
        more, end = _by_message(
            found.filter(Q(first_answered_at__isnull=False) | Q(due_at__isnull=True), is_open=True),
            wanted & Q(priority__lt=2, reply_until=None),
            after if after and after[0] == ENDLESS else None,
            ENDLESS,
        )
        keys |= more
    shown = list(keys)[: PAGE + 1]
    read = {row.id: row for row in read_rows(Conversation.objects.filter(pk__in=shown))}
    page = [read[pk] for pk in shown if pk in read]
    if len(page) > PAGE:
        return Page(page[:PAGE], keys[page[PAGE - 1].id])
    return Page(page, end, is_cut=end is not None)


def first_pressing(found: Open, wanted: Q) -> Row | None:
    """The conversation that presses most."""
    page = pressing(found, wanted, None)
    return page.rows[0] if page.rows else None


def _by_message(
    found: Open, wanted: Q, after: Place | None, stage: int
) -> tuple[Keys, Place | None]:
    """Newest first."""
    if after is not None:
        found = found.filter(last_message_id__lt=after[1])
    found = found.order_by("-last_message_id")
    end = rows.end_of_walk(found, "last_message_id") if wanted else None
    if end is not None:
        found = found.filter(last_message_id__gte=end[0])
    read = found.filter(wanted).values_list("pk", "last_message_id")[: PAGE + 1]
    return {pk: (stage, last) for pk, last in read}, (stage, end[0]) if end else None


def _ending(found: Open, wanted: Q, after: Place | None) -> tuple[Keys, Place | None]:
    """Two indexes, each in its own order, merged: a conversation stands in one of the two, under
    the end that comes first."""
    runs = Q(reply_until=None) | Q(reply_until__gte=F("due_at"))
    clocks = found.filter(is_open=True, first_answered_at=None, due_at__isnull=False)
    windows = found.filter(is_open=True, reply_until__isnull=False)
    rests = Q(first_answered_at__isnull=False) | Q(due_at=None) | Q(reply_until__lt=F("due_at"))
    walks = [
        _walked(clocks, "due_at", wanted & runs, after),
        _walked(windows, "reply_until", wanted & rests, after),
    ]
    end = min((end for _keys, end in walks if end is not None), default=None)
    merged = sorted(pair for keys, _end in walks for pair in keys if end is None or pair <= end)
    return {pair[1]: pair for pair in merged[: PAGE + 1]}, end


def _walked(
    found: Open, name: str, wanted: Q, after: Place | None
) -> tuple[Iterable[Place], Place | None]:
    """Places along one index, and where the walk stopped when it did not see all."""
    if after is not None:
        at = EPOCH + timedelta(microseconds=after[0])
        beyond = Q(**{f"{name}__gt": at}) | Q(**{name: at}, id__gt=after[1])
        found = found.filter(beyond, **{f"{name}__gte": at})
    found = found.order_by(name, "id")
    stop: tuple[Any, ...] | None = rows.end_of_walk(found, name, "id")
    if stop is not None:
        at, last = stop
        within = Q(**{f"{name}__lt": at}) | Q(**{name: at}, id__lte=last)
        found = found.filter(within, **{f"{name}__lte": at})
    read = found.filter(wanted, priority__lt=2).values_list(name, "id")[: PAGE + 1]
    places = [(microseconds(at), pk) for at, pk in read]
    if len(places) > PAGE or stop is None:
        return places, None
    return places, (microseconds(stop[0]), stop[1])
