"""What may be said about many conversations at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from balai.inbox.models import Conversation, Label
from balai.inbox.selectors import labels_in_use
from balai.people.models import Institution


class BulkLabelsForm(forms.Form):
    """Labels to put on and to take off; what is ticked in neither list stays as it is."""

    add = forms.ModelMultipleChoiceField(
        Label.objects.none(),
        label=_("Put on"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    remove = forms.ModelMultipleChoiceField(
        Label.objects.none(),
        label=_("Take off"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            assert isinstance(field, forms.ModelMultipleChoiceField)
            field.queryset = labels_in_use(institution)

    def clean(self) -> dict[str, Any]:
        """Say something, and not the opposite of it."""
        said = super().clean() or self.cleaned_data
        add, remove = set(said.get("add", ())), set(said.get("remove", ()))
        if not add and not remove:
            raise forms.ValidationError(_("Tick at least one label."))
        if add & remove:
            raise forms.ValidationError(_("The same label cannot be put on and taken off."))
        return said


class BulkTriageForm(forms.Form):
    """What they all are; what is left empty stays as it was read."""

    intent = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("As it was read")), *Conversation.Intent.choices],
    )
    priority = forms.TypedChoiceField(
        label=_("Urgency"),
        required=False,
        choices=[("", _("As it was read")), *Conversation.Priority.choices],
        coerce=int,
        empty_value="",
    )

    def said(self) -> dict[str, str | int]:
        """What the verb wants to hear: nothing that was left empty."""
        return {name: value for name, value in self.cleaned_data.items() if value != ""}
