"""Open a line, or give it new keys: the form is made from what the connector asks."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from balai.channels import selectors
from balai.channels.catalogue import CONNECTORS
from balai.channels.forms import ConnectForm
from balai.channels.models import Connection
from balai.channels.services import CannotConnect, connect
from balai.people.middleware import StaffRequest, needs

A_DAY = 86_400


@require_GET
@needs("connection.manage")
def choose(request: StaffRequest) -> HttpResponse:
    """Which channel?"""
    return render(request, "channels/choose.html", {"channels": selectors.all_promises()})


@needs("connection.manage")
def open_line(request: StaffRequest, channel: str) -> HttpResponse:
    """A new line, tried before it is kept."""
    if channel not in CONNECTORS:
        raise Http404
    form = ConnectForm(
        request.POST or None, channel=channel, institution=request.member.institution
    )
    return _form_page(request, channel, form, None)


@needs("connection.manage")
def renew(request: StaffRequest, connection_id: int) -> HttpResponse:
    """New answers and keys for a line that keeps its history."""
    at_work = Connection.objects.exclude(state=Connection.State.CLOSED)
    line = get_object_or_404(at_work, institution=request.member.institution, pk=connection_id)
    form = ConnectForm(
        request.POST or None,
        channel=line.channel,
        institution=line.institution,
        initial={"name": line.name, "account": line.account_id, **line.settings},
    )
    return _form_page(request, line.channel, form, line)


@require_GET
def logo(request: HttpRequest, channel: str) -> FileResponse:
    """The sign of a channel, as its folder has it."""
    place = selectors.logo_of(channel)
    if place is None:
        raise Http404
    answer = FileResponse(place.open("rb"), content_type="image/svg+xml")
    answer.headers["Cache-Control"] = f"public, max-age={A_DAY}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return answer


def _form_page(
    request: StaffRequest, channel: str, form: ConnectForm, line: Connection | None
) -> HttpResponse:
    if form.is_valid() and _kept(request, channel, form, line):
        messages.success(request, _("The line works and was kept."))
        return redirect("channels:list")
    known = {
        "form": form,
        "label": CONNECTORS[channel].label,
        "line": line,
        "help": selectors.help_of(channel),
    }
    return render(request, "channels/connect.html", known, status=422 if form.errors else 200)


def _kept(request: StaffRequest, channel: str, form: ConnectForm, line: Connection | None) -> bool:
    """Try the line; what the network says against it stands at the top of the form."""
    try:
        connect(
            institution=request.member.institution,
            channel=channel,
            name=form.cleaned_data["name"],
            answers=form.answers(),
            by=request.member,
            account=form.cleaned_data["account"],
            replaces=line,
        )
    except CannotConnect as no:
        words = _("The line was tried and does not work. The network says: %(words)s")
        form.add_error(None, words % {"words": no})
        return False
    return True
