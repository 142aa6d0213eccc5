"""The pages of governance: working days, response targets, the audit trail."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balai.governance import pages, services
from balai.governance.forms import (
    EnterHoliday,
    FindEntries,
    ServiceHours,
    SetTarget,
    WithdrawHoliday,
)
from balai.governance.models import Holiday
from balai.governance.rules import NoTarget
from balai.governance.selectors import signed_head, verify_chain
from balai.governance.wording import clock as clock_words
from balai.ground.forms import tried
from balai.people.middleware import StaffRequest, needs


@needs("calendar.view")
def calendar(request: StaffRequest) -> HttpResponse:
    institution = request.member.institution
    year = pages.year_asked(request.GET.get("tahun", ""))
    return render(request, "governance/calendar.html", pages.calendar_page(institution, year))


@needs("calendar.edit")
def enter_holiday(request: StaffRequest) -> HttpResponse:
    form = EnterHoliday(request.POST or None)
    if form.is_valid() and tried(form, services.enter_holiday, **_ours(request)):
        messages.success(request, _("The day off was entered."))
        return redirect("governance:calendar")
    return render(request, "governance/enter_holiday.html", {"form": form})


@needs("calendar.edit")
def withdraw_holiday(request: StaffRequest, holiday_id: int) -> HttpResponse:
    holiday = get_object_or_404(
        Holiday, institution=request.member.institution, withdrawn_at=None, pk=holiday_id
    )
    form = WithdrawHoliday(request.POST or None)
    if form.is_valid():
        services.withdraw_holiday(holiday=holiday, by=request.member, **form.cleaned_data)
        messages.success(request, _("The decree was withdrawn."))
        return redirect("governance:calendar")
    return render(request, "governance/withdraw_holiday.html", {"form": form, "holiday": holiday})


@needs("calendar.edit")
def service_hours(request: StaffRequest) -> HttpResponse:
    form = ServiceHours(request.POST or None, initial=pages.hours_now(request.member.institution))
    if form.is_valid() and tried(form, services.set_service_hours, **_ours(request)):
        messages.success(request, _("The hours of service were decided."))
        return redirect("governance:calendar")
    return render(request, "governance/service_hours.html", {"form": form})


@needs("institution.view")
def targets(request: StaffRequest) -> HttpResponse:
    return render(
        request, "governance/targets.html", pages.targets_page(request.member.institution)
    )


@needs("calendar.edit")
def set_target(request: StaffRequest, clock: str) -> HttpResponse:
    try:
        pack_target = pages.pack_target(clock, request.member.institution)
    except NoTarget as unknown:
        raise Http404 from unknown
    form = SetTarget(request.POST or None, unit=pack_target.unit, most=pack_target.limit)
    if form.is_valid() and tried(form, services.set_local_target, clock=clock, **_ours(request)):
        messages.success(request, _("The target was set."))
        return redirect("governance:targets")
    shown = {"form": form, "target": pack_target, "name": clock_words(clock)}
    return render(request, "governance/set_target.html", shown)


@needs("audit.view")
def audit(request: StaffRequest) -> HttpResponse:
    form = FindEntries(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    shown = pages.audit_page(request.member.institution, **wanted)
    return render(request, "governance/audit.html", {"filters": form, **shown})


@require_POST
@needs("audit.view")
def verify(request: StaffRequest) -> HttpResponse:
    walk = verify_chain(request.member.institution_id)
    say = messages.success if walk.holds else messages.error
    say(request, str(walk))
    return redirect("governance:audit")


@needs("audit.view")
def head(request: StaffRequest) -> HttpResponse:
    """The signed end of the chain, for somebody outside to keep."""
    end = signed_head(request.member.institution)
    answer = HttpResponse(json.dumps(end, indent=2), content_type="application/json")
    name = f"{end['institution']}-{end['number']}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _ours(request: StaffRequest) -> dict[str, Any]:
    return {"institution": request.member.institution, "by": request.member}
