"""The queue: one page, and the same rows as a part that costs nothing when nothing moved."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import condition, require_GET

from balai.ground.clock import now
from balai.ground.log import open_log
from balai.inbox import selectors
from balai.inbox.forms.office import Filters
from balai.inbox.models import Conversation, Message, SavedView
from balai.inbox.search import search
from balai.inbox.views.bulk import offered
from balai.inbox.views.kept import kept, moment_of_news
from balai.inbox.views.rows import KeptRows
from balai.inbox.wording import LANGUAGE_NAMES
from balai.people.middleware import StaffRequest, needs
from balai.people.models import Member

TABS = {
    "open": _("To answer"),
    "mine": _("Mine"),
    "unassigned": _("Unassigned"),
    "late": _("Late or needs a person"),
    "waiting": _("Waiting for the citizen"),
    "done": _("Done"),
    "moderated": _("Moderated"),
    "all": _("All"),
}
MOST_LOOKS = 10  # pages of a search of which the filters let nothing through
LAG_SHOWN_AFTER = timedelta(seconds=5)


class Tab(NamedTuple):
    """One view of the queue in the row of tabs: a built-in one, or one that somebody saved."""

    label: Any
    url: str
    is_here: bool
    view: str = ""
    number: int | None = None
    is_full: bool = False  # more than were counted


@require_GET
@needs("conversation.view")
def queue(request: StaffRequest) -> HttpResponse:
    """The officer's work, the gravest first; without a wish, the view that the officer chose."""
    news = moment_of_news()
    if not request.GET:
        first = next((view for view in _saved(request, news) if view.is_first), None)
        if first is not None:
            return redirect(address_of(first))
    return render(request, "inbox/queue.html", _shown(request, news))


def _etag(request: HttpRequest) -> str:
    member = getattr(request, "member", None)
    return f'"{moment_of_news()}-{member and member.pk}-{get_language()}"'


@require_GET
@needs("conversation.view")
@condition(etag_func=_etag)
def rows(request: StaffRequest) -> HttpResponse:
    """The rows alone, for a page that is open. Nothing announced since: 304, at one query."""
    answer = render(request, "inbox/queue.jinja", _shown(request, moment_of_news()), using="jinja2")
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


def _shown(request: StaffRequest, news: str) -> dict[str, Any]:
    """The page's words. What the office's news cannot have changed since is not asked again."""
    member = request.member
    form, filters = kept(request, news, "filters", lambda: _filters(member, request.GET))
    asked, words = form.asked(), form.cleaned_data.get("q", "")
    if asked.view in selectors.IN_ORDER and not asked.order:
        order = kept(request, news, "order", lambda: selectors.order_of(member), anywhere=True)
        asked = replace(asked, order=order)
    page = kept(
        request,
        news,
        "rows",
        lambda: _search(member, words, asked) if words else selectors.queue(member, asked),
    )
    counts = kept(request, news, "counts", lambda: selectors.tab_counts(member), anywhere=True)
    saved = _saved(request, news)
    in_saved = kept(request, news, "in_saved", lambda: _view_counts(member, saved), anywhere=True)
    bulk = offered(member)
    drafted = selectors.drafted_among(member, [row.id for row in page.rows])
    live = {
        "bulk": bulk,
        "bulk_url": f"{reverse('inbox:bulk')}{_address(request, after='')}",
        "words": words,
        "view": asked.view,
        "tabs": _tabs(request, counts, form.kept(), saved, in_saved),
        "rows": page.rows,
        "kept": KeptRows(member, may_pick=bool(bulk), drafted=drafted),
        "is_cut": page.is_cut,
        "older": _address(request, after=f"{page.after[0]}-{page.after[1]}") if page.after else "",
        "is_first": asked.after is None,
        "is_filtered": bool(
            words
            or asked.channel
            or asked.unit_id
            or asked.intent
            or asked.language
            or asked.label_id
        ),
        "save_url": f"{reverse('inbox:save_view')}{_address(request, after='')}",
        "newest_url": _address(request, after=""),
        "clear_url": f"?view={asked.view}",
        "lag": _lag(),
        "intents": {code: str(words) for code, words in Conversation.Intent.choices},
        "states": {code: str(words) for code, words in Conversation.State.choices},
        "languages": {code: str(words) for code, words in LANGUAGE_NAMES.items()},
        "me": member.pk,
    }
    return {"filters": filters, "live": live, "waiting": counts.get("held", 0)}


def _filters(member: Member, data: Any) -> tuple[Filters, list[dict[str, Any]]]:
    """The form, judged, and its lists of choices as the page draws them."""
    form = Filters(data, institution=member.institution)
    form.asked()
    return form, form.drawn()


def _search(member: Member, words: str, asked: selectors.Asked) -> selectors.Page:
    """What was found, newest first: `after` then holds the id of the last message seen.

    In all conversations that the filters let through; what was hidden only from its own view.
    """
    before = asked.after[1] if asked.after else None
    asked = replace(asked, view="moderated" if asked.view == "moderated" else "all", order="")
    found: list[selectors.Row] = []
    for _look in range(MOST_LOOKS):
        results = search(member.institution_id, words, before=before)
        found, before = (
            selectors.found_among(member, results.conversation_ids, asked),
            results.before,
        )
        if found or before is None:
            break
    after = (0, before) if before else None
    return selectors.Page(found, after, is_cut=bool(before) and not found)


def _view_counts(member: Member, saved: list[SavedView]) -> dict[int, selectors.Counted]:
    """How many stand in each saved view. What a search finds is not counted."""
    if not saved:
        return {}
    here = member.institution
    offered = selectors.filter_choices(here)
    forms = {view.pk: Filters(view.filters, institution=here, offered=offered) for view in saved}
    asked = {pk: form.asked() for pk, form in forms.items()}
    searched = {pk for pk, form in forms.items() if form.cleaned_data.get("q")}
    wanted = {pk: one for pk, one in asked.items() if pk not in searched}
    return selectors.view_counts(member, wanted)


def _saved(request: StaffRequest, news: str) -> list[Any]:
    """The views that this member kept or was given."""
    member = request.member
    return kept(request, news, "saved", lambda: list(selectors.views_of(member)), anywhere=True)


def address_of(view: SavedView) -> str:
    """Where the queue stands as the view keeps it."""
    return f"{reverse('inbox:queue')}?{urlencode(view.filters)}"


def _tabs(
    request: HttpRequest,
    counts: dict[str, int],
    asked: dict[str, str],
    saved: list[SavedView],
    in_saved: dict[int, selectors.Counted],
) -> list[Tab]:
    kept_counter = {"open", "waiting", "done", "moderated"}
    tabs = []
    chosen = next((view for view in saved if view.filters == asked), None)
    here = "" if chosen or asked.get("q") else asked.get("view") or "open"
    for view, label in TABS.items():
        count = counts.get(view)
        if view == "moderated" and not count and here != view:
            continue  # most offices never need it
        full = view not in kept_counter and count == selectors.COUNTED_TO
        url = _address(request, view=view, after="", q="")
        tabs.append(Tab(label, url, view == here, view, count, full))
    for one in saved:
        n, more = in_saved.get(one.pk, (None, False))
        tabs.append(Tab(one.name, address_of(one), one is chosen, "saved", n, more))
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
