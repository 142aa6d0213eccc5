"""Lists: cases by what is due first, and how much lies with whom."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from balai.cases import pages, selectors, services
from balai.people.middleware import StaffRequest, needs


@require_GET
@needs("case.view")
def cases(request: StaffRequest) -> HttpResponse:
    """The list."""
    return render(request, "cases/list.html", pages.list_page(request.member, request.GET))


@require_GET
@needs("case.view")
def load(request: StaffRequest) -> HttpResponse:
    """How much lies with each unit and officer."""
    return render(request, "cases/load.html", pages.load_page(request.member))


@require_POST
@needs("case.view")
def seen(request: StaffRequest, notice_id: int) -> HttpResponse:
    """A notice of a deadline was seen by somebody to whom it was told."""
    told = {one.pk: one for one in selectors.notices_for(request.member, limit=200)}
    if notice_id not in told:
        raise Http404
    services.see_notice(told[notice_id], by=request.member)
    return redirect("cases:list")
