"""Check what is wanted of a report. Nothing is saved here."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from balai.analytics.models import Dimension
from balai.analytics.selectors import Period

USUAL_DAYS = 30
MOST_DAYS = 366


class AskReport(forms.Form):
    """By what, and from which day to which."""

    menurut = forms.ChoiceField(label=_("By"), required=False)
    dari = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    sampai = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any, *, offered: Sequence[Dimension], today: date) -> None:
        filled = {
            "menurut": data.get("menurut") or offered[0].value,
            "dari": data.get("dari") or "",
            "sampai": data.get("sampai") or "",
        }
        last = _day(filled["sampai"]) or today
        filled["sampai"] = filled["sampai"] or last.isoformat()
        filled["dari"] = filled["dari"] or (last - timedelta(days=USUAL_DAYS - 1)).isoformat()
        super().__init__(filled)
        choices = self.fields["menurut"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = [(one.value, one.label) for one in offered]
        self._usual = Period(today - timedelta(days=USUAL_DAYS - 1), today)
        self._offered = offered

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        first, last = said.get("dari"), said.get("sampai")
        if first and last and first > last:
            self.add_error("sampai", _("The last day lies before the first."))
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("dari", _("A report spans one year at most."))
        return said

    def asked(self) -> tuple[str, Period]:
        """The dimension and the period; where something is wrong, the usual ones."""
        if not self.is_valid():
            by = self.cleaned_data.get("menurut") or self._offered[0].value
            return by, self._usual
        said = self.cleaned_data
        return said["menurut"], Period(said["dari"], said["sampai"])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
