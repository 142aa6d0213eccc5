"""The citizen's own page of a case: where it stands, when it is due, and who has the last word.

Whoever knows the address is the citizen: it holds 128 random bits and never stands in a public
thread. That is why a request needs no other token to be believed.
"""

from zoneinfo import ZoneInfo

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from balai.cases import pages, selectors, services
from balai.cases.forms import CitizenWordsForm
from balai.cases.models import Voice
from balai.ground.gate import Bucket, may_pass, visitor
from balai.inbox.services import add_to_form

WRONG_ADDRESSES = Bucket("track-guess", 30, 600)
DEEDS = Bucket("track-deed", 10, 600)


# Nobody can forge a request to an address that nobody knows; and with `no-referrer`, which keeps
# the address from other sites, browsers send no origin by which Django could check one.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest, receipt: str) -> HttpResponse:
    """Where the case stands; POST says whether it is solved, rates, adds words or withdraws."""
    try:
        voice = selectors.by_receipt(receipt)
    except ObjectDoesNotExist:
        return _sheltered(_unknown(request))
    if request.method != "POST":
        return _sheltered(_page(request, voice))
    form = CitizenWordsForm(request.POST)
    if not may_pass(DEEDS, receipt):
        words = _("You have just sent several messages. Wait some minutes, please.")
        form.add_error(None, words)
    if not form.is_valid():
        return _sheltered(_page(request, voice, form, status=422))
    _do(voice, request.POST.get("deed", ""), form.cleaned_data["text"].strip())
    return _sheltered(redirect("cases:track", receipt))


def _do(voice: Voice, deed: str, text: str) -> None:
    """What the citizen pressed. What comes too late changes nothing; the page then says so."""
    if voice.withdrawn_at is not None:
        return
    writes = bool(text and voice.conversation.receipt)
    if deed in ("disputes", "adds") and writes:
        add_to_form(voice.conversation, text=text)
    if deed == "confirms":
        services.citizen_confirms(voice)
    elif deed == "disputes":
        services.citizen_disputes(voice)
    elif deed == "withdraws":
        services.withdraw(voice)
    elif deed.startswith("stars-") and deed[6:].isdecimal():
        services.rate(voice, stars=int(deed[6:8]))


def _page(
    request: HttpRequest, voice: Voice, form: CitizenWordsForm | None = None, status: int = 200
) -> HttpResponse:
    known = pages.tracking_page(voice) | {
        "form": form or CitizenWordsForm(),
        "address": request.build_absolute_uri(request.path),
    }
    with timezone.override(ZoneInfo(voice.case.institution.zone)):
        return render(request, "cases/track.html", known, status=status)


def _unknown(request: HttpRequest) -> HttpResponse:
    if not may_pass(WRONG_ADDRESSES, visitor(request)):
        return render(request, "cases/no_track.html", {"too_often": True}, status=429)
    return render(request, "cases/no_track.html", status=404)


def _sheltered(answer: HttpResponse) -> HttpResponse:
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
