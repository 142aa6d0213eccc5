"""Labels and saved views: the pages on which a team arranges its desk."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from balai.ground.forms import tried
from balai.inbox import selectors, services
from balai.inbox.forms.desk import LabelForm, OrderForm, SaveViewForm
from balai.inbox.forms.office import Filters
from balai.inbox.models import Label, SavedView
from balai.inbox.views.queue import address_of
from balai.people.middleware import StaffRequest, needs
from balai.people.selectors import may_somewhere


@require_GET
@needs("conversation.view")
def labels(request: StaffRequest) -> HttpResponse:
    """The office's labels, and on how many conversations each stands."""
    here = Label.objects.filter(institution=request.member.institution_id).order_by("name")
    shown = {
        "labels": here.filter(retired_at=None),
        "retired": here.exclude(retired_at=None),
        "may_arrange": _may_arrange(request),
    }
    return render(request, "inbox/labels.html", shown)


@needs("desk.arrange")
def add_label(request: StaffRequest) -> HttpResponse:
    form = LabelForm(request.POST or None)
    institution = request.member.institution
    if form.is_valid() and tried(form, services.add_label, institution, by=request.member):
        messages.success(request, _("The label can be used now."))
        return redirect("inbox:labels")
    return _ask(request, form, _("Add a label"), "inbox:labels")


@needs("desk.arrange")
def edit_label(request: StaffRequest, label_id: int) -> HttpResponse:
    label = _label(request, label_id)
    start = {"name": label.name, "colour": label.colour}
    form = LabelForm(request.POST or None, initial=start)
    if form.is_valid() and tried(form, services.edit_label, label, by=request.member):
        messages.success(request, _("The label was changed, also where it stands already."))
        return redirect("inbox:labels")
    return _ask(request, form, _("Change the label"), "inbox:labels")


@require_POST
@needs("desk.arrange")
def retire_label(request: StaffRequest, label_id: int) -> HttpResponse:
    services.retire_label(_label(request, label_id), by=request.member)
    messages.success(request, _("The label is offered no more. It stays where it stands."))
    return redirect("inbox:labels")


@require_GET
@needs("conversation.view")
def views(request: StaffRequest) -> HttpResponse:
    """The views that the member sees above the queue."""
    shown = [(view, address_of(view)) for view in selectors.views_of(request.member)]
    may_arrange = _may_arrange(request)
    order = OrderForm(initial={"order": selectors.order_of(request.member)}, may_share=may_arrange)
    known = {"views": shown, "may_arrange": may_arrange, "me": request.member, "order": order}
    return render(request, "inbox/views.html", known)


@require_POST
@needs("conversation.view")
def order(request: StaffRequest) -> HttpResponse:
    """In which order the queue opens, for the reader or for everybody."""
    form = OrderForm(request.POST, may_share=_may_arrange(request))
    if form.is_valid() and tried(form, services.order_queue, by=request.member):
        messages.success(request, _("“To answer” opens in this order from now on."))
    return redirect("inbox:views")


@needs("conversation.view")
def save_view(request: StaffRequest) -> HttpResponse:
    """Keep what the address says now; the address carries the filters."""
    filters = Filters(request.GET, institution=request.member.institution).kept()
    form = SaveViewForm(request.POST or None, may_share=_may_arrange(request))
    if form.is_valid():
        view = tried(form, services.save_view, by=request.member, filters=filters)
        if view:
            messages.success(request, _("The view stands above the queue now."))
            return redirect(address_of(view))
    return _ask(request, form, _("Save this view"), "inbox:queue")


@require_POST
@needs("conversation.view")
def drop_view(request: StaffRequest, view_id: int) -> HttpResponse:
    services.drop_view(_view(request, view_id), by=request.member)
    messages.success(request, _("The view was taken away."))
    return redirect("inbox:views")


@require_POST
@needs("conversation.view")
def move_view(request: StaffRequest, view_id: int) -> HttpResponse:
    services.move_view_up(_view(request, view_id), by=request.member)
    return redirect("inbox:views")


@require_POST
@needs("conversation.view")
def begin_with(request: StaffRequest, view_id: int) -> HttpResponse:
    """The inbox opens with this view from now on; when it does already, with the queue again."""
    view = _view(request, view_id)
    services.begin_with(None if view.is_first else view, by=request.member)
    return redirect("inbox:views")


def _may_arrange(request: StaffRequest) -> bool:
    return may_somewhere(request.member, "desk.arrange", request.member.institution_id)


def _label(request: StaffRequest, label_id: int) -> Label:
    here = Label.objects.filter(institution=request.member.institution_id, retired_at=None)
    return get_object_or_404(here, pk=label_id)


def _view(request: StaffRequest, view_id: int) -> Any:
    """One of the member's views, with `is_first`; what others keep does not exist here."""
    found: SavedView = get_object_or_404(selectors.views_of(request.member), pk=view_id)
    return found


def _ask(request: HttpRequest, form: Form, title: str, back: str) -> HttpResponse:
    shown = {"form": form, "title": title, "back": back}
    status = 422 if form.errors else 200
    return render(request, "people/ask.html", shown, status=status)
