"""What every page knows: the institution, the reader, the rooms they may enter, language, look."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from balai.inbox.selectors import unseen_calls
from balai.people.models import Institution
from balai.people.selectors import may_somewhere

THEMES = ("light", "dark")
THEME_COOKIE = "balai_theme"


@dataclass(frozen=True)
class Place:
    """One entry of the navigation: shown when its page exists and the reader may see it."""

    title: Any
    icon: str
    url_name: str
    action: str = ""


# The navigation of the house, top to bottom. A room that is not built yet is simply absent.
NAVIGATION: tuple[tuple[Any, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place(_("Inbox"), "inbox", "inbox:queue", "conversation.view"),
            Place(_("My promises"), "calendar", "inbox:promises", "conversation.answer"),
            Place(_("Calls for help"), "danger", "inbox:hand_offs", "conversation.answer"),
            Place(_("Questions to my unit"), "unit", "inbox:questions", "question.answer"),
            Place(_("Cases"), "case", "cases:list", "case.view"),
            Place(_("Publishing"), "post", "publishing:board", "post.view"),
            Place(_("Answer library"), "note", "library:articles", "article.view"),
            Place(_("STOC and readiness"), "readiness", "readiness:overview", "readiness.view"),
            Place(_("Reports"), "chart", "analytics:report"),
            Place(_("Satisfaction"), "survey", "surveys:list", "survey.view"),
            Place(_("Channels"), "channel", "channels:list", "connection.view"),
            Place(_("Official accounts"), "account", "registry:accounts", "account.view"),
        ),
    ),
    (
        _("Institution"),
        (
            Place(_("Members"), "people", "people:members", "member.view"),
            Place(_("Teams and shifts"), "team", "desk:teams", "conversation.view"),
            Place(_("Rules"), "rule", "desk:rules", "conversation.view"),
            Place(_("Units"), "unit", "people:units", "member.view"),
            Place(_("Working days"), "calendar", "governance:calendar", "calendar.view"),
            Place(_("Response targets"), "clock", "governance:targets", "institution.view"),
            Place(_("Answering"), "send", "inbox:answering", "institution.view"),
            Place(_("Requests about own data"), "key", "inbox:requests", "rights.handle"),
            Place(_("Safe channels"), "lock", "inbox:keeping", "sealed.keep"),
            Place(_("Audit trail"), "audit", "governance:audit", "audit.view"),
            Place(_("Settings"), "settings", "people:institution", "institution.view"),
        ),
    ),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor. Its parts cost nothing on a page that does not ask for them."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "shell": {
            "institution": SimpleLazyObject(lambda: _institution(request)),
            "member": getattr(request, "member", None),
            "person": SimpleLazyObject(lambda: _person(request)),
            "unseen": SimpleLazyObject(lambda: _unseen(request)),
            "rooms": SimpleLazyObject(lambda: rooms(request)),
            "languages": languages(),
            "theme": theme if theme in THEMES else "",
        }
    }


def rooms(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of the navigation that hold at least one place for this reader."""
    groups = (
        {"title": title, "places": [_shown(one, request) for one in places if _open(one, request)]}
        for title, places in NAVIGATION
    )
    return [group for group in groups if group["places"]]


def languages() -> list[dict[str, Any]]:
    """The languages of the house, each under its own name."""
    own_names = {"id": "Bahasa Indonesia", "en": "English"}
    current = get_language()
    return [
        {"code": code, "name": own_names[code], "is_current": code == current}
        for code, _name in settings.LANGUAGES
    ]


def _institution(request: HttpRequest) -> Institution | None:
    member = getattr(request, "member", None)
    # A citizen sees the installation's first institution: the others have pages of their own.
    return member.institution if member else Institution.objects.order_by("id").first()


def _person(request: HttpRequest) -> str:
    member = getattr(request, "member", None)
    user = getattr(request, "user", None)
    return str(member or (user if user is not None and user.is_authenticated else ""))


def _unseen(request: HttpRequest) -> int:
    member = getattr(request, "member", None)
    return unseen_calls(member) if member else 0


def _open(place: Place, request: HttpRequest) -> bool:
    member = getattr(request, "member", None)
    if not member or _address(place) is None:
        return False
    return not place.action or may_somewhere(member, place.action, member.institution_id)


def _shown(place: Place, request: HttpRequest) -> dict[str, Any]:
    address = _address(place) or ""
    return {
        "title": place.title,
        "icon": place.icon,
        "url": address,
        "is_current": request.path == address or request.path.startswith(address),
    }


def _address(place: Place) -> str | None:
    try:
        return reverse(place.url_name)
    except NoReverseMatch:
        return None
