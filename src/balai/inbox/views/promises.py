"""What we promised: noted at an answer, settled with a reason, and everybody's own list."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from balai.ground.clock import now
from balai.inbox.forms.citizens import PromiseForm, SettleForm
from balai.inbox.models import Promise
from balai.inbox.selectors.contacts import promises_of
from balai.inbox.services import promising
from balai.inbox.views.finding import unsealed
from balai.inbox.views.refusing import did
from balai.people.middleware import StaffRequest, needs

SHOWN = 200


@require_GET
@needs("conversation.view")
def mine(request: StaffRequest) -> HttpResponse:
    """What I answer for, the most overdue first."""
    found = promises_of(request.member)[:SHOWN]
    return render(request, "inbox/citizens/promises.html", {"promises": found, "at": now()})


@require_POST
@needs("conversation.answer")
def make(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """Note what our last answer promises."""
    found = unsealed(request, conversation_id)
    form = PromiseForm(request.POST, institution=found.institution, auto_id="promise_%s")
    if form.is_valid() and did(
        form, lambda: promising.make_promise(found, by=request.member, **form.said())
    ):
        messages.success(request, _("The promise is noted. You are reminded when its day comes."))
        return redirect("inbox:conversation", found.pk)
    known = {"conversation": found, "form": form}
    return render(request, "inbox/citizens/promise.html", known, status=422)


@require_POST
@needs("conversation.view")
def settle(request: StaffRequest, conversation_id: int, promise_id: int) -> HttpResponse:
    """A promise was kept, or was not, and why."""
    found = unsealed(request, conversation_id)
    promise = get_object_or_404(Promise, pk=promise_id, conversation=found)
    form = SettleForm(request.POST)
    form.is_valid()
    words, by = form.cleaned_data.get("reason", ""), request.member
    if "kept" in request.POST:
        settled = did(form, lambda: promising.keep_promise(promise, by=by, how=words))
    else:
        settled = did(form, lambda: promising.break_promise(promise, by=by, reason=words))
    if settled:
        messages.success(request, _("Noted. Thank you for saying so."))
    for problems in form.errors.values():
        messages.error(request, " ".join(map(str, problems)))
    back = "inbox:promises" if "mine" in request.POST else "inbox:conversation"
    return redirect(back) if back == "inbox:promises" else redirect(back, found.pk)
