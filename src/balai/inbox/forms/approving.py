"""Which answers a second person reads, and what that person says."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from balai.channels.models import Connection
from balai.inbox.models import Conversation, Label
from balai.inbox.rules import ANY_SENSITIVITY
from balai.inbox.selectors import labels_in_use
from balai.inbox.wording import SENSITIVE_NAMES
from balai.people.models import Institution, Role, Unit


class PolicyForm(forms.Form):
    """What is left empty fits every answer."""

    why = forms.CharField(
        label=_("Why a second person reads it"),
        max_length=160,
        help_text=_("Whoever writes reads this before the answer goes to approval."),
    )
    intent = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All kinds")), *Conversation.Intent.choices],
    )
    label = forms.ModelChoiceField(
        Label.objects.none(), label=_("Topic (label)"), required=False, empty_label=_("All topics")
    )
    connection = forms.ModelChoiceField(
        Connection.objects.none(),
        label=_("Account"),
        required=False,
        empty_label=_("All accounts"),
    )
    sensitivity = forms.ChoiceField(
        label=_("Sensitive matter"),
        required=False,
        choices=[
            ("", _("Sensitive or not")),
            (ANY_SENSITIVITY, _("Anything sensitive")),
            *SENSITIVE_NAMES.items(),
        ],
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("All units")
    )
    author_role = forms.ChoiceField(
        label=_("Written by"), required=False, choices=[("", _("Everybody")), *Role.choices]
    )

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        here = {"institution": institution}
        offered = {
            "label": labels_in_use(institution),
            "connection": Connection.objects.filter(**here).order_by("name"),
            "unit": Unit.objects.filter(**here, dissolved_on=None).order_by("name"),
        }
        for name, rows in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows


class ApproveForm(forms.Form):
    """The very words that were read."""

    text_hash = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class ReturnForm(forms.Form):
    """What must change."""

    reason = forms.CharField(
        label=_("What must change"),
        max_length=300,
        error_messages={"required": _("Say what must change.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
