"""Check what visitors ask and tell. Nothing is saved here."""

from django import forms
from django.utils.translation import gettext_lazy as _

from balai.registry.selectors import CHANNELS

# A field for machines: no key and no reader aloud comes to it.
UNREACHABLE = forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})


class CheckAccount(forms.Form):
    """Which account is meant."""

    akun = forms.CharField(
        label=_("Address or name of the account"),
        max_length=500,
        help_text=_("For example https://x.com/name, @name or name@server."),
    )
    jaringan = forms.ChoiceField(
        label=_("Network"), required=False, choices=[("", _("I do not know")), *CHANNELS.items()]
    )


class ReportAccount(forms.Form):
    """An account that speaks in our name without right."""

    account = forms.CharField(label=_("Address or name of the account"), max_length=500)
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
    website = forms.CharField(required=False, label="Website", widget=UNREACHABLE)

    def clean_website(self) -> str:
        """People see no such field; machines fill it."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this field empty."))
        return ""

    def clean(self) -> dict[str, object]:
        data: dict[str, object] = super().clean() or {}
        data.pop("website", None)
        return data


class FramedLetter(forms.Form):
    """A citizen's words, written in a frame on somebody else's page."""

    TOO_OLD = _("This form stood open for too long. Your words are still here: send them again.")

    text = forms.CharField(
        label=_("What do you want to tell us?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Leave out numbers of identity cards and telephones."),
    )
    consent = forms.BooleanField(
        label=_("The office may use this message to answer it."),
        error_messages={"required": _("Without this we may not keep your message.")},
    )
    ticket = forms.CharField(widget=forms.HiddenInput)
    website = forms.CharField(required=False, label="Website", widget=UNREACHABLE)

    def clean_website(self) -> str:
        """People see no such field; machines fill it."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this field empty."))
        return ""
