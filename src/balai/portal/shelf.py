"""Public pages are drawn once a minute for everybody: kept in memory, with an ETag, no cookie.

A page is kept only for visitors of whom nothing is known but taste (language, look, text only). A
request with a session, a message to show or a query is drawn for itself.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

SECONDS = 60
TEXT_COOKIE = "balai_teks"
THEME_COOKIE = "balai_theme"
ASKED = "teks"  # ?teks=1: text only from now on; ?teks=0: with style again
ONE_YEAR = 365 * 24 * 3600
KNOWN_COOKIES = ("messages",)  # besides the session's: a page that may say something of one's own

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class Kept(NamedTuple):
    """A drawn page."""

    body: bytes
    content_type: str
    etag: str
    disposition: str


def public_page(view: View[P]) -> View[P]:
    """Serve a page that is the same for every visitor: from memory, or with 304 and no body."""

    @wraps(view)
    def served(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if ASKED in request.GET:
            return _choose_text(request)
        if _is_of_one_reader(request):
            answer = view(request, *args, **kwargs)
            answer.headers["Cache-Control"] = "private, no-cache"
            return answer
        key = "" if request.META.get("QUERY_STRING") else _key(request)
        kept: Kept | None = cache.get(key) if key else None
        if kept is None:
            answer = view(request, *args, **kwargs)
            if answer.status_code != 200:
                return answer
            kept = _kept(answer)
            if key:
                cache.set(key, kept, SECONDS)
        return _answer(request, kept)

    return require_safe(served)


def wants_text(request: HttpRequest) -> bool:
    """Whether the visitor chose pages without style, pictures and scripts."""
    return request.COOKIES.get(TEXT_COOKIE) == "1"


def _choose_text(request: HttpRequest) -> HttpResponse:
    answer = redirect(request.path)
    if request.GET[ASKED] == "1":
        answer.set_cookie(TEXT_COOKIE, "1", max_age=ONE_YEAR, samesite="Lax", httponly=True)
    else:
        answer.delete_cookie(TEXT_COOKIE, samesite="Lax")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _is_of_one_reader(request: HttpRequest) -> bool:
    named = (settings.SESSION_COOKIE_NAME, *KNOWN_COOKIES)
    return any(name in request.COOKIES for name in named)


def _key(request: HttpRequest) -> str:
    theme = request.COOKIES.get(THEME_COOKIE, "")
    look = theme if theme in ("light", "dark") else ""
    named = (request.get_host(), request.path, get_language(), look, wants_text(request))
    return f"portal:{hashlib.sha256(repr(named).encode()).hexdigest()}"


def _kept(answer: HttpResponse) -> Kept:
    etag = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    content_type, disposition = (
        answer.headers.get(name, "") for name in ("Content-Type", "Content-Disposition")
    )
    return Kept(answer.content, content_type, etag, disposition)


def _answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    answer = HttpResponse(kept.body, content_type=kept.content_type)
    answer.headers["ETag"] = kept.etag
    answer.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    if kept.disposition:
        answer.headers["Content-Disposition"] = kept.disposition
    patch_vary_headers(answer, ("Cookie",))
    # An answer without a change carries the same headers and no body.
    found = get_conditional_response(request, etag=kept.etag, response=answer)
    return answer if found is None else found
