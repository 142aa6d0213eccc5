"""What an officer writes down for a citizen."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from balai.ground.clock import now
from balai.inbox.forms.citizen import LONGEST, FilesField, SeveralFiles, clean_ticket

CAME_BY = {
    "counter": _("At the counter"),
    "phone": _("By telephone"),
    "letter": _("By letter or fax"),
}


class CounterForm(forms.Form):
    """One matter as the citizen told it. `ticket` holds the receipt, as on the public form."""

    came_by = forms.ChoiceField(
        label=_("How it came"),
        choices=list(CAME_BY.items()),
        initial="counter",
        widget=forms.RadioSelect,
    )
    said_at = forms.DateTimeField(
        label=_("When it was said"),
        help_text=_("The clock starts here."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    text = forms.CharField(
        label=_("What the citizen says"),
        help_text=_("In the citizen's own words and language, as far as possible."),
        max_length=LONGEST,
        error_messages={"required": _("Write down first what was said.")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    photos = FilesField(
        label=_("Photos or documents"),
        required=False,
        widget=SeveralFiles(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=100)
    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=200)
    informed = forms.BooleanField(
        label=_("I told the citizen how this office treats their data, and they agree."),
        error_messages={"required": _("Tell the citizen first, or leave name and contact out.")},
        required=False,
    )
    ticket = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        moment = timezone.localtime(now()).replace(second=0, microsecond=0)
        self.fields["said_at"].initial = moment

    def clean_said_at(self) -> Any:
        said_at = self.cleaned_data["said_at"]
        if said_at > now():
            raise forms.ValidationError(_("This lies in the future."))
        return said_at

    def clean_ticket(self) -> str:
        return clean_ticket(self.cleaned_data["ticket"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        contact = any(data.get(name) for name in ("name", "phone", "email"))
        if contact and not data.get("informed"):
            words = self.fields["informed"].error_messages["required"]
            self.add_error("informed", words)
        return data
