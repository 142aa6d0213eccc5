"""The queue: one page, and the same rows as a part that costs nothing when nothing moved."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import condition, require_GET

from balai.governance.selectors import calendar_of
from balai.ground.clock import now
from balai.ground.log import open_log
from balai.ground.plain import plain_text
from balai.ground.services import news_mark
from balai.inbox import selectors
from balai.inbox.forms.office import Filters
from balai.inbox.models import Conversation, Message
from balai.inbox.search import search
from balai.inbox.wording import LANGUAGE_NAMES, Due, due, pseudonym
from balai.people.middleware import StaffRequest, needs
from balai.people.models import Member

TABS = {
    "open": _("To answer"),
    "mine": _("Mine"),
    "unassigned": _("Unassigned"),
    "late": _("Late or due soon"),
    "waiting": _("Waiting for the citizen"),
    "done": _("Done"),
    "all": _("All"),
}
LAG_SHOWN_AFTER = timedelta(seconds=5)
LONGEST_PREVIEW = 130  # characters: the page of rows stays under 5 kB on the line


class Tab(NamedTuple):
    """One view of the queue in the row of tabs."""

    view: str
    label: Any
    url: str
    number: int | None
    is_full: bool  # more than were counted


class Shown(NamedTuple):
    """A row with what must be worked out for the reader."""

    row: selectors.Row
    who: str
    preview: str
    due: Due | None


@require_GET
@needs("conversation.view")
def queue(request: StaffRequest) -> HttpResponse:
    """The officer's work, the gravest first."""
    return render(request, "inbox/queue.html", _shown(request))


def _etag(request: HttpRequest) -> str:
    minute = int(now().timestamp()) // 60  # "42 minutes left" is another row a minute later
    member = getattr(request, "member", None)
    return f'"{news_mark()}-{minute}-{member and member.pk}-{get_language()}"'


@require_GET
@needs("conversation.view")
@condition(etag_func=_etag)
def rows(request: StaffRequest) -> HttpResponse:
    """The rows alone, for a page that is open. Nothing announced since: 304, at one query."""
    answer = render(request, "inbox/queue.jinja", _shown(request), using="jinja2")
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


@require_GET
@needs("conversation.view")
def following(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """On to the next conversation that waits for an answer."""
    pk = selectors.next_in_queue(request.member, not_this=conversation_id)
    return redirect("inbox:conversation", pk) if pk else redirect("inbox:queue")


@require_GET
@needs("conversation.view")
def of_message(request: StaffRequest, message_id: int) -> HttpResponse:
    """On to the conversation in which a message stands."""
    message = get_object_or_404(Message, institution=request.member.institution, pk=message_id)
    page = redirect("inbox:conversation", message.conversation_id)
    page.headers["Location"] += f"#m{message.pk}"
    return page


def _shown(request: StaffRequest) -> dict[str, Any]:
    member = request.member
    form = Filters(request.GET, institution=member.institution)
    asked = form.asked()
    words = form.cleaned_data.get("q", "")
    page = _search(member, words, asked) if words else selectors.queue(member, asked)
    live = {
        "words": words,
        "view": asked.view,
        "tabs": _tabs(request, selectors.tab_counts(member), "" if words else asked.view),
        "rows": _rows(member, page.rows),
        "older": _address(request, after=f"{page.after[0]}-{page.after[1]}") if page.after else "",
        "is_first": asked.after is None,
        "is_filtered": bool(
            words or asked.channel or asked.unit_id or asked.intent or asked.language
        ),
        "newest_url": _address(request, after=""),
        "clear_url": f"?view={asked.view}",
        "lag": _lag(),
        "intents": {code: str(words) for code, words in Conversation.Intent.choices},
        "states": {code: str(words) for code, words in Conversation.State.choices},
        "languages": {code: str(words) for code, words in LANGUAGE_NAMES.items()},
        "me": member.pk,
    }
    filters = [form[name] for name in ("channel", "unit", "intent", "language")]
    return {"form": form, "filters": filters, "live": live}


def shortened(preview: str) -> str:
    """As much of a preview as two lines of a row hold; it ends with a word."""
    if len(preview) <= LONGEST_PREVIEW:
        return preview
    return preview[:LONGEST_PREVIEW].rpartition(" ")[0] + "…"


def _search(member: Member, words: str, asked: selectors.Asked) -> selectors.Page:
    """What was found, newest first: `after` then holds the id of the last message seen."""
    before = asked.after[1] if asked.after else None
    results = search(member.institution_id, words, before=before)
    found = selectors.by_ids(member, results.conversation_ids)
    return selectors.Page(found, (0, results.before) if results.before else None)


def _rows(member: Member, rows: Sequence[selectors.Row]) -> list[Shown]:
    calendar, at = calendar_of(member.institution), now()
    return [
        Shown(
            row,
            pseudonym(row.citizen_key),
            plain_text(shortened(row.preview)),
            due(row.clock, row.due_at, calendar, at)
            if row.is_open and row.first_answered_at is None
            else None,
        )
        for row in rows
    ]


def _tabs(request: HttpRequest, counts: dict[str, int], here: str) -> list[Tab]:
    kept_counter = {"open", "waiting", "done"}
    tabs = []
    for view, label in TABS.items():
        count = counts.get(view)
        full = view not in kept_counter and count == selectors.COUNTED_TO
        tabs.append(Tab(view, label, _address(request, view=view, after="", q=""), count, full))
    return tabs


def _address(request: HttpRequest, **changes: str) -> str:
    asked = {name: value for name, value in request.GET.items() if name in Filters.base_fields}
    asked |= changes
    return "?" + urlencode({name: value for name, value in asked.items() if value})


def _lag() -> dict[str, Any] | None:
    """How far the landing is behind, when a person would notice."""
    depth = open_log().depth()
    if depth.oldest_at is None or now() - depth.oldest_at < LAG_SHOWN_AFTER:
        return None
    return {"items": depth.items, "since": depth.oldest_at}
