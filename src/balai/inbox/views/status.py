"""The citizen's own page: where the matter stands, what we answered, and a way to say more.

Whoever knows the address is the citizen: it holds 128 random bits, and no page of ours tells it to
another site. That is why a request needs no other token to be believed.
"""

from contextlib import suppress
from typing import Any, NamedTuple

from django.core import signing
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from balai.channels.models import Dispatch, Parcel
from balai.ground.gate import Bucket, may_pass, visitor
from balai.inbox import selectors
from balai.inbox.forms.citizen import AdditionForm
from balai.inbox.models import Conversation, ErasedAddress, Message, RightsRequest
from balai.inbox.selectors.contacts import copy_ready, requests_in
from balai.inbox.services import add_to_form, citizen_confirms
from balai.inbox.services.asking import ask_on_own_page, confirm_on_own_page, digest_of
from balai.inbox.services.erasing import certificate_address
from balai.inbox.views.data_rights import own_copy
from balai.inbox.views.hours import zone_of
from balai.inbox.views.letterbox import PROOF_SALT, kept_address
from balai.inbox.wording import MODERATION_NAMES, Words

WRONG_ADDRESSES = Bucket("status-guess", 30, 600)
ADDITIONS = Bucket("status-more", 6, 600)
ANSWERED = ("answered", "waiting_citizen", "resolved")


class Line(NamedTuple):
    """One message as the citizen sees it."""

    message: Message
    is_ours: bool
    files: int


# Nobody can forge a request to an address that nobody knows; and with `no-referrer`, which keeps
# the address from other sites, browsers send no origin by which Django could check one.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest, receipt: str) -> HttpResponse:
    """Where the matter stands; POST adds words to it or says whether the answer helped."""
    try:
        found = selectors.by_receipt(receipt)
    except ObjectDoesNotExist:
        erased = ErasedAddress.objects.filter(digest=digest_of(receipt)).first()
        if erased is not None:
            return _sheltered(redirect("inbox:certificate", certificate_address(erased.request)))
        return _sheltered(_not_landed(request, receipt))
    if request.method != "POST":
        return _sheltered(_page(request, found))
    if "helped" in request.POST:
        citizen_confirms(found, helped=request.POST["helped"] == "yes")
        return _sheltered(redirect("inbox:status", receipt))
    if "data" in request.POST and found.state != Conversation.State.SEALED:
        return _sheltered(_ask(request, found))
    return _sheltered(_add(request, found))


def _ask(request: HttpRequest, found: Conversation) -> HttpResponse:
    """The person asks for a copy or for deletion, confirms what an officer noted, or opens it."""
    wanted = request.POST["data"]
    if not may_pass(ADDITIONS, f"data-{found.receipt}"):
        return redirect("inbox:status", found.receipt)
    if wanted == "confirm":
        confirm_on_own_page(found)
    elif wanted == "copy":
        ready = copy_ready(found)
        if ready is not None:
            return own_copy(request, ready)
    elif wanted in RightsRequest.Kind.values:
        with suppress(ValidationError):  # it is being asked already: the page says where it stands
            ask_on_own_page(found, kind=wanted)
    return redirect("inbox:status", found.receipt)


def _add(request: HttpRequest, found: Conversation) -> HttpResponse:
    form = AdditionForm(request.POST)
    if not may_pass(ADDITIONS, found.receipt):
        words = _(
            "You have just sent several messages. Wait some minutes, please; nothing is lost."
        )
        form.add_error(None, words)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    parcel_id = add_to_form(found, text=form.cleaned_data["text"])
    return redirect(kept_address(found.receipt, parcel_id))


def _page(
    request: HttpRequest, found: Conversation, form: AdditionForm | None = None, status: int = 200
) -> HttpResponse:
    is_open = found.state != Conversation.State.SEALED
    lines = _lines(found) if is_open else []
    known = {
        "conversation": found,
        "institution": found.institution,
        "lines": lines,
        "is_sealed": not is_open,
        "hidden_rule": _hidden_rule(found),
        "is_answered": any(line.is_ours for line in lines),
        "asks_helped": found.state in ANSWERED and any(line.is_ours for line in lines),
        "form": form or AdditionForm(),
        "is_kept": _parcel(request, found.receipt) is not None,
        "address": request.build_absolute_uri(request.path),
        "requests": requests_in(found),
        "copy": copy_ready(found),
    }
    with zone_of(found.institution):
        return render(request, "inbox/status.html", known, status=status)


def _hidden_rule(found: Conversation) -> Words:
    """The rule under which the words were hidden, in words; nothing when they are not."""
    hidden = selectors.hidden_under(found) if found.state == "moderated" else None
    return MODERATION_NAMES.get(hidden.rule, "") if hidden else ""


def _lines(found: Conversation) -> list[Line]:
    """What the citizen wrote, and those of our answers that are out with proof."""
    lines = []
    for told in selectors.told(found):
        ours = told.message.direction == Message.Direction.OUT
        is_out = told.delivery is not None and told.delivery.dispatch.state == Dispatch.State.OUT
        if told.message.direction == Message.Direction.IN or (ours and is_out):
            lines.append(Line(told.message, ours, len(told.attachments)))
    return lines


def _not_landed(request: HttpRequest, receipt: str) -> HttpResponse:
    """Kept but not taken in yet, if the address proves it; else it is an address of nobody."""
    parcel = _parcel(request, receipt)
    if parcel is not None:
        known: dict[str, Any] = {
            "address": request.build_absolute_uri(request.path),
            "institution": parcel.connection.institution,
            "parcel": parcel,
        }
        with zone_of(parcel.connection.institution):
            return render(request, "inbox/kept.html", known)
    if not may_pass(WRONG_ADDRESSES, visitor(request)):
        return render(request, "inbox/no_status.html", {"too_often": True}, status=429)
    return render(request, "inbox/no_status.html", status=404)


def _parcel(request: HttpRequest, receipt: str) -> Parcel | None:
    try:
        named, parcel_id = signing.loads(
            request.GET.get("kept", ""), salt=PROOF_SALT, max_age=30 * 24 * 3600
        )
    except signing.BadSignature:
        return None
    parcels = Parcel.objects.select_related("connection__institution").defer("body")
    return parcels.filter(pk=parcel_id).first() if named == receipt else None


def _sheltered(answer: HttpResponse) -> HttpResponse:
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
