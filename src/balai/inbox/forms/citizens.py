"""What an officer may say about a person: joined, parted, promised, agreed, remembered."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from balai.ground.clock import now
from balai.inbox.models import Citizen, Consent
from balai.inbox.wording import channel_label, pseudonym
from balai.people.models import Institution, Member
from balai.people.selectors import current_members


class ReasonForm(forms.Form):
    """Why, in a few words."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class WithWhomForm(forms.Form):
    """With whom a person is to be joined, named by one of their conversations."""

    conversation = forms.IntegerField(
        label=_("Number of a conversation of the other person"),
        help_text=_("It stands in the address of the conversation's page."),
        min_value=1,
    )


class SplitForm(forms.Form):
    """Which accounts belong to somebody else."""

    out = forms.ModelMultipleChoiceField(
        queryset=Citizen.objects.none(),
        label=_("Accounts that belong to somebody else"),
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, group: list[Citizen], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["out"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Citizen.objects.filter(pk__in=[one.pk for one in group]).order_by("pk")
        field.label_from_instance = named_account  # type: ignore[method-assign,assignment]


class CitizenNoteForm(forms.Form):
    """Something that the office remembers of a person."""

    text = forms.CharField(
        label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ConsentForm(forms.Form):
    """One purpose to which the person agreed, and how."""

    purpose = forms.ChoiceField(label=_("Agrees to"), choices=Consent.Purpose.choices)
    how = forms.ChoiceField(label=_("How it was given"), choices=Consent.How.choices)


class PromiseForm(forms.Form):
    """What our last answer promises, until the end of which day, and who answers for it."""

    what = forms.CharField(label=_("What we promised"), max_length=300)
    due_on = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    owner = forms.ModelChoiceField(
        queryset=Member.objects.none(), label=_("Who answers for it"), required=False
    )

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = current_members(institution)
        field.empty_label = str(_("I do"))

    def clean_due_on(self) -> Any:
        """The day is today or later, in the institution's zone."""
        day = self.cleaned_data["due_on"]
        if day < timezone.localtime(now()).date():
            raise ValidationError(_("This day is over. Choose today or a later day."))
        return day

    def said(self) -> dict[str, Any]:
        """What the verb needs: the day ends in the institution's zone."""
        last = datetime.combine(self.cleaned_data["due_on"], time(23, 59, 59))
        return {
            "what": self.cleaned_data["what"],
            "owner": self.cleaned_data["owner"],
            "due_at": timezone.make_aware(last),
        }


class SettleForm(forms.Form):
    """How a promise was kept, or why it was not."""

    reason = forms.CharField(label=_("How, or why not"), max_length=300, required=False)


def named_account(citizen: Citizen) -> str:
    """An account without its name: where it writes from, and its short code."""
    return f"{channel_label(citizen.channel)} · {pseudonym(citizen.key)}"
