"""The pages of access keys: which there are, one more (shown once), the end of one."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from balai.ground.clock import now
from balai.ground.forms import tried
from balai.people import services
from balai.people.forms import Why, Within
from balai.people.middleware import StaffRequest, needs
from balai.people.models import Member
from balai.people.selectors import current_members, keys_of

SCOPE_NAMES = {
    "conversations.read": gettext_lazy("read conversations, personal data masked"),
    "conversations.answer": gettext_lazy("answer citizens"),
    "conversations.assign": gettext_lazy("assign conversations"),
    "conversations.label": gettext_lazy("label conversations"),
    "conversations.note": gettext_lazy("write notes on conversations"),
    "accounts.read": gettext_lazy("see official accounts"),
    "articles.read": gettext_lazy("read the answer library"),
    "reports.read": gettext_lazy("read the reports"),
}
USUAL_DAYS = 90


class MakeKey(Within):
    """A program that may act here."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=80,
        help_text=gettext_lazy("For example: dashboard of the regency."),
    )
    member = forms.ModelChoiceField(
        label=gettext_lazy("Acts as"),
        queryset=Member.objects.none(),
        help_text=gettext_lazy("It can never do more than this person."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("May"), choices=SCOPE_NAMES.items(), widget=forms.CheckboxSelectMultiple
    )
    expires_at = forms.DateField(
        label=gettext_lazy("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("A year at most."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("member", current_members(self.institution).filter(mandate=None))
        self.fields["expires_at"].initial = now().date() + timedelta(days=USUAL_DAYS)

    def clean_expires_at(self) -> datetime:
        """The end of that day where the institution is."""
        zone = ZoneInfo(self.institution.zone)
        return datetime.combine(self.cleaned_data["expires_at"], time(23, 59), zone)


@needs("member.manage")
def keys(request: StaffRequest) -> HttpResponse:
    """Every key of the institution, also the ended ones."""
    moment = now()
    rows = [
        {
            "key": key,
            "scopes": [SCOPE_NAMES.get(scope, scope) for scope in key.scopes.split()],
            "is_alive": key.revoked_at is None and key.expires_at > moment,
        }
        for key in keys_of(request.member.institution)
    ]
    return render(request, "people/keys.html", {"rows": rows})


@never_cache
@needs("member.manage")
def make(request: StaffRequest) -> HttpResponse:
    """The secret is shown once, on the page that answers; it is kept nowhere."""
    form = MakeKey(request.POST or None, institution=request.member.institution)
    if form.is_valid():
        member = form.cleaned_data.pop("member")
        made = tried(form, services.make_access_key, member, by=request.member)
        if made:
            return render(request, "people/key.html", {"key": made[0], "secret": made[1]})
    shown = {"form": form, "title": _("Make an access key"), "back": "people:keys"}
    return render(request, "people/ask.html", shown)


@needs("member.manage")
def revoke(request: StaffRequest, key_id: int) -> HttpResponse:
    """End a key now."""
    key = get_object_or_404(keys_of(request.member.institution), pk=key_id)
    form = Why(request.POST or None)
    if form.is_valid() and tried(form, services.revoke_access_key, key, by=request.member):
        messages.success(request, _("The key ended. Whatever used it is refused from now on."))
        return redirect("people:keys")
    shown = {"form": form, "title": _("End this key: %(name)s") % {"name": key.name},
             "back": "people:keys", "is_danger": True}  # fmt: skip
    return render(request, "people/ask.html", shown)
