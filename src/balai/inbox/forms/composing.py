"""What an officer is writing, before it is an answer."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_ARTICLES = 20  # that go into one answer


class ArticleIds(forms.CharField):
    """Ids of articles, comma separated."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "max_length": 400, **options})

    def to_python(self, value: Any) -> list[int]:  # type: ignore[override]
        """The numbers that stand there; what is no number was not put there by us."""
        said = [part for part in str(value or "").split(",") if part.strip().isdecimal()]
        return sorted({int(part) for part in said if len(part.strip()) < 18})[:MOST_ARTICLES]

    def prepare_value(self, value: Any) -> str:
        """As the page carries them."""
        return value if isinstance(value, str) else ",".join(str(one) for one in value or ())

    def run_validators(self, value: Any) -> None:
        """`to_python` left only numbers, and not too many."""


class ComposeForm(forms.Form):
    """A draft: nothing of it is required, and nothing of it is sent."""

    text = forms.CharField(max_length=20_000, required=False, strip=False)
    asks_back = forms.BooleanField(required=False)
    articles = ArticleIds()
    form_key = forms.RegexField(r"^[0-9a-f]{32}$", required=False)
    insert = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    earlier = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    of_unit = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def said(self) -> dict[str, Any]:
        """What the verb keeps."""
        return {
            name: self.cleaned_data[name] for name in ("text", "asks_back", "articles", "form_key")
        }


class FindForm(forms.Form):
    """Words to look for in the library; none asks for what is near the citizen's question."""

    words = forms.CharField(required=False, max_length=200)

    def said(self) -> str:
        """The words as an address carries them."""
        self.is_valid()
        return urlencode({"words": self.cleaned_data.get("words", "")})


class SignOffForm(forms.Form):
    """With what every answer ends."""

    sign_off = forms.CharField(
        label=_("Sign-off"),
        max_length=160,
        required=False,
        help_text=_("For example: {petugas}, {instansi}. Empty: answers end without one."),
    )
