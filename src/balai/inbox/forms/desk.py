"""How a team arranges its desk: labels and saved views."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from balai.inbox.models import Label, QueueOrder, SavedView
from balai.inbox.selectors import labels_in_use
from balai.people.models import Institution


class LabelForm(forms.Form):
    """A label's word and colour."""

    name = forms.CharField(label=_("Name"), max_length=40)
    colour = forms.ChoiceField(label=_("Colour"), choices=Label.Colour)


class LabelsForm(forms.Form):
    """Which labels stand on a conversation."""

    labels = forms.ModelMultipleChoiceField(
        Label.objects.none(),
        label=_("Labels"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["labels"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = labels_in_use(institution)

    def said(self) -> dict[str, Any]:
        """What the verb wants to hear; a retired label is not offered and stays."""
        field = self.fields["labels"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        chosen = set(self.cleaned_data["labels"])
        return {"add": chosen, "remove": set(field.queryset or ()) - chosen}


class SaveViewForm(forms.Form):
    """A name for what the filters show now."""

    name = forms.CharField(label=_("Name of the view"), max_length=40)
    audience = forms.ChoiceField(label=_("Who sees it"), choices=SavedView.Audience)
    first = forms.BooleanField(label=_("My inbox opens with it"), required=False)

    def __init__(self, *args: Any, may_share: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_share:
            del self.fields["audience"]


class OrderForm(forms.Form):
    """In which order "to answer" opens."""

    order = forms.ChoiceField(label=_("Order of “To answer”"), choices=QueueOrder.Order)
    for_all = forms.BooleanField(
        label=_("For everybody in the office who chose none"), required=False
    )

    def __init__(self, *args: Any, may_share: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_share:
            del self.fields["for_all"]
