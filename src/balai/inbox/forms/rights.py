"""What is said about a person's request for their own data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from balai.inbox.models import RightsRequest


class RequestForm(forms.Form):
    """What the person asks."""

    kind = forms.ChoiceField(label=_("What is asked"), choices=RightsRequest.Kind.choices)


class CodeForm(forms.Form):
    """The code that the person answered with."""

    code = forms.RegexField(r"^\s*\d{6}\s*$", label=_("The code that the person gave"))


class RefusalForm(forms.Form):
    """Why the request is refused; the person is told these words."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The person is told these words."),
    )
