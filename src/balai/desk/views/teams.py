"""Teams and shifts: who is there, who gets the next piece of work, what a shift leaves behind."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from balai.desk import services
from balai.desk.forms.teams import (
    AbsenceForm,
    CapacityForm,
    ChangeForm,
    DeskForm,
    HandOverForm,
    ReasonForm,
    ShiftForm,
    TeamForm,
)
from balai.desk.models import Absence, HandOver, Shift, Team
from balai.desk.pages.teams import absences_page, team_page, teams_page
from balai.desk.selectors import setting_of, teams_of
from balai.ground.forms import note_refusal, tried
from balai.people.middleware import StaffRequest, needs
from balai.people.selectors import current_members, may

SEES = "conversation.view"


@needs(SEES)
def teams(request: StaffRequest) -> HttpResponse:
    return render(request, "desk/teams.html", teams_page(request.member))


@needs(SEES)
def team(request: StaffRequest, team_id: int) -> HttpResponse:
    return _team_page(request, _find(request, team_id))


@needs("desk.arrange")
def found(request: StaffRequest) -> HttpResponse:
    return _write(request, None)


@needs("desk.arrange")
def edit(request: StaffRequest, team_id: int) -> HttpResponse:
    return _write(request, _find(request, team_id))


@require_POST
@needs("desk.arrange")
def retire(request: StaffRequest, team_id: int) -> HttpResponse:
    chosen = _find(request, team_id)
    form = ReasonForm(request.POST)
    if form.is_valid() and tried(form, services.retire_team, chosen, by=request.member):
        messages.success(request, _("The team is ended; what waited for it waits for everybody."))
        return redirect("desk:teams")
    return _team_page(request, chosen, reason_form=form)


@require_POST
@needs("conversation.assign")
def give_out(request: StaffRequest, team_id: int) -> HttpResponse:
    chosen = _find(request, team_id)
    given = services.give_out(chosen, by=request.member)
    if given:
        words = ngettext(
            "%(n)d conversation was given out.", "%(n)d conversations were given out.", given
        )
        messages.success(request, words % {"n": given})
    else:
        messages.info(
            request,
            _("Nothing was given out: nothing waits, or nobody on duty has room for it."),
        )
    return redirect("desk:teams")


@require_POST
@needs(SEES)
def hand_over(request: StaffRequest, team_id: int) -> HttpResponse:
    chosen = _find(request, team_id)
    form = HandOverForm(request.POST)
    if form.is_valid() and tried(form, services.write_hand_over, chosen, by=request.member):
        messages.success(request, _("The next shift finds it at the top of this page."))
        return redirect("desk:team", chosen.pk)
    return _team_page(request, chosen, hand_over_form=form)


@require_POST
@needs(SEES)
def read_hand_over(request: StaffRequest, note_id: int) -> HttpResponse:
    note = get_object_or_404(HandOver, pk=note_id, team__institution=request.member.institution_id)
    services.read_hand_over(note, by=request.member)
    return redirect("desk:teams")


@require_POST
@needs("desk.arrange")
def capacity(request: StaffRequest, member_id: int) -> HttpResponse:
    whom = get_object_or_404(current_members(request.member.institution), pk=member_id)
    form = CapacityForm(request.POST)
    if form.is_valid():
        services.set_capacity(whom, most=form.cleaned_data["most"], by=request.member)
        messages.success(request, _("Kept for %(name)s.") % {"name": whom.name})
    else:
        messages.error(request, _("Choose a number from 1 to 500."))
    back = request.POST.get("team", "")
    return redirect("desk:team", int(back)) if back.isdecimal() else redirect("desk:teams")


@needs("desk.arrange")
def shift(request: StaffRequest, team_id: int, shift_id: int | None = None) -> HttpResponse:
    """A new shift of a team, or another wording of one."""
    chosen = _find(request, team_id)
    known = get_object_or_404(_shifts(request), pk=shift_id, team=chosen) if shift_id else None
    data = request.POST if request.method == "POST" else None
    form = ShiftForm(data, team=chosen, shift=known)
    if data is not None and form.is_valid():
        try:
            services.keep_shift(
                chosen,
                name=form.cleaned_data["name"],
                spans=form.spans(),
                members=form.cleaned_data["members"],
                works_on_days_off=form.cleaned_data["works_on_days_off"],
                shift=known,
                by=request.member,
            )
        except ValidationError as refused:
            note_refusal(form, refused)
        else:
            messages.success(request, _("Kept. It holds from now on."))
            return redirect("desk:team", chosen.pk)
    shown = {"form": form, "team": chosen, "shift": known}
    return render(request, "desk/shift.html", shown, status=422 if data is not None else 200)


@require_POST
@needs("desk.arrange")
def retire_shift(request: StaffRequest, shift_id: int) -> HttpResponse:
    known = get_object_or_404(_shifts(request), pk=shift_id)
    services.retire_shift(known, by=request.member)
    messages.success(request, _("Nobody works this shift any more."))
    return redirect("desk:team", known.team_id)


@needs("desk.arrange")
def change(request: StaffRequest, shift_id: int) -> HttpResponse:
    """Other hours on one date."""
    known = get_object_or_404(_shifts(request), pk=shift_id)
    data = request.POST if request.method == "POST" else None
    form = ChangeForm(data, shift=known)
    if (
        data is not None
        and form.is_valid()
        and tried(form, services.change_day, known, by=request.member)
    ):
        messages.success(request, _("Kept for that day."))
        return redirect("desk:team", known.team_id)
    shown = {"form": form, "team": known.team, "shift": known}
    return render(request, "desk/change.html", shown, status=422 if data is not None else 200)


@needs(SEES)
def absence(request: StaffRequest) -> HttpResponse:
    """Enter that somebody is away."""
    arranges = may(request.member, "desk.arrange", request.member.institution_id)
    data = request.POST if request.method == "POST" else None
    form = AbsenceForm(data, by=request.member, may_enter_for_others=arranges)
    if data is not None and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            services.enter_absence(values.pop("member"), by=request.member, **values)
        except ValidationError as refused:
            note_refusal(form, refused)
        else:
            messages.success(request, _("Entered. From the first day on new work goes elsewhere."))
            return redirect("desk:teams")
    shown = {"form": form, "absences": absences_page(request.member)}
    return render(request, "desk/absence.html", shown, status=422 if data is not None else 200)


@require_POST
@needs(SEES)
def withdraw_absence(request: StaffRequest, absence_id: int) -> HttpResponse:
    known = get_object_or_404(
        Absence, pk=absence_id, institution=request.member.institution_id, withdrawn_at=None
    )
    services.withdraw_absence(known, by=request.member)
    messages.success(request, _("Withdrawn: the person counts as present."))
    return redirect("desk:teams")


@require_POST
@needs("desk.arrange")
def setting(request: StaffRequest) -> HttpResponse:
    form = DeskForm(request.POST)
    if form.is_valid():
        services.arrange_desk(request.member.institution, by=request.member, **form.cleaned_data)
        messages.success(request, _("Kept."))
    return redirect("desk:arrange")


@needs("desk.arrange")
def arrange(request: StaffRequest) -> HttpResponse:
    """What the desk does by itself."""
    known = setting_of(request.member.institution)
    form = DeskForm(
        initial={"gives_out": known.gives_out, "sends_away_notes": known.sends_away_notes}
    )
    return render(request, "desk/arrange.html", {"form": form})


def _find(request: StaffRequest, team_id: int) -> Team:
    return get_object_or_404(teams_of(request.member.institution), pk=team_id)


def _shifts(request: StaffRequest) -> Any:
    return Shift.objects.select_related("team__institution").filter(
        team__institution=request.member.institution_id, retired_at=None, team__retired_at=None
    )


def _team_page(request: StaffRequest, chosen: Team, **forms: Any) -> HttpResponse:
    shown = {
        "hand_over_form": HandOverForm(),
        "reason_form": ReasonForm(),
        **team_page(request.member, chosen),
        **forms,
    }
    return render(request, "desk/team.html", shown, status=422 if forms else 200)


def _write(request: StaffRequest, chosen: Team | None) -> HttpResponse:
    institution = request.member.institution
    data = request.POST if request.method == "POST" else None
    form = TeamForm(data, institution=institution, team=chosen)
    if data is not None and form.is_valid():
        if chosen is None:
            kept = tried(form, services.found_team, institution=institution, by=request.member)
        else:
            kept = tried(form, services.edit_team, chosen, by=request.member)
        if kept:
            messages.success(request, _("Kept."))
            return redirect("desk:team", kept.pk)
    shown = {"form": form, "team": chosen}
    return render(request, "desk/edit.html", shown, status=422 if data is not None else 200)
