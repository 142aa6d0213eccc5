"""Webhooks and notices: whom the desk tells, outside the house and inside it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from balai.desk import services
from balai.desk.forms.ruling import EndpointForm
from balai.desk.models import Endpoint, HookDelivery
from balai.desk.selectors import notices_of
from balai.desk.wording import DELIVERIES, HOOK_KINDS, LOOKS
from balai.ground.forms import note_refusal, tried
from balai.people.middleware import StaffRequest, needs

PAGE = 50


@needs("desk.arrange")
def hooks(request: StaffRequest) -> HttpResponse:
    lines = [{"endpoint": e, "look": LOOKS[e.state]} for e in _endpoints(request).order_by("name")]
    return render(request, "desk/hooks.html", {"lines": lines})


@never_cache
@needs("desk.arrange")
def add(request: StaffRequest) -> HttpResponse:
    """Add an address; the answer shows its secret, this once."""
    data = request.POST if request.method == "POST" else None
    form = EndpointForm(data)
    if data is not None and form.is_valid():
        try:
            endpoint, secret = services.add_endpoint(
                institution=request.member.institution, by=request.member, **form.cleaned_data
            )
        except ValidationError as refused:
            note_refusal(form, refused)
        else:
            return render(request, "desk/secret.html", {"endpoint": endpoint, "secret": secret})
    shown = {"form": form, "endpoint": None}
    return render(request, "desk/hook_edit.html", shown, status=422 if data is not None else 200)


@needs("desk.arrange")
def hook(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    """One address and the log of what it was sent."""
    endpoint = _find(request, endpoint_id)
    said = request.GET.get("sebelum", "")
    found = endpoint.deliveries.order_by("-id")
    if said.isdecimal() and len(said) < 19:
        found = found.filter(pk__lt=int(said))
    rows = list(found[:PAGE])
    shown = {
        "endpoint": endpoint,
        "look": LOOKS[endpoint.state],
        "kinds": [HOOK_KINDS[kind] for kind in endpoint.kinds],
        "rows": [
            {"delivery": d, "look": DELIVERIES[d.state], "kind": HOOK_KINDS.get(d.kind, d.kind)}
            for d in rows
        ],
        "older": rows[-1].pk if len(rows) == PAGE else None,
    }
    return render(request, "desk/hook.html", shown)


@needs("desk.arrange")
def edit(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    endpoint = _find(request, endpoint_id)
    data = request.POST if request.method == "POST" else None
    known = {"name": endpoint.name, "url": endpoint.url, "kinds": endpoint.kinds}
    form = EndpointForm(data, initial=known)
    if (
        data is not None
        and form.is_valid()
        and tried(form, services.edit_endpoint, endpoint, by=request.member)
    ):
        messages.success(request, _("Kept."))
        return redirect("desk:hook", endpoint.pk)
    shown = {"form": form, "endpoint": endpoint}
    return render(request, "desk/hook_edit.html", shown, status=422 if data is not None else 200)


@never_cache
@require_POST
@needs("desk.arrange")
def new_secret(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    endpoint = _find(request, endpoint_id)
    secret = services.change_secret(endpoint, by=request.member)
    return render(request, "desk/secret.html", {"endpoint": endpoint, "secret": secret})


@require_POST
@needs("desk.arrange")
def switch(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    endpoint = _find(request, endpoint_id)
    services.switch_endpoint(endpoint, on=request.POST.get("on") == "1", by=request.member)
    return redirect("desk:hook", endpoint.pk)


@require_POST
@needs("desk.arrange")
def try_out(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    endpoint = _find(request, endpoint_id)
    services.try_endpoint(endpoint, by=request.member)
    messages.success(request, _("A trial message is on its way; look at the log below."))
    return redirect("desk:hook", endpoint.pk)


@require_POST
@needs("desk.arrange")
def remove(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    services.remove_endpoint(_find(request, endpoint_id), by=request.member)
    messages.success(request, _("Nothing is sent there any more."))
    return redirect("desk:hooks")


@require_POST
@needs("desk.arrange")
def again(request: StaffRequest, delivery_id: int) -> HttpResponse:
    delivery = get_object_or_404(
        HookDelivery.objects.select_related("endpoint"),
        pk=delivery_id,
        endpoint__institution=request.member.institution_id,
        endpoint__removed_at=None,
    )
    if services.send_again(delivery, by=request.member):
        messages.success(request, _("It goes out again under the same number."))
    return redirect("desk:hook", delivery.endpoint_id)


@needs("conversation.view")
def notices(request: StaffRequest) -> HttpResponse:
    """What the desk told the reader."""
    said = request.GET.get("sebelum", "")
    before = int(said) if said.isdecimal() and len(said) < 19 else None
    rows = list(notices_of(request.member, before=before)[:PAGE])
    shown = {
        "notices": rows,
        "newest": max((row.pk for row in rows if row.read_at is None), default=None),
        "older": rows[-1].pk if len(rows) == PAGE else None,
    }
    return render(request, "desk/notices.html", shown)


@require_POST
@needs("conversation.view")
def read_notices(request: StaffRequest) -> HttpResponse:
    up_to = request.POST.get("up_to", "")
    if up_to.isdecimal() and len(up_to) < 19:
        services.read_notices(by=request.member, up_to=int(up_to))
    return redirect("desk:notices")


def _endpoints(request: StaffRequest) -> Any:
    return Endpoint.objects.filter(institution=request.member.institution_id, removed_at=None)


def _find(request: StaffRequest, endpoint_id: int) -> Endpoint:
    found: Endpoint = get_object_or_404(_endpoints(request), pk=endpoint_id)
    return found
