"""The board, the month, the objectives, and the hold."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balai.ground.clock import now
from balai.ground.forms import tried
from balai.people.middleware import StaffRequest, needs
from balai.people.selectors import may
from balai.publishing import pages, selectors, services
from balai.publishing.forms import ObjectiveForm, ReasonForm


@needs("post.view")
def board(request: StaffRequest) -> HttpResponse:
    """What is being written, reviewed, planned, sent."""
    return _board(request)


@needs("post.view")
def calendar(request: StaffRequest) -> HttpResponse:
    """A month of posts; `?bulan=2026-11`."""
    first = _month(request.GET.get("bulan", ""))
    shown = pages.calendar_page(request.member, first.year, first.month)
    return render(request, "publishing/calendar.html", shown)


@needs("post.view")
def objectives(request: StaffRequest) -> HttpResponse:
    """What communication shall change; head and editors add to it."""
    institution = request.member.institution
    data = request.POST if request.method == "POST" else None
    form = ObjectiveForm(data, institution=institution)
    if data is not None and form.is_valid():
        made = tried(form, services.add_objective, institution, by=request.member)
        if made is not None:
            messages.success(request, _("Kept. Posts can name it from now on."))
            return redirect("publishing:objectives")
    shown = {
        "objectives": selectors.objectives_of(institution),
        "form": form,
        "may_add": may(request.member, "post.approve", institution),
    }
    status = 422 if data is not None else 200
    return render(request, "publishing/objectives.html", shown, status=status)


@require_POST
@needs("post.hold")
def hold(request: StaffRequest) -> HttpResponse:
    """Hold back everything routine."""
    form = ReasonForm(request.POST, auto_id="hold_%s")
    if form.is_valid() and tried(
        form, services.begin_hold, request.member.institution, by=request.member
    ):
        return redirect("publishing:board")
    return _board(request, reason_form=form, status=422)


@require_POST
@needs("post.hold")
def end_hold(request: StaffRequest) -> HttpResponse:
    """End the hold; each held post waits for a decision."""
    form = ReasonForm(request.POST, auto_id="hold_%s")
    if form.is_valid() and tried(
        form, services.end_hold, request.member.institution, by=request.member
    ):
        return redirect("publishing:board")
    return _board(request, reason_form=form, status=422)


def _board(
    request: StaffRequest, *, status: int = 200, reason_form: ReasonForm | None = None
) -> HttpResponse:
    before = request.GET.get("sebelum", "")
    shown = pages.board_page(
        request.member,
        request.GET.get("kelompok", ""),
        int(before) if before.isdecimal() and len(before) < 18 else 0,
    )
    if reason_form is not None:
        shown |= {"reason_form": reason_form, "form": reason_form}
    return render(request, "publishing/board.html", shown, status=status)


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return now().date().replace(day=1)
