"""The pages of people: members, their roles, units, the institution itself."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balai.ground.forms import tried
from balai.people import forms, pages, services
from balai.people.middleware import StaffRequest, choose_institution, needs, staff_only
from balai.people.models import Delegation, Grant, Institution, Mandate, Member, Unit


@needs("member.view")
def members(request: StaffRequest) -> HttpResponse:
    wanted, left = request.GET.get("q", "").strip(), request.GET.get("keluar") == "1"
    shown = pages.members_page(request.member, wanted, with_left=left)
    return render(request, "people/members.html", shown)


@needs("member.view")
def member(request: StaffRequest, member_id: int) -> HttpResponse:
    found = _member(request, member_id)
    return render(request, "people/member.html", pages.member_page(request.member, found))


@needs("member.manage")
def invite(request: StaffRequest) -> HttpResponse:
    """The link is shown once, on the page that answers; it is kept nowhere."""
    form = forms.Invite(request.POST or None, institution=request.member.institution)
    if form.is_valid():
        made = tried(form, services.invite_member, institution=form.institution, by=request.member)
        if made:
            return _link_page(request, made[0], made[1])
    return _ask(request, form, _("Add a member"), "people:members")


@needs("member.manage")
def reset(request: StaffRequest, member_id: int) -> HttpResponse:
    found, form = _member(request, member_id), forms.Sure(request.POST or None)
    if request.method == "POST" and form.is_valid():
        link = tried(form, services.reset_sign_in, found.user, by=request.member)
        if link:
            return _link_page(request, found, link)
    says = _("Password, second factor and sessions end now; you get a link to hand over.")
    return _ask(request, form, _("Begin sign-in anew"), "people:member", found, says=says)


@needs("member.manage")
def give_role(request: StaffRequest, member_id: int) -> HttpResponse:
    found = _member(request, member_id)
    form = forms.GiveRole(request.POST or None, institution=found.institution)
    if form.is_valid() and tried(form, services.grant_role, member=found, by=request.member):
        messages.success(request, _("The role was given."))
        return redirect("people:member", found.pk)
    return _ask(request, form, _("Give a role"), "people:member", found)


@needs("member.manage")
def end_role(request: StaffRequest, grant_id: int) -> HttpResponse:
    ours = Grant.objects.filter(member__institution=request.member.institution, ended_at=None)
    grant = get_object_or_404(ours.select_related("member"), pk=grant_id)
    form = forms.Why(request.POST or None)
    if form.is_valid() and tried(form, services.end_grant, grant, by=request.member):
        messages.success(request, _("The role ended."))
        return redirect("people:member", grant.member_id)
    title = _("End the role: %(role)s") % {"role": grant.get_role_display()}
    return _ask(request, form, title, "people:member", grant.member, is_danger=True)


@staff_only
def lend_role(request: StaffRequest, member_id: int) -> HttpResponse:
    found = _member(request, member_id)
    form = forms.LendRole(request.POST or None, institution=found.institution, lender=found)
    if form.is_valid() and tried(form, services.lend_role, lender=found, by=request.member):
        messages.success(request, _("The role is lent. What the deputy does carries both names."))
        return redirect("people:member", found.pk)
    return _ask(request, form, _("Lend a role"), "people:member", found)


@require_POST
@staff_only
def revoke(request: StaffRequest, delegation_id: int) -> HttpResponse:
    ours = Delegation.objects.filter(lender__institution=request.member.institution)
    delegation = get_object_or_404(ours, pk=delegation_id)
    services.revoke_delegation(delegation, by=request.member)
    messages.success(request, _("The loan ended."))
    return redirect("people:member", delegation.lender_id)


@needs("member.manage")
def move(request: StaffRequest, member_id: int) -> HttpResponse:
    found = _member(request, member_id)
    form = forms.Move(
        request.POST or None, institution=found.institution, initial={"unit": found.unit}
    )
    if form.is_valid() and tried(form, services.move_member, found, by=request.member):
        messages.success(request, _("The member works in another unit now."))
        return redirect("people:member", found.pk)
    return _ask(request, form, _("Move to another unit"), "people:member", found)


@needs("member.manage")
def leaves(request: StaffRequest, member_id: int) -> HttpResponse:
    found, form = _member(request, member_id), forms.Why(request.POST or None)
    if form.is_valid() and tried(form, services.member_leaves, found, by=request.member):
        messages.success(request, _("%(name)s has left.") % {"name": found.name})
        return redirect("people:members")
    says = _("All roles, loans and sessions end now. What was done keeps this name.")
    title = _("%(name)s leaves") % {"name": found.name}
    return _ask(request, form, title, "people:member", found, says=says, is_danger=True)


@needs("member.view")
def units(request: StaffRequest) -> HttpResponse:
    return render(request, "people/units.html", pages.units_page(request.member))


@needs("member.manage")
def add_unit(request: StaffRequest) -> HttpResponse:
    institution = request.member.institution
    start = {"parent": request.GET.get("di")}
    form = forms.AddUnit(request.POST or None, institution=institution, initial=start)
    if form.is_valid() and tried(
        form, services.add_unit, institution=institution, by=request.member
    ):
        messages.success(request, _("The unit was added."))
        return redirect("people:units")
    return _ask(request, form, _("Add a unit"), "people:units")


@needs("member.manage")
def dissolve_unit(request: StaffRequest, unit_id: int) -> HttpResponse:
    ours = Unit.objects.filter(institution=request.member.institution, dissolved_on=None)
    unit, form = get_object_or_404(ours, pk=unit_id), forms.Why(request.POST or None)
    if form.is_valid() and tried(form, services.dissolve_unit, unit, by=request.member):
        messages.success(request, _("The unit was dissolved."))
        return redirect("people:units")
    says = _("It must owe nothing and nobody may work in it. Its past stays on record.")
    title = _("Dissolve %(unit)s") % {"unit": unit.name}
    return _ask(request, form, title, "people:units", says=says, is_danger=True)


@needs("institution.view")
def institution(request: StaffRequest) -> HttpResponse:
    return render(request, "people/institution.html", pages.institution_page(request.member))


@needs("member.manage")
def entrust(request: StaffRequest) -> HttpResponse:
    ours = request.member.institution
    form = forms.Entrust(request.POST or None, institution=ours)
    if form.is_valid() and tried(form, services.entrust, giver=ours, by=request.member):
        messages.success(request, _("The mandate is offered; it counts once they accept it."))
        return redirect("people:institution")
    says = _(
        "Officers of another institution fill this role here. Your audit log shows their acts."
    )
    return _ask(request, form, _("Entrust a role"), "people:institution", says=says)


@require_POST
@needs("member.manage")
def accept_mandate(request: StaffRequest, mandate_id: int) -> HttpResponse:
    held = get_object_or_404(Mandate, pk=mandate_id, holder=request.member.institution)
    services.accept_mandate(held, by=request.member)
    messages.success(request, _("The mandate was accepted. Now name the officers."))
    return redirect("people:institution")


@needs("member.manage")
def name_officer(request: StaffRequest, mandate_id: int) -> HttpResponse:
    ours = request.member.institution
    held = get_object_or_404(Mandate, pk=mandate_id, holder=ours)
    form = forms.NameOfficer(request.POST or None, institution=ours, role=held.role)
    if form.is_valid() and tried(form, services.name_officer, held, by=request.member):
        messages.success(request, _("The officer can work there from now on."))
        return redirect("people:institution")
    title = _("Name an officer for %(institution)s") % {"institution": held.giver}
    return _ask(request, form, title, "people:institution")


@needs("member.manage")
def release_officer(request: StaffRequest, member_id: int) -> HttpResponse:
    ours = request.member.institution
    sides = Q(institution=ours) | Q(mandate__holder=ours)
    seconded = Member.objects.filter(sides, mandate__isnull=False, left_at=None)
    officer, form = get_object_or_404(seconded, pk=member_id), forms.Why(request.POST or None)
    if form.is_valid() and tried(form, services.release_officer, officer, by=request.member):
        messages.success(request, _("%(name)s no longer acts there.") % {"name": officer.name})
        return redirect("people:institution")
    title = _("Release %(name)s") % {"name": officer.name}
    return _ask(request, form, title, "people:institution", is_danger=True)


@needs("member.manage")
def end_mandate(request: StaffRequest, mandate_id: int) -> HttpResponse:
    ours = request.member.institution
    mandate = get_object_or_404(Mandate, Q(giver=ours) | Q(holder=ours), pk=mandate_id)
    form = forms.Why(request.POST or None)
    if form.is_valid() and tried(form, services.end_mandate, mandate, by=request.member):
        messages.success(request, _("The mandate ended; its officers can act no more."))
        return redirect("people:institution")
    return _ask(request, form, _("End the mandate"), "people:institution", is_danger=True)


@needs("institution.edit")
def edit_institution(request: StaffRequest) -> HttpResponse:
    ours = request.member.institution
    start = {name: getattr(ours, name) for name in forms.EditInstitution.base_fields}
    form = forms.EditInstitution(request.POST or None, initial=start)
    if form.is_valid() and tried(form, services.edit_institution, ours, by=request.member):
        messages.success(request, _("The settings were changed."))
        return redirect("people:institution")
    return _ask(request, form, _("Change the settings"), "people:institution")


@require_POST
@staff_only
def choose(request: StaffRequest, institution_id: int) -> HttpResponse:
    choose_institution(request, get_object_or_404(Institution, pk=institution_id))
    return redirect("home")


def _member(request: StaffRequest, member_id: int) -> Member:
    here = Member.objects.filter(institution=request.member.institution)
    return get_object_or_404(here.select_related("unit", "user", "institution"), pk=member_id)


def _ask(
    request: StaffRequest, form: Form, title: str, back: str, about: Any = None, **more: Any
) -> HttpResponse:
    """The page of one question: a form with its title and the way back."""
    shown = {"form": form, "title": title, "back": back, "about": about, **more}
    return render(request, "people/ask.html", shown)


def _link_page(request: StaffRequest, who: Member, link: str) -> HttpResponse:
    shown = {"member": who, "link": request.build_absolute_uri(link) if link else ""}
    return render(request, "people/link.html", shown)
