"""What officers do with surveys."""

import csv
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from balai.ground.forms import note_refusal, tried
from balai.people.middleware import StaffRequest, needs
from balai.surveys import pages, selectors, services, wording
from balai.surveys.forms import AnswersForm, FollowUpForm, ProofForm, ReasonForm, SurveyForm
from balai.surveys.models import Survey

STEPS: dict[str, Callable[..., object]] = {
    "review_method": services.review_method,
    "review_privacy": services.review_privacy,
    "open": services.open_survey,
    "close": services.close_survey,
    "compute": services.compute_index,
    "validate": services.validate_index,
    "publish": services.publish_result,
}
WITH_REASON: dict[str, Callable[..., object]] = {
    "send_back": services.send_back,
    "invalidate": services.declare_invalid,
}


@needs("survey.view")
def surveys(request: StaffRequest) -> HttpResponse:
    return render(request, "surveys/list.html", pages.list_page(request.member))


@needs("survey.view")
def survey(request: StaffRequest, survey_id: int) -> HttpResponse:
    return _page(request, _find(request, survey_id))


@needs("survey.write")
def draft(request: StaffRequest) -> HttpResponse:
    return _write(request, None)


@needs("survey.write")
def edit(request: StaffRequest, survey_id: int) -> HttpResponse:
    return _write(request, _find(request, survey_id))


@require_POST
@needs("survey.view")
def step(request: StaffRequest, survey_id: int) -> HttpResponse:
    """The next step in a survey's life; the verb says who may take it."""
    found, name = _find(request, survey_id), request.POST.get("step", "")
    if name in WITH_REASON:
        form = ReasonForm(request.POST)
        if not form.is_valid() or not tried(form, WITH_REASON[name], found, by=request.member):
            return _page(request, found, reason_form=form)
    elif name in STEPS:
        try:
            STEPS[name](found, by=request.member)
        except ValidationError as refused:
            messages.error(request, refused.messages[0])
            return redirect("surveys:survey", found.pk)
    else:
        raise Http404
    messages.success(request, str(wording.STEP_DONE[name]))
    return redirect("surveys:survey", found.pk)


@needs("survey.enter")
def enter(request: StaffRequest, survey_id: int) -> HttpResponse:
    """Carry a sheet of paper in, or ask on the telephone; then the next one."""
    found = _find(request, survey_id)
    form = _answers(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = {"values": form.values(), "remark": form.cleaned_data["remark"]}
        try:
            services.respond(
                found,
                key=request.POST.get("key") or services.fresh_key(),
                mode=form.cleaned_data["mode"],
                by=request.member,
                **said,
            )
        except ValidationError as refused:
            note_refusal(form, refused)
        else:
            messages.success(request, _("Kept. Here is the next sheet."))
            return redirect("surveys:enter", found.pk)
    shown = {"survey": found, "form": form, "key": services.fresh_key()}
    return render(request, "surveys/enter.html", shown, status=422 if form.is_bound else 200)


@require_POST
@needs("survey.write")
def plan(request: StaffRequest, survey_id: int) -> HttpResponse:
    found = _find(request, survey_id)
    elements = selectors.instrument_of(found).elements
    form = FollowUpForm(request.POST, institution=found.institution, elements=elements)
    if form.is_valid() and tried(form, services.plan_follow_up, found, by=request.member):
        messages.success(request, _("Planned."))
        return redirect("surveys:survey", found.pk)
    return _page(request, found, plan_form=form)


@require_POST
@needs("survey.write")
def done(request: StaffRequest, survey_id: int, plan_id: int) -> HttpResponse:
    found = _find(request, survey_id)
    planned = get_object_or_404(found.follow_ups, pk=plan_id)
    form = ProofForm(request.POST)
    if form.is_valid() and tried(form, services.follow_up_done, planned, by=request.member):
        messages.success(request, _("Noted as done."))
        return redirect("surveys:survey", found.pk)
    return _page(request, found, proof_form=form, failed_plan=planned.pk)


@require_safe
@needs("survey.view")
def result_csv(request: StaffRequest, survey_id: int) -> HttpResponse:
    found = _find(request, survey_id)
    result = selectors.result_of(found)
    if result is None:
        raise Http404
    return as_csv(found, result)


def as_csv(survey: Survey, result: selectors.Result) -> HttpResponse:
    """The result as a file that spreadsheets open."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="skm-{survey.code}.csv"'
    csv.writer(answer).writerows(selectors.as_rows(survey, result))
    return answer


def _answers(survey: Survey, data: Any) -> AnswersForm:
    return AnswersForm(
        data,
        elements=selectors.asked(survey),
        instrument=selectors.instrument_of(survey),
        language=(get_language() or "id")[:2],
        by_officer=True,
    )


def _find(request: StaffRequest, survey_id: int) -> Survey:
    return get_object_or_404(selectors.surveys_of(request.member.institution), pk=survey_id)


def _page(request: StaffRequest, found: Survey, **forms: Any) -> HttpResponse:
    shown = pages.survey_page(request.member, found) | forms
    return render(request, "surveys/survey.html", shown, status=422 if forms else 200)


def _write(request: StaffRequest, found: Survey | None) -> HttpResponse:
    institution = request.member.institution
    names = ("service", "unit", "starts_on", "ends_on", "population", "sample_mode", "is_free")
    start = {name: getattr(found, name) for name in names} if found else {}
    data = request.POST if request.method == "POST" else None
    form = SurveyForm(data, institution=institution, initial=start)
    if form.is_valid():
        made = (
            tried(form, services.edit_survey, found, by=request.member)
            if found
            else tried(form, services.draft_survey, institution=institution, by=request.member)
        )
        if made:
            messages.success(request, _("Kept as a draft. Another person reviews its method."))
            return redirect("surveys:survey", made.pk)
    shown = {"form": form, "survey": found}
    return render(request, "surveys/write.html", shown, status=422 if form.is_bound else 200)
