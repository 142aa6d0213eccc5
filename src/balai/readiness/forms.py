"""Check what comes in about assessments. Nothing is saved here."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from balai.people.models import Institution, Member
from balai.people.selectors import current_members
from balai.readiness.models import Sample


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _words(label: Any) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, required=False, max_length=2000, widget=box)


class PlanForm(forms.Form):
    """Which year, until which day, and who answers for each component."""

    year = forms.IntegerField(label=_("Year"), min_value=2020, max_value=2100)
    last = forms.DateField(label=_("Last day that is counted"), widget=_day())

    def __init__(
        self,
        *args: Any,
        institution: Institution,
        components: Iterable[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self._codes = []
        for code, name in components:
            self._codes.append(code)
            self.fields[f"assessor_{code}"] = forms.ModelChoiceField(
                current_members(institution), label=name, empty_label=_("Choose somebody")
            )

    def said(self) -> dict[str, Any]:
        """What the plan says, for the verb."""
        told = self.cleaned_data
        return {
            "year": told["year"],
            "last": told["last"],
            "assessors": {code: told[f"assessor_{code}"] for code in self._codes},
        }


class ClaimForm(forms.Form):
    """The level that an assessor claims, and why."""

    claimed = forms.TypedChoiceField(
        label=_("Level"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Not stated")), *((n, str(n)) for n in range(1, 6))],
    )
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CommentForm(forms.Form):
    """What an assessor says of a figure that nobody can replace."""

    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class EvidenceForm(forms.Form):
    """What proves an indicator, and where it can be found."""

    title = forms.CharField(label=_("What it is"), max_length=200)
    address = forms.URLField(
        label=_("Address"), max_length=500, required=False, assume_scheme="https"
    )
    reference = forms.CharField(
        label=_("Number and where it is kept"), max_length=200, required=False
    )
    made_on = forms.DateField(label=_("Made on"), widget=_day())


class ReasonForm(forms.Form):
    """A reason in one's own words; it is kept in the audit log."""

    reason = forms.CharField(label=pgettext_lazy("why something is done", "Reason"), max_length=300)


class JudgeForm(forms.Form):
    """Whether a piece of evidence holds."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=Sample.Verdict)
    note = forms.CharField(label=_("What was found"), max_length=500, required=False)


class ReturnForm(forms.Form):
    """What is wrong with one indicator or several."""

    def __init__(self, *args: Any, codes: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        for code, name in codes:
            self.fields[code] = forms.CharField(label=name, max_length=500, required=False)


class DiscussForm(forms.Form):
    """What leadership made of it."""

    minutes = forms.CharField(label=_("Minutes"), widget=forms.Textarea(attrs={"rows": 4}))
    decisions = forms.CharField(label=_("Decisions"), widget=forms.Textarea(attrs={"rows": 3}))


class StepForm(forms.Form):
    """Who does what until when, for one indicator."""

    code = forms.ChoiceField(label=_("Indicator"))
    what = forms.CharField(label=_("What will be done"), max_length=300)
    owner = forms.ModelChoiceField(Member.objects.none(), label=_("Who does it"))
    due_on = forms.DateField(label=_("Due on"), widget=_day())

    def __init__(
        self, *args: Any, institution: Institution, codes: Iterable[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        cast("forms.ChoiceField", self.fields["code"]).choices = list(codes)
        owner = cast("forms.ModelChoiceField[Member]", self.fields["owner"])
        owner.queryset = current_members(institution)


def first_plan(today: date, assessors: dict[str, Member]) -> dict[str, Any]:
    """What a plan begins with: last year's end is over, and the likely person per component."""
    named = {f"assessor_{code}": member.pk for code, member in assessors.items()}
    return {"year": today.year, "last": today.replace(day=1), **named}
