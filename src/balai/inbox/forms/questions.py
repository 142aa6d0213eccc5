"""Questions to units, and their answers."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from balai.people.models import Institution, Unit

USUALLY = timedelta(days=2)


class AskUnitForm(forms.Form):
    """What, whom, until when."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"))
    text = forms.CharField(
        label=_("Your question"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "The unit sees this question and the citizen's newest words with personal data "
            "covered, nothing else."
        ),
        error_messages={"required": _("Write the question first.")},
    )
    due_on = forms.DateField(
        label=_("Answer until"),
        initial=lambda: localdate() + USUALLY,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        here = Unit.objects.filter(institution=institution, dissolved_on=None)
        field.queryset = here.order_by("name")


class WordsForm(forms.Form):
    """One turn in the thread of a question."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write the words first.")},
    )
