"""What is said about a call for help that was passed on."""

from django import forms
from django.utils.translation import gettext_lazy as _

from balai.inbox.models import HandOff


class HandOffForm(forms.Form):
    """To whom, and on which number."""

    service = forms.CharField(
        label=_("Service"), max_length=120, help_text=_("Police, ambulance, fire, BPBD …")
    )
    number = forms.CharField(label=_("Number that was called"), max_length=40, initial="112")


class TakenForm(forms.Form):
    """Who took it there."""

    who = forms.CharField(
        label=_("Who took it there"),
        max_length=120,
        help_text=_("A function or call sign, no private name."),
    )


class ResultForm(forms.Form):
    """What came of it."""

    result = forms.ChoiceField(label=_("What came of it"), choices=HandOff.Result.choices)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
