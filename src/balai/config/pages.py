"""Pages of the house itself: the door, the first run, the gallery, errors in words."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from balai.config.shell import THEME_COOKIE, THEMES, rooms
from balai.people.models import Institution

ONE_YEAR = 365 * 24 * 3600


def home(request: HttpRequest) -> HttpResponse:
    """Staff go to their first room; everybody else reads who this is and how to write to us."""
    if not Institution.objects.exists():
        return redirect("begin")
    if request.user.is_authenticated:
        mine = rooms(request)
        return redirect(mine[0]["places"][0]["url"] if mine else "account_change_password")
    return render(request, "pages/home.html", {"write_to_us": _address("channels:webform")})


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


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
