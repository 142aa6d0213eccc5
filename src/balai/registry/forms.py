"""Check what comes in about official accounts. Nothing is saved here."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from balai.people.models import Institution, Member, Unit
from balai.people.selectors import current_members
from balai.registry.models import FalseAccount, OfficialAccount
from balai.registry.wording import CHANNELS


class Owners(forms.Form):
    """The unit that owns an account, and the two people who answer for it."""

    owner_unit = forms.ModelChoiceField(label=_("Owning unit"), queryset=Unit.objects.none())
    first_contact = forms.ModelChoiceField(label=_("First contact"), queryset=Member.objects.none())
    second_contact = forms.ModelChoiceField(
        label=_("Second contact"),
        queryset=Member.objects.none(),
        help_text=_("Another person, so that a journey or an illness closes nothing."),
    )

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = institution.units.filter(dissolved_on=None).order_by("name")
        self._choose("owner_unit", units)
        for name in ("first_contact", "second_contact"):
            self._choose(name, current_members(institution))

    def _choose(self, name: str, queryset: Any) -> None:
        cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = queryset

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first = data.get("first_contact")
        if first and first == data.get("second_contact"):
            self.add_error("second_contact", _("Choose another person than the first contact."))
        return data


class RequestAccount(Owners):
    """The wish that an account becomes official."""

    field_order = ["channel", "handle", "url", "kind"]

    channel = forms.ChoiceField(label=_("Channel"), choices=[("", "---"), *CHANNELS.items()])
    handle = forms.CharField(
        label=_("Handle"),
        max_length=200,
        help_text=_("As it stands there, for example @kotacontoh."),
    )
    url = forms.URLField(label=_("Address"), required=False, max_length=500, assume_scheme="https")
    kind = forms.ChoiceField(
        label=_("Who speaks there"),
        choices=OfficialAccount.Kind,
        initial=OfficialAccount.Kind.INSTITUTION,
        widget=forms.RadioSelect,
    )


class ReportFalse(forms.Form):
    """An account that speaks in our name without right."""

    account = forms.CharField(
        label=_("Address or name of the account"),
        max_length=500,
        help_text=_("For example https://x.com/name or @name."),
    )
    channel = forms.ChoiceField(
        label=_("Network"), required=False, choices=[("", _("I do not know")), *CHANNELS.items()]
    )
    words = forms.CharField(
        label=_("What does it do?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example: it asks for money. Leave out names and numbers of people."),
    )


class JudgeFalse(forms.Form):
    """The next step of a report."""

    wanted = forms.ChoiceField(choices=FalseAccount.State, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)


class Nothing(forms.Form):
    """A step that needs no more than a yes."""


class Reason(forms.Form):
    """A step that needs a reason."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It stays on record. Name no citizen.")
    )


class HandOver(Owners):
    """The next owners, and why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class Verify(forms.Form):
    """How control was shown, and the identity that never changes."""

    platform_user_id = forms.CharField(
        label=_("Platform's user id"),
        max_length=200,
        help_text=_("The number or code that stays when the handle changes."),
    )
    proof = forms.CharField(
        label=_("How was control shown?"),
        max_length=300,
        help_text=_("For example: the word stood in the profile on 3 May; screenshot in the file."),
    )


class Restore(forms.Form):
    """How control was shown again."""

    proof = forms.CharField(label=_("How was control shown again?"), max_length=300)
