"""What a keeper of a safe path and whoever names keepers may say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from balai.inbox.models import Keeper, SafePath
from balai.people.models import Institution, Member
from balai.people.selectors import current_members

HIDDEN = {"autocomplete": "off"}


class NameForm(forms.Form):
    """Who is to keep which path."""

    path = forms.ChoiceField(label=_("Safe channel"), choices=SafePath.choices)
    member = forms.ModelChoiceField(queryset=Member.objects.none(), label=_("Keeper"))

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["member"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = current_members(institution)


class ReadyForm(forms.Form):
    """The passphrase that a keeper chooses."""

    passphrase = forms.CharField(
        label=_("Your passphrase"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=200,
        help_text=_(
            "Several words that only you know. It is kept nowhere: if you forget it, only another "
            "keeper can let you read again."
        ),
    )
    again = forms.CharField(
        label=_("The same once more"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=200,
    )

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        said = super().clean() or {}
        if said.get("passphrase") != said.get("again"):
            self.add_error("again", _("This differs from the first."))
        return said


class OpenForm(forms.Form):
    """A keeper opens what lies on the path, with a reason."""

    passphrase = forms.CharField(
        label=_("Your passphrase"),
        widget=forms.PasswordInput(attrs=HIDDEN),
        strip=False,
        max_length=200,
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ShareForm(forms.Form):
    """A keeper gives another keeper of the same path the keys."""

    other = forms.ModelChoiceField(queryset=Keeper.objects.none(), label=_("Keeper"))
    passphrase = forms.CharField(
        label=_("Your passphrase"),
        widget=forms.PasswordInput(attrs=HIDDEN),
        strip=False,
        max_length=200,
    )

    def __init__(self, *args: Any, keeper: Keeper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["other"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Keeper.objects.filter(
            institution_id=keeper.institution_id,
            path=keeper.path,
            ended_at=None,
            ready_at__isnull=False,
        ).exclude(pk=keeper.pk)
        field.label_from_instance = _by_name  # type: ignore[method-assign,assignment]


def _by_name(keeper: Keeper) -> str:
    return str(keeper.member)
