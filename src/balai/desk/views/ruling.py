"""Rules: written, tried on last week, switched on, watched."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balai.desk import services
from balai.desk.forms.ruling import AwayForm, RuleForm
from balai.desk.forms.teams import ReasonForm
from balai.desk.models import AwayNote, Rule
from balai.desk.pages.ruling import rule_page, rules_page, trial_page
from balai.desk.selectors import newest_version, rules_of
from balai.ground.forms import note_refusal, tried
from balai.people.middleware import StaffRequest, needs

SEES = "conversation.view"


@needs(SEES)
def rules(request: StaffRequest) -> HttpResponse:
    return render(request, "desk/rules.html", rules_page(request.member))


@needs(SEES)
def rule(request: StaffRequest, rule_id: int) -> HttpResponse:
    return _page(request, _find(request, rule_id))


@needs("desk.arrange")
def write(request: StaffRequest, rule_id: int | None = None) -> HttpResponse:
    """A new rule, or the next version of one."""
    known = _find(request, rule_id) if rule_id is not None else None
    institution = request.member.institution
    data = request.POST if request.method == "POST" else None
    version = newest_version(known) if known else None
    form = RuleForm(data, institution=institution, version=version)
    if data is not None and form.is_valid():
        try:
            if known is None:
                known = services.write_rule(
                    institution=institution, by=request.member, **form.about()
                )
            else:
                services.revise_rule(known, by=request.member, **form.about())
        except ValidationError as refused:
            note_refusal(form, refused)
        else:
            messages.success(
                request, _("Kept. It does nothing yet: try it on last week, then switch it on.")
            )
            return redirect("desk:rule", known.pk)
    shown = {"form": form, "rule": known}
    return render(request, "desk/write.html", shown, status=422 if data is not None else 200)


@needs("desk.arrange")
def trial(request: StaffRequest, rule_id: int) -> HttpResponse:
    """What the rule would have met last week; changes nothing."""
    shown = trial_page(request.member, _find(request, rule_id), before=_before(request))
    return render(request, "desk/trial.html", shown)


@require_POST
@needs("desk.arrange")
def switch_on(request: StaffRequest, rule_id: int) -> HttpResponse:
    """Switch on the very version that was on the person's screen."""
    known = _find(request, rule_id)
    number = request.POST.get("version", "")
    try:
        services.switch_on(
            known, number=int(number) if number.isdecimal() else 0, by=request.member
        )
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("It acts from now on; what came before it leaves alone."))
    return redirect("desk:rule", known.pk)


@require_POST
@needs("desk.arrange")
def switch_off(request: StaffRequest, rule_id: int) -> HttpResponse:
    known = _find(request, rule_id)
    services.switch_off(known, by=request.member)
    messages.success(request, _("It does nothing any more, until somebody switches it on."))
    return redirect("desk:rule", known.pk)


@require_POST
@needs("desk.arrange")
def move_up(request: StaffRequest, rule_id: int) -> HttpResponse:
    services.move_rule_up(_find(request, rule_id), by=request.member)
    return redirect("desk:rules")


@require_POST
@needs("desk.arrange")
def retire(request: StaffRequest, rule_id: int) -> HttpResponse:
    known = _find(request, rule_id)
    form = ReasonForm(request.POST)
    if form.is_valid() and tried(form, services.retire_rule, known, by=request.member):
        messages.success(request, _("The rule is ended; what it did stays in the audit log."))
        return redirect("desk:rules")
    return _page(request, known, reason_form=form)


@needs("desk.arrange")
def away(request: StaffRequest) -> HttpResponse:
    """What citizens are told outside the hours of service."""
    institution = request.member.institution
    notes = AwayNote.objects.filter(institution=institution)
    data = request.POST if request.method == "POST" else None
    form = AwayForm(data, texts={note.language: note.text for note in notes})
    if data is not None and form.is_valid():
        try:
            services.keep_away_notes(institution, texts=form.cleaned_data, by=request.member)
        except ValidationError as refused:
            note_refusal(form, refused)
        else:
            messages.success(request, _("Kept."))
            return redirect("desk:arrange")
    status = 422 if data is not None else 200
    return render(request, "desk/away.html", {"form": form}, status=status)


def _find(request: StaffRequest, rule_id: int) -> Rule:
    return get_object_or_404(rules_of(request.member.institution), pk=rule_id)


def _before(request: StaffRequest) -> int | None:
    said = request.GET.get("sebelum", "")
    return int(said) if said.isdecimal() and len(said) < 19 else None


def _page(request: StaffRequest, known: Rule, **forms: Any) -> HttpResponse:
    shown = {
        "reason_form": ReasonForm(),
        **rule_page(request.member, known, before=_before(request)),
        **forms,
    }
    return render(request, "desk/rule.html", shown, status=422 if forms else 200)
