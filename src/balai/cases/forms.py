"""Check what comes in about cases. Nothing is saved here."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from balai.cases.models import Case
from balai.cases.selectors import VIEWS, Asked
from balai.cases.wording import REJECTIONS
from balai.people.models import Institution, Member, Unit
from balai.people.selectors import current_members

LONGEST_ANSWER = 20_000
_AREA = r"^(\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?)?$"  # Kemendagri: province.regency.district.village


def _area() -> forms.RegexField:
    return forms.RegexField(
        _AREA,
        label=_("Area code (Kemendagri)"),
        required=False,
        help_text=_("For example 32.04.05.2001; leave it empty when you do not know it."),
        error_messages={"invalid": _("Write the code with dots, as 32.04 or 32.04.05.2001.")},
    )


class AboutForm(forms.Form):
    """What a case is about."""

    title = forms.CharField(
        label=_("Title"), max_length=160, help_text=_("The matter in a few words, no names.")
    )
    category = forms.CharField(
        label=_("Topic"), max_length=80, required=False, help_text=_("For example: street lamps.")
    )
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    area_code = _area()
    is_anonymous = forms.BooleanField(
        label=_("The citizen wants to stay anonymous"),
        required=False,
        help_text=_("Nobody outside the desk uses the name."),
    )
    is_confidential = forms.BooleanField(
        label=_("Confidential"),
        required=False,
        help_text=_("Only those who handle the case can read it."),
    )


class OpenForm(AboutForm):
    """A new case."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Case.Kind)
    field_order = ("kind", "title")


class CaseNumber(forms.IntegerField):
    """The number of a case, with or without the sign before it."""

    def to_python(self, value: Any) -> int | None:
        """The number, whatever stands around it."""
        return super().to_python(str(value or "").strip().lstrip("#"))


class JoinForm(forms.Form):
    """The case in which a conversation is to speak."""

    case = CaseNumber(label=_("Number of the case"), min_value=1)


class VerifyForm(forms.Form):
    """That this is a matter of ours, and what it takes."""

    scrutiny = forms.ChoiceField(
        label=_("What it takes"),
        choices=Case.Scrutiny,
        help_text=_("It decides how long the unit has."),
    )
    category = forms.CharField(label=_("Topic"), max_length=80, required=False)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    area_code = _area()


class SayForm(forms.Form):
    """Words for everybody who speaks in a case."""

    text = forms.CharField(
        label=_("Your words"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write the answer first.")},
    )
    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class RejectForm(SayForm):
    """Why a report cannot be handled, and what the citizen reads."""

    reason = forms.ChoiceField(
        label=pgettext_lazy("why something is done", "Reason"), choices=list(REJECTIONS.items())
    )
    field_order = ("reason", "text")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].label = _("What the citizen reads")
        self.fields["text"].help_text = _("Say why, and where else the citizen can go.")


class MergeForm(forms.Form):
    """The case that was there before."""

    master = CaseNumber(label=_("Number of the case that goes on"), min_value=1)


class DispatchForm(forms.Form):
    """Where a case goes, and what the citizen is told about it."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), empty_label=_("Choose a unit")
    )
    officer = forms.ModelChoiceField(
        Member.objects.none(), label=_("Officer"), required=False, empty_label=_("The whole unit")
    )
    reason = forms.CharField(label=_("Note for the unit"), max_length=300, required=False)
    text = forms.CharField(
        label=_("What the citizen reads"),
        max_length=LONGEST_ANSWER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It leaves in the citizen's own thread. Empty: nothing is said."),
    )
    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "unit", institution.units.filter(dissolved_on=None).order_by("name"))
        _offer(self, "officer", _workers(institution))


class ReturnForm(forms.Form):
    """That a case is not ours, and whose it is."""

    reason = forms.CharField(
        label=_("Why it is not ours"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    suggested = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Whose it is"),
        required=False,
        empty_label=_("We do not know"),
    )

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "suggested", institution.units.filter(dissolved_on=None).order_by("name"))


class PromiseForm(forms.Form):
    """A day that the citizen may count on."""

    on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    words = forms.CharField(
        label=_("What happens on it"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_scheduled = forms.BooleanField(
        label=_("The work itself has this day"),
        required=False,
        help_text=_("Without it: this is when we plan to have it done."),
    )


class ReferForm(forms.Form):
    """The agency outside that has a case now."""

    agency = forms.CharField(label=_("Other agency"), max_length=160)
    external_number = forms.CharField(label=_("Their number"), max_length=80, required=False)
    words = forms.CharField(
        label=_("What the citizen reads"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ResolveForm(forms.Form):
    """What came of it."""

    result = forms.ChoiceField(label=_("Result"), choices=Case.Result)
    words = forms.CharField(
        label=_("What the citizen reads"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("On the tracking page, beside the answer."),
    )


class AssignForm(forms.Form):
    """Who has it in hand."""

    officer = forms.ModelChoiceField(
        Member.objects.none(), label=_("Officer"), required=False, empty_label=_("The whole unit")
    )

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "officer", _workers(institution))


class TakeUpForm(forms.Form):
    """Another officer, and why this one."""

    officer = forms.ModelChoiceField(
        Member.objects.none(), label=_("Officer"), empty_label=_("Choose an officer")
    )
    reason = forms.CharField(label=pgettext_lazy("why something is done", "Reason"), max_length=300)

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "officer", _workers(institution))


class VerdictForm(forms.Form):
    """What the citizen said of the result in the thread."""

    voice = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    solved = forms.ChoiceField(choices=[("yes", ""), ("no", "")])


class NothingForm(forms.Form):
    """A press of a button is all."""


class Filters(forms.Form):
    """What is wanted of the list. A value that does not exist filters nothing."""

    view = forms.ChoiceField(choices=[(v, v) for v in VIEWS], required=False)
    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *Case.State.choices]
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *Case.Kind.choices]
    )
    after = forms.RegexField(r"^\d{1,18}-\d{1,18}$", required=False)

    def __init__(self, data: Any, *, institution: Institution) -> None:
        super().__init__(data)
        units = institution.units.order_by("name").values_list("pk", "name")
        field = cast("forms.ChoiceField", self.fields["unit"])
        field.choices = [("", _("All units")), *((str(pk), name) for pk, name in units)]

    def asked(self) -> Asked:
        """What is wanted; wrong values are left out."""
        self.is_valid()
        said = self.cleaned_data
        first, _dash, second = said.get("after", "").partition("-")
        return Asked(
            view=said.get("view") or "open",
            state=said.get("state", ""),
            kind=said.get("kind", ""),
            unit_id=int(said["unit"]) if said.get("unit") else None,
            words=said.get("q", ""),
            after=(int(first), int(second)) if second else None,
        )


class CitizenWordsForm(forms.Form):
    """What a citizen adds on the tracking page."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def _workers(institution: Institution) -> Any:
    """Members who hold a role that works on cases; the verb looks at the unit."""
    roles = ("case_officer", "case_coordinator")
    return (
        current_members(institution)
        .filter(grants__role__in=roles, grants__ended_at=None)
        .distinct()
    )


def _offer(form: forms.Form, name: str, offered: Any) -> None:
    cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = offered
