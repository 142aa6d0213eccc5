"""The console: which lines are alive, what waits, what could not be read, what needs a person."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from balai.channels import selectors, services
from balai.channels.models import Connection
from balai.people.middleware import StaffRequest, needs
from balai.people.models import Member
from balai.people.selectors import may

Deed = tuple[Callable[[Connection, Member], object], Any]
DEEDS: dict[str, Deed] = {
    "check": (
        lambda line, by: services.check_line(line, by=by),
        gettext_lazy("The line works: the network knows us."),
    ),
    "pause": (
        lambda line, by: services.pause(line, by=by),
        gettext_lazy("Paused. What must go out waits."),
    ),
    "resume": (
        lambda line, by: services.resume(line, by=by),
        gettext_lazy("Looking and sending again."),
    ),
    "close": (
        lambda line, by: services.close_connection(line, by=by),
        gettext_lazy("Closed. Its keys are erased; what was said stays readable."),
    ),
}
LONGEST_SHOWN = 20_000  # characters of a raw parcel on the page


@require_GET
@needs("connection.view")
def lines(request: StaffRequest) -> HttpResponse:
    """Every line of the institution, those in trouble first."""
    return render(request, "channels/lines.html", {"page": "lines", **_console(request)})


@require_GET
@needs("connection.view")
def undecided(request: StaffRequest) -> HttpResponse:
    """Dispatches that only a person can settle."""
    return render(request, "channels/undecided.html", {"page": "undecided", **_console(request)})


@require_GET
@needs("connection.view")
def parcels(request: StaffRequest) -> HttpResponse:
    """What came in and could not be read."""
    return render(request, "channels/parcels.html", {"page": "parcels", **_console(request)})


@require_GET
@never_cache
@needs("parcel.view")
def parcel(request: StaffRequest, parcel_id: int) -> HttpResponse:
    """One raw parcel as text. It may name citizens: opening it is recorded."""
    found = _parcel_of(request, parcel_id)
    body = services.open_parcel(found, by=request.member)
    text = body[: LONGEST_SHOWN * 4].decode("utf-8", "replace")[:LONGEST_SHOWN]
    known = {"parcel": found, "text": text, "size": len(body)}
    return render(request, "channels/parcel.html", known)


@require_GET
@never_cache
@needs("parcel.view")
def raw(request: StaffRequest, parcel_id: int) -> HttpResponse:
    """The same bytes to keep, under headers with which no browser runs them."""
    body = services.open_parcel(_parcel_of(request, parcel_id), by=request.member)
    answer = HttpResponse(body, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="parcel-{parcel_id}.bin"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@require_POST
@needs("connection.manage")
def do(request: StaffRequest, connection_id: int, deed: str) -> HttpResponse:
    """Check, pause, resume or close a line."""
    here = Connection.objects.filter(institution=request.member.institution)
    line = get_object_or_404(here, pk=connection_id)
    if deed not in DEEDS:
        raise Http404
    act, done = DEEDS[deed]
    try:
        act(line, request.member)
        messages.success(request, f"{line.name}: {done}")
    except services.CannotConnect as no:
        words = _("%(line)s: the network says: %(words)s") % {"line": line.name, "words": no}
        messages.error(request, words)
    return redirect("channels:list")


def _console(request: StaffRequest) -> dict[str, Any]:
    institution = request.member.institution
    return {
        "lines": selectors.lines_of(institution),
        "undecided": selectors.undecided_deliveries(institution),
        "parcels": selectors.unreadable_parcels(institution),
        "may_manage": may(request.member, "connection.manage", institution),
        "may_open": may(request.member, "parcel.view", institution),
    }


def _parcel_of(request: StaffRequest, parcel_id: int) -> Any:
    try:
        return selectors.parcel_of(request.member.institution, parcel_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
