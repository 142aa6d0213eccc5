"""The pages of assessments: plan, judge, prove, attest, sign, publish, take the next step."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from balai.ground.forms import note_refusal, tried
from balai.people.middleware import StaffRequest, needs
from balai.readiness import pages, services
from balai.readiness.forms import (
    ClaimForm,
    CommentForm,
    DiscussForm,
    EvidenceForm,
    JudgeForm,
    ReasonForm,
)
from balai.readiness.models import Assessment
from balai.readiness.rules.assessing import NotNow
from balai.readiness.selectors import assessed, assessments_of, evidence_of


@require_GET
@needs("readiness.view")
def assessments(request: StaffRequest) -> HttpResponse:
    return render(request, "readiness/assessments.html", pages.assessments_page(request.member))


@require_POST
@needs("readiness.plan")
def plan(request: StaffRequest) -> HttpResponse:
    form = pages.plan_form(request.member, request.POST)
    if form.is_valid():
        try:
            row = services.plan_assessment(
                request.member.institution, by=request.member, **form.said()
            )
        except ValidationError as refused:
            note_refusal(form, refused)
        else:
            messages.success(request, _("Planned. Freeze the figures when the last day is over."))
            return redirect("readiness:assessment", row.pk)
    shown = pages.assessments_page(request.member, form)
    return render(request, "readiness/assessments.html", shown, status=422)


@require_GET
@needs("readiness.view")
def assessment(request: StaffRequest, assessment_id: int) -> HttpResponse:
    return _page(request, _find(request, assessment_id))


@require_GET
@needs("readiness.view")
def component(request: StaffRequest, assessment_id: int, code: str) -> HttpResponse:
    return _component(request, _find(request, assessment_id), code)


@require_POST
@needs("readiness.plan")
def freeze(request: StaffRequest, assessment_id: int) -> HttpResponse:
    done = _("The figures are frozen. Now the assessors judge what is proven.")
    return _step(request, assessment_id, services.freeze_figures, done)


@require_POST
@needs("readiness.plan")
def hand_in(request: StaffRequest, assessment_id: int) -> HttpResponse:
    done = _("Handed to the auditor. Which evidence is looked at was drawn.")
    return _step(request, assessment_id, services.hand_in, done)


@require_POST
@needs("readiness.attest")
def attest(request: StaffRequest, assessment_id: int) -> HttpResponse:
    return _step(request, assessment_id, services.attest, _("Attested. The leader discusses it."))


@require_POST
@needs("readiness.sign")
def sign(request: StaffRequest, assessment_id: int) -> HttpResponse:
    return _step(request, assessment_id, services.sign, _("Signed. It can be published."))


@require_POST
@needs("readiness.publish")
def publish(request: StaffRequest, assessment_id: int) -> HttpResponse:
    return _step(request, assessment_id, services.publish, _("Published."))


@require_POST
@needs("readiness.assess")
def answer(request: StaffRequest, assessment_id: int, code: str) -> HttpResponse:
    """Claim a level, or comment on a computed figure."""
    row = _find(request, assessment_id)
    found = get_object_or_404(row.answers.select_related("assessment"), code=code)
    kind = CommentForm if found.mode == "auto" else ClaimForm
    form = kind(request.POST, auto_id=f"id_{code}_%s")
    if form.is_valid() and _tried(request, form, services.assess, found):
        messages.success(request, _("Kept: %(code)s.") % {"code": code})
        return redirect("readiness:component", row.pk, code[0])
    return _component(request, row, code[0], {"code": code, "kind": "claim", "form": form})


@require_POST
@needs("readiness.assess")
def prove(request: StaffRequest, assessment_id: int, code: str) -> HttpResponse:
    """Add evidence to an indicator."""
    row = _find(request, assessment_id)
    get_object_or_404(row.answers.exclude(mode="auto"), code=code)
    form = EvidenceForm(request.POST, auto_id=f"id_{code}_bukti_%s")
    home = request.member.institution
    if form.is_valid() and _tried(request, form, services.add_evidence, home, code=code):
        messages.success(request, _("The evidence is kept."))
        return redirect("readiness:component", row.pk, code[0])
    return _component(request, row, code[0], {"code": code, "kind": "evidence", "form": form})


@require_POST
@needs("readiness.assess")
def withdraw(request: StaffRequest, assessment_id: int, evidence_id: int) -> HttpResponse:
    """Take one's own evidence back."""
    row = _find(request, assessment_id)
    piece = get_object_or_404(evidence_of(request.member.institution), pk=evidence_id)
    form = ReasonForm(request.POST)
    if form.is_valid() and _tried(request, form, services.withdraw_evidence, piece):
        messages.success(request, _("Taken back; it stays on record."))
    else:
        _say_why(request, form)
    return redirect("readiness:component", row.pk, piece.code[0])


@require_POST
@needs("readiness.attest")
def judge(request: StaffRequest, assessment_id: int, sample_id: int) -> HttpResponse:
    row = _find(request, assessment_id)
    sample = get_object_or_404(row.samples.select_related("assessment", "evidence"), pk=sample_id)
    form = JudgeForm(request.POST)
    if form.is_valid() and _tried(request, form, services.judge_sample, sample):
        messages.success(request, _("The finding is kept."))
    else:
        _say_why(request, form)
    return redirect("readiness:assessment", row.pk)


@require_POST
@needs("readiness.attest")
def give_back(request: StaffRequest, assessment_id: int) -> HttpResponse:
    row = _find(request, assessment_id)
    form = pages.return_form(assessed(row), request.POST)
    if form.is_valid():
        try:
            services.return_assessment(row, reasons=form.cleaned_data, by=request.member)
        except (ValidationError, NotNow) as refused:
            _refuse(form, refused)
        else:
            messages.success(request, _("Returned to the assessors with your reasons."))
            return redirect("readiness:assessment", row.pk)
    return _page(request, row, return_form=form, form=form)


@require_POST
@needs("readiness.sign")
def discuss(request: StaffRequest, assessment_id: int) -> HttpResponse:
    row, form = _find(request, assessment_id), DiscussForm(request.POST)
    if form.is_valid() and _tried(request, form, services.discuss, row):
        messages.success(request, _("The discussion is on record. Now it can be signed."))
        return redirect("readiness:assessment", row.pk)
    return _page(request, row, discuss_form=form, form=form)


@require_POST
@needs("readiness.plan")
def take_step(request: StaffRequest, assessment_id: int) -> HttpResponse:
    row = _find(request, assessment_id)
    form = pages.step_form(assessed(row), request.POST)
    if form.is_valid() and _tried(request, form, services.take_step, row):
        messages.success(request, _("The step stands in the plan."))
        return redirect("readiness:assessment", row.pk)
    return _page(request, row, step_form=form, form=form)


def _find(request: StaffRequest, assessment_id: int) -> Assessment:
    return get_object_or_404(assessments_of(request.member.institution), pk=assessment_id)


def _page(request: StaffRequest, row: Assessment, **wrong: Any) -> HttpResponse:
    shown = pages.assessment_page(request.member, row, **wrong)
    return render(request, "readiness/assessment.html", shown, status=422 if wrong else 200)


def _component(
    request: StaffRequest, row: Assessment, code: str, wrong: dict[str, Any] | None = None
) -> HttpResponse:
    try:
        shown = pages.component_page(request.member, row, code, wrong)
    except LookupError as unknown:
        raise Http404 from unknown
    return render(request, "readiness/component.html", shown, status=422 if wrong else 200)


def _step(
    request: StaffRequest, assessment_id: int, verb: Callable[..., object], done: str
) -> HttpResponse:
    """One step of an assessment that needs no words; what hinders it is said."""
    row = _find(request, assessment_id)
    try:
        verb(row, by=request.member)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    except NotNow:
        messages.error(request, _moved_on())
    else:
        messages.success(request, done)
    return redirect("readiness:assessment", row.pk)


def _tried(
    request: StaffRequest, form: forms.Form, verb: Callable[..., Any], *about: Any, **values: Any
) -> Any:
    try:
        return tried(form, verb, *about, by=request.member, **values)
    except NotNow as refused:
        _refuse(form, refused)
        return None


def _refuse(form: forms.Form, refused: ValidationError | NotNow) -> None:
    wrong = refused if isinstance(refused, ValidationError) else ValidationError(_moved_on())
    note_refusal(form, wrong)


def _say_why(request: StaffRequest, form: forms.Form) -> None:
    for problems in form.errors.values():
        for words in problems:
            messages.error(request, str(words))


def _moved_on() -> str:
    return _("The assessment has moved on meanwhile: look at where it stands now.")
