"""What a citizen may send without an account."""

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from balai.inbox import uploads
from balai.inbox.services import fresh_receipt

LONGEST = 10_000
FORM_LASTS = 24 * 3600
SALT = "inbox.letterbox"


class SeveralFiles(forms.ClearableFileInput):
    """A field for several files that works in every browser."""

    allow_multiple_selected = True


class FilesField(forms.Field):
    """Up to five files, judged by what they hold; gives them as they are kept."""

    widget = SeveralFiles

    def clean(self, value: Any) -> list[uploads.Taken]:
        files = [one for one in (value or []) if isinstance(one, UploadedFile)]
        if len(files) > uploads.MOST_FILES:
            raise ValidationError(_("Send five files at most."))
        return [self._take(file) for file in files]

    def _take(self, file: "UploadedFile[Any]") -> uploads.Taken:
        try:
            # One byte more than allowed is enough to know that it is too large.
            return uploads.take(file.name or "", file.read(uploads.MOST_BYTES + 1))
        except uploads.NotTaken as no:
            raise ValidationError(str(no)) from no


class LetterForm(forms.Form):
    """The public form. `ticket` holds the receipt, so that a form sent twice is one message."""

    text = forms.CharField(
        label=_("What do you want to tell or ask us?"),
        help_text=_("Say what happened, where and when. Please leave out NIK and bank numbers."),
        max_length=LONGEST,
        error_messages={"required": _("Write your message first.")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    place = forms.CharField(
        label=_("Place"),
        help_text=_("Street, village, or a landmark nearby."),
        required=False,
        max_length=200,
    )
    photos = FilesField(
        label=_("Photos or documents"),
        help_text=_(
            "Up to 5 files of 5 MB: JPG, PNG, WebP or PDF. We remove the place and device hidden "
            "in photos."
        ),
        required=False,
        widget=SeveralFiles(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_(
            "Where this office has a mailbox, our answer goes there too. It is on your status page."
        ),
        required=False,
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    consent = forms.BooleanField(
        label=_("I have read how this office treats my data, and agree."),
        error_messages={"required": _("We may only read your message if you agree.")},
    )
    # People do not see this field; whoever fills it in is a machine.
    website = forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    ticket = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave the last field empty, please: only machines fill it."))
        return ""

    def clean_ticket(self) -> str:
        return clean_ticket(self.cleaned_data["ticket"])


def clean_ticket(ticket: str) -> str:
    """The receipt in the ticket that a form was given; a fresh one when it is too old."""
    try:
        receipt: str = signing.loads(ticket, salt=SALT, max_age=FORM_LASTS)
    except signing.BadSignature:
        return fresh_receipt()
    return receipt


class AdditionForm(forms.Form):
    """Something more, on the status page."""

    text = forms.CharField(
        label=_("Add something"),
        max_length=LONGEST,
        error_messages={"required": _("Write your message first.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def fresh_ticket() -> str:
    """A receipt that this form may use, signed so that nobody chooses one."""
    return signing.dumps(fresh_receipt(), salt=SALT)
