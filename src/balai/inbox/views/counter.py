"""The counter: an officer writes down what a citizen says, and hands over a receipt."""

from io import BytesIO

import qrcode
import qrcode.image.svg
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from balai.channels.selectors import line_at_the_counter
from balai.inbox import services
from balai.inbox.forms.citizen import fresh_ticket
from balai.inbox.forms.counter import CounterForm
from balai.inbox.models import Conversation
from balai.people.middleware import StaffRequest, needs


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs("conversation.enter")
def write_down(request: StaffRequest) -> HttpResponse:
    """The form of the counter. A mistake keeps every word that was typed."""
    line = line_at_the_counter(request.member.institution)
    if line is None:
        return render(request, "inbox/no_counter.html", status=404)
    if request.method != "POST":
        return _ask(request, CounterForm(initial={"ticket": fresh_ticket()}))
    form = CounterForm(request.POST, request.FILES)
    if not form.is_valid():
        return _ask(request, form, status=422)
    said = form.cleaned_data
    services.write_down(
        line,
        receipt=said["ticket"],
        came_by=said["came_by"],
        text=said["text"],
        said_at=said["said_at"],
        name=said["name"],
        phone=said["phone"],
        email=said["email"],
        place=said["place"],
        uploads=[tuple(file) for file in said["photos"]],
        by=request.member,
    )
    return redirect("inbox:receipt", said["ticket"])


@never_cache
@require_safe
@needs("conversation.enter")
def receipt(request: StaffRequest, receipt: str) -> HttpResponse:
    """What the citizen takes home: the address of their page, in letters and as a code."""
    here = Q(institution=request.member.institution, receipt=receipt)
    address = request.build_absolute_uri(reverse("inbox:status", args=[receipt]))
    known = {
        "address": address,
        "code": _code(address),
        "found": Conversation.objects.filter(here).first(),
        "institution": request.member.institution,
    }
    return render(request, "inbox/receipt.html", known)


def _ask(request: HttpRequest, form: CounterForm, *, status: int = 200) -> HttpResponse:
    return render(request, "inbox/write_down.html", {"form": form}, status=status)


def _code(address: str) -> SafeString:
    """The address as a picture for a telephone's camera, drawn by the library as plain SVG."""
    drawn = qrcode.make(address, image_factory=qrcode.image.svg.SvgPathImage, border=2)
    kept = BytesIO()
    drawn.save(kept)
    return SafeString(kept.getvalue().decode().partition("?>")[2])
