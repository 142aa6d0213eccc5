"""Every call of the interface on one page: the addresses and the document are made from it."""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from balai.config.api import calls, shapes
from balai.config.api.door import let_in, not_allowed


class Parameter(NamedTuple):
    """What may stand in the address after the question mark."""

    name: str
    about: str | Promise
    kind: str = "string"


class Endpoint(NamedTuple):
    """One call."""

    method: str
    route: str  # as Django writes it, below /api/v1/
    scope: str
    do: Callable[..., msgspec.Struct]
    gives: type[msgspec.Struct]
    about: str | Promise
    takes: type[msgspec.Struct] | None = None
    parameters: tuple[Parameter, ...] = ()
    asks_once: bool = False

    @property
    def name(self) -> str:
        return self.do.__name__

    @property
    def address(self) -> str:
        """As the document writes it."""
        return "/api/v1/" + self.route.replace("<int:", "{").replace(">", "}")


_TALK = "conversations/<int:conversation_id>"
ENDPOINTS = (
    Endpoint("GET", "me", "", calls.me, shapes.Me, _("Whose key this is, and what it may do.")),
    Endpoint(
        "GET", "conversations", "conversations.read", calls.conversations, shapes.Conversations,
        _("Fifty conversations in the order of the queue; the next fifty by the cursor."),
        parameters=(
            Parameter("view", _("open, mine, unassigned, late, waiting, done, moderated or all")),
            Parameter("channel", _("only of this channel")),
            Parameter("unit", _("only of this unit"), "integer"),
            Parameter("intent", _("only of this kind")),
            Parameter("language", _("only in this language (ISO 639-3)")),
            Parameter("label", _("only with this label"), "integer"),
            Parameter("cursor", _("“next” of the page before")),
        ),
    ),
    Endpoint(
        "GET", _TALK, "conversations.read", calls.conversation, shapes.Conversation,
        _("One conversation."),
    ),
    Endpoint(
        "GET", f"{_TALK}/messages", "conversations.read", calls.messages, shapes.Messages,
        _("What was said, personal data masked; sixty at a time."),
        parameters=(Parameter("before", _("only messages older than this id"), "integer"),),
    ),
    Endpoint(
        "POST", f"{_TALK}/answer", "conversations.answer", calls.answer, shapes.Message,
        _("Answer the citizen. It leaves when the undo window is over."),
        takes=shapes.AnswerIn, asks_once=True,
    ),
    Endpoint(
        "POST", f"{_TALK}/assign", "conversations.assign", calls.assign, shapes.Assigned,
        _("Give a conversation to a member, a unit, both, or back to all."),
        takes=shapes.AssignIn,
    ),
    Endpoint(
        "POST", f"{_TALK}/labels", "conversations.label", calls.label, shapes.Conversation,
        _("Put labels on and take others off."), takes=shapes.LabelIn,
    ),
    Endpoint(
        "POST", f"{_TALK}/notes", "conversations.note", calls.note, shapes.Message,
        _("Write a note that only the office sees."), takes=shapes.NoteIn,
    ),
    Endpoint(
        "GET", "labels", "conversations.read", calls.labels, shapes.Labels,
        _("The labels of the office."),
    ),
    Endpoint(
        "GET", "accounts", "accounts.read", calls.accounts, shapes.Accounts,
        _("The official accounts, the closed ones too."),
    ),
    Endpoint(
        "GET", "articles", "articles.read", calls.articles, shapes.Articles,
        _("The answers in force."),
        parameters=(
            Parameter("q", _("only with these words")),
            Parameter("language", _("in this language where there is one (ISO 639-3)")),
        ),
    ),
    Endpoint(
        "GET", "reports", "reports.read", calls.report, shapes.Report,
        _("Figures of a period, from the rollups."),
        parameters=(
            Parameter("by", _("unit, channel, intent, place or all")),
            Parameter("first_day", _("2026-01-31")),
            Parameter("last_day", _("2026-01-31")),
        ),
    ),
)  # fmt: skip


def addresses() -> list[URLPattern]:
    """One address for each route, which knows its methods."""
    routes: dict[str, dict[str, Endpoint]] = {}
    for endpoint in ENDPOINTS:
        routes.setdefault(endpoint.route, {})[endpoint.method] = endpoint
    return [path(route, _view(methods)) for route, methods in routes.items()]


def _view(methods: dict[str, Endpoint]) -> Callable[..., HttpResponse]:
    @csrf_exempt  # a cookie is no key here: no other site can act through a browser
    def view(request: HttpRequest, **where: Any) -> HttpResponse:
        endpoint = methods.get(request.method or "")
        if endpoint is None:
            return not_allowed(list(methods))
        return let_in(
            request,
            endpoint.scope,
            endpoint.takes,
            asks_once=endpoint.asks_once,
            do=lambda asked: endpoint.do(asked, **where),
        )

    return view
