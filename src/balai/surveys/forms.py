"""Check what comes in about surveys. Nothing is saved here."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from balai.people.models import Institution, Member, Unit
from balai.people.selectors import current_members
from balai.surveys.models import Response, Survey
from balai.surveys.rules import Element, Instrument
from balai.surveys.services.answering import LONGEST_REMARK


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


class SurveyForm(forms.Form):
    """What a survey is about, when, and how many people it is meant to speak for."""

    service = forms.CharField(
        label=_("Service"),
        max_length=160,
        help_text=_("One service, named as citizens call it: driving licence, identity card."),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("The whole office")
    )
    starts_on = _day(_("From"))
    ends_on = _day(_("Until"))
    population = forms.IntegerField(
        label=_("People served in the period"),
        min_value=1,
        max_value=300_000_000,
        help_text=_("An estimate. How many responses are needed follows from it."),
    )
    sample_mode = forms.ChoiceField(label=_("Sample size"), choices=Survey.Sample)
    is_free = forms.BooleanField(
        label=_("The service is free of charge"),
        required=False,
        help_text=_("Then nobody is asked about the fee; it counts as the best answer."),
    )

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        units = institution.units.filter(dissolved_on=None).order_by("name")
        cast("forms.ModelChoiceField[Any]", self.fields["unit"]).queryset = units


class AnswersForm(forms.Form):
    """The questions themselves: an element a question, nothing is compulsory, nobody is named."""

    remark = forms.CharField(
        label=_("What should we do better?"),
        help_text=_("Please leave out names and numbers of people."),
        required=False,
        max_length=LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    # People do not see this field; whoever fills it in is a machine.
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )

    def __init__(
        self,
        *args: Any,
        elements: Sequence[Element],
        instrument: Instrument,
        language: str,
        by_officer: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.codes = [one.code for one in elements]
        words = instrument.scale_words.get(language, instrument.scale_words["id"])
        least = instrument.scale[0]
        choices = [(str(least + step), said) for step, said in enumerate(words)]
        asked: dict[str, forms.Field] = {
            one.code: forms.TypedChoiceField(
                label=one.question(language),
                choices=choices,
                coerce=int,
                required=False,
                empty_value=None,
                widget=forms.RadioSelect,
            )
            for one in elements
        }
        rest = dict(self.fields)
        if by_officer:
            asked["mode"] = forms.ChoiceField(
                label=_("How"), choices=[m for m in Response.Mode.choices if m[0] in ENTERED]
            )
        self.fields = {**asked, **rest}

    def values(self) -> dict[str, int]:
        """What was answered, by element."""
        said = {code: self.cleaned_data.get(code) for code in self.codes}
        return {code: value for code, value in said.items() if value is not None}


ENTERED = {Response.Mode.COUNTER, Response.Mode.PHONE}


class FollowUpForm(forms.Form):
    """What is done about an element."""

    code = forms.ChoiceField(label=_("Element"))
    what = forms.CharField(label=_("What is done"), max_length=300)
    owner = forms.ModelChoiceField(Member.objects.none(), label=_("Who"))
    due_on = _day(_("Until"))

    def __init__(
        self, *args: Any, institution: Institution, elements: Sequence[Element], **options: Any
    ) -> None:
        language = options.pop("language", "id")
        super().__init__(*args, **options)
        codes = [(one.code, f"{one.code} {one.name(language)}") for one in elements]
        cast("forms.ChoiceField", self.fields["code"]).choices = codes
        owners = cast("forms.ModelChoiceField[Any]", self.fields["owner"])
        owners.queryset = current_members(institution)


class ProofForm(forms.Form):
    """How one can see that it was done."""

    proof = forms.CharField(
        label=_("Proof"), max_length=300, help_text=_("A decree, a page, a photo's address.")
    )


class ReasonForm(forms.Form):
    """A reason in one's own words; it is kept in the audit log."""

    reason = forms.CharField(label=pgettext_lazy("why something is done", "Reason"), max_length=300)
