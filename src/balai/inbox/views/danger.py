"""Calls for help: passed on, taken, ended; and the list of those that are under way."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from balai.ground.clock import now
from balai.inbox.forms.danger import HandOffForm, ResultForm, TakenForm
from balai.inbox.models import HandOff
from balai.inbox.selectors.burden import open_hand_offs
from balai.inbox.services import handing_off
from balai.inbox.views.finding import unsealed
from balai.inbox.views.refusing import did
from balai.people.middleware import StaffRequest, needs


@require_GET
@needs("conversation.view")
def under_way(request: StaffRequest) -> HttpResponse:
    """What was passed on and has no result yet, unanswered and late ones first."""
    known = {"hand_offs": open_hand_offs(request.member), "at": now(), "listed": True}
    return render(request, "inbox/citizens/hand_offs.html", known)


@require_POST
@needs("conversation.answer")
def make(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """Pass a call for help on."""
    found = unsealed(request, conversation_id)
    form = HandOffForm(request.POST)
    return _done(
        request,
        found.pk,
        form,
        lambda: handing_off.hand_off(found, by=request.member, **form.cleaned_data),
        _("Noted. Say here when somebody there has taken it."),
    )


@require_POST
@needs("conversation.answer")
def go_on(request: StaffRequest, conversation_id: int, hand_off_id: int, step: str) -> HttpResponse:
    """Somebody took it, or it has ended."""
    found = unsealed(request, conversation_id)
    made = get_object_or_404(HandOff, pk=hand_off_id, conversation=found)
    if step == "diterima":
        taken = TakenForm(request.POST)
        return _done(
            request,
            found.pk,
            taken,
            lambda: handing_off.acknowledge(made, by=request.member, **taken.cleaned_data),
            _("Noted, with the hour."),
        )
    if step != "hasil":
        raise Http404
    ended = ResultForm(request.POST)
    return _done(
        request,
        found.pk,
        ended,
        lambda: handing_off.close_hand_off(made, by=request.member, **ended.cleaned_data),
        _("Noted, with the hour."),
    )


def _done(
    request: StaffRequest, talk: int, form: Form, deed: Callable[[], object], words: str
) -> HttpResponse:
    if form.is_valid() and did(form, deed):
        messages.success(request, words)
    for problems in form.errors.values():
        messages.error(request, " ".join(map(str, problems)))
    return redirect("inbox:conversation", talk)
