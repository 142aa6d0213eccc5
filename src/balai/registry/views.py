"""The pages of the registry: which official accounts there are, and the steps of their life."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balai.ground.forms import tried
from balai.people.middleware import StaffRequest, needs
from balai.registry import pages, services
from balai.registry.forms import JudgeFalse, ReportFalse, RequestAccount
from balai.registry.models import OfficialAccount
from balai.registry.selectors import accounts_of, control_token, false_accounts_of
from balai.registry.steps import step_called


@needs("account.view")
def accounts(request: StaffRequest) -> HttpResponse:
    shown = pages.accounts_page(request.member, request.GET.get("status", ""))
    return render(request, "registry/accounts.html", shown)


@needs("account.view")
def account(request: StaffRequest, account_id: int) -> HttpResponse:
    found = _find(request, account_id)
    return render(request, "registry/account.html", pages.account_page(request.member, found))


@needs("account.request")
def request_account(request: StaffRequest) -> HttpResponse:
    form = RequestAccount(request.POST or None, institution=request.member.institution)
    if form.is_valid():
        ours = {"institution": request.member.institution, "by": request.member}
        made = tried(form, services.request_account, **ours)
        if made:
            messages.success(request, _("The request was made. Somebody else approves it."))
            return redirect("registry:account", made.pk)
    return render(request, "registry/request_account.html", {"form": form})


@needs("account.view")
def step(request: StaffRequest, account_id: int, slug: str) -> HttpResponse:
    found, wanted = _find(request, account_id), step_called(slug)
    if wanted is None or not wanted.is_open_to(request.member, found):
        raise Http404
    form = wanted.make_form(request, found)
    if form.is_valid() and tried(form, wanted.verb, found, by=request.member):
        messages.success(request, _("Done: %(what)s.") % {"what": wanted.title})
        return redirect("registry:account", found.pk)
    shown = {"form": form, "step": wanted, "account": found, "token": control_token(found)}
    return render(request, "registry/step.html", shown)


@needs("account.view")
def false_accounts(request: StaffRequest) -> HttpResponse:
    """Accounts that are said to speak in our name without right."""
    state = request.GET.get("status", "")
    shown = pages.false_accounts_page(request.member, state)
    return render(request, "registry/false_accounts.html", shown)


@needs("account.alarm")
def report_false(request: StaffRequest) -> HttpResponse:
    form = ReportFalse(request.POST or None)
    ours = request.member.institution
    if form.is_valid() and tried(form, services.report_false_account, ours, by=request.member):
        messages.success(request, _("The account was reported."))
        return redirect("registry:false_accounts")
    return render(request, "registry/report_false.html", {"form": form})


@require_POST
@needs("account.alarm")
def judge_false(request: StaffRequest, report_id: int) -> HttpResponse:
    report = get_object_or_404(false_accounts_of(request.member.institution), pk=report_id)
    form = JudgeFalse(request.POST)
    if form.is_valid() and tried(form, services.judge_false_account, report, by=request.member):
        messages.success(request, _("Done: %(what)s.") % {"what": report.get_state_display()})
    else:
        for problem in (words for found in form.errors.values() for words in found):
            messages.error(request, str(problem))
    return redirect("registry:false_accounts")


def _find(request: StaffRequest, account_id: int) -> OfficialAccount:
    return get_object_or_404(accounts_of(request.member.institution), pk=account_id)
