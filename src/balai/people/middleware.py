"""Who is at the desk: the member behind a request, and the doors of pages for staff."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from balai.people.models import Institution, Member, User
from balai.people.selectors import held_by, may_somewhere, memberships_of
from balai.people.services import NotAllowed, refusal

CHOSEN = "institution_at_work"  # the session's key
P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request that passed `staff_only` or `needs`: there is a member at the desk."""

    member: Member
    user: User


def member_at_the_desk(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Set `request.member`, read with one query when somebody first asks for it.

    It is None for a visitor without a session and falsy for everybody else who is no present
    member, so ask `if request.member`. A visitor's page stays free of cookies.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        found = None
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            found = SimpleLazyObject(lambda: _member_of(request))
        request.member = found  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def choose_institution(request: HttpRequest, institution: Institution) -> Member:
    """Work in another of one's institutions for this session. Raises NotAllowed."""
    chosen = memberships_of(request.user).filter(institution=institution).first()
    if chosen is None:
        raise NotAllowed(_("You do not work in this institution."))
    request.session[CHOSEN] = institution.pk
    return chosen


def staff_only(
    view: Callable[Concatenate[StaffRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page for any present member of an institution."""
    return _guarded(view, None)


def needs(
    action: str,
) -> Callable[
    [Callable[Concatenate[StaffRequest, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """A page for members who may do `action` on something; the verb behind it checks on what."""

    def decorate(
        view: Callable[Concatenate[StaffRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        return _guarded(view, action)

    return decorate


def _guarded(
    view: Callable[Concatenate[StaffRequest, P], HttpResponse], action: str | None
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        member = request.member  # type: ignore[attr-defined]
        if not member:
            raise NotAllowed(
                _("You are signed in, but you do not work in any institution here at present.")
            )
        if lacks_second_factor(member):
            messages.info(
                request,
                _("Your role needs a second factor at sign-in. Please set it up before you go on."),
            )
            return redirect("mfa_activate_totp")
        if action is not None and not may_somewhere(member, action, member.institution_id):
            raise refusal(action)
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return guarded


def lacks_second_factor(member: Member) -> bool:
    """Whether a role of the member asks for a second factor that the person has not set up."""
    if member.institution.is_sample:
        return False
    powerful = set(settings.BALAI_SECOND_FACTOR_ROLES)
    return bool(powerful & {held.role for held in held_by(member)}) and not is_mfa_enabled(
        member.user
    )


def _member_of(request: HttpRequest) -> Member | None:
    if not request.user.is_authenticated:
        return None
    member = member_at_work(request.user, request.session.get(CHOSEN))
    if member is not None:
        member.keeps_held = True
    return member


def member_at_work(user: User, chosen: int | None) -> Member | None:
    """The membership in which somebody works: the institution chosen in the session, else any."""
    present = list(memberships_of(user))
    member = next((one for one in present if one.institution_id == chosen), None)
    return member or (present[0] if present else None)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):  # a part of a page: let the whole page go there
        here = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
        to = redirect_to_login(here, resolve_url(settings.LOGIN_URL))
        return HttpResponse(status=401, headers={"HX-Redirect": to.headers["Location"]})
    return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
