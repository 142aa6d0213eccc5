"""Notes with mentions, and tasks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from balai.inbox.forms.office import NoteForm as PlainNote
from balai.people.models import Institution, Member
from balai.people.selectors import current_members


class NoteForm(PlainNote):
    """A note that only the office sees, and whom it calls."""

    mentions = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        label=_("Call colleagues"),
        required=False,
        help_text=_("Or name them in the text: @Name. Only who may read this can be called."),
    )

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["mentions"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = current_members(institution)
        field.widget.attrs["size"] = 4


class TaskForm(forms.Form):
    """What, who, until when."""

    what = forms.CharField(
        label=_("What is to be done"),
        max_length=200,
        error_messages={"required": _("Say what is to be done.")},
    )
    who = forms.ModelChoiceField(
        Member.objects.none(), label=_("Who"), required=False, empty_label=_("Whoever takes it")
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["who"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = current_members(institution)
