"""Pages of the house itself: the door, the first run, the gallery, errors in words."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from balai.config import beginning
from balai.config.shell import THEME_COOKIE, THEMES, rooms
from balai.ground.forms import note_refusal
from balai.people.forms import Begin
from balai.people.models import Institution
from balai.people.services import found_institution
from balai.portal.views import front

ONE_YEAR = 365 * 24 * 3600


def home(request: HttpRequest) -> HttpResponse:
    """Staff go to their first room; everybody else reads what was asked and answered here."""
    if request.user.is_authenticated:
        mine = rooms(request)
        return redirect(mine[0]["places"][0]["url"] if mine else "account_change_password")
    try:
        return front.home(request)
    except Http404:
        return redirect("begin")


def begin(request: HttpRequest) -> HttpResponse:
    """The first run: the institution and its first administrator. Afterwards it refuses."""
    _refuse_second_beginning()
    if not beginning.may_begin(request):
        raise PermissionDenied(
            _("This installation is new. Open the address with the key that its console shows.")
        )
    form = Begin(request.POST or None)
    if form.is_valid() and _begun(request, form):
        messages.success(request, _("Welcome. Your institution has its own Balai now."))
        return redirect("home")
    return render(request, "pages/begin.html", {"form": form})


def _refuse_second_beginning() -> None:
    if Institution.objects.exists():
        raise PermissionDenied(
            _("This installation has begun already. Ask its administrator to add you.")
        )


def _begun(request: HttpRequest, form: Begin) -> bool:
    slug = slugify(form.cleaned_data["name"])[:50] or "instansi"
    try:
        with transaction.atomic():
            _refuse_second_beginning()  # two people may press the button at once
            member = found_institution(slug=slug, **form.cleaned_data)
    except ValidationError as refused:
        note_refusal(form, refused)
        return False
    beginning.forget_key()
    login(request, member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return True


@login_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component of the stylesheet, alive, for those who build pages."""
    return render(request, "pages/gallery.html")


@csrf_exempt  # it changes nothing but a cookie of taste; without a token the page can be cached
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device has it; kept in a cookie, since it belongs to the device."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    answer = redirect(back if safe else "home")
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        answer.set_cookie(THEME_COOKIE, theme, max_age=ONE_YEAR, samesite="Lax", httponly=True)
    else:
        answer.delete_cookie(THEME_COOKIE)
    return answer
