"""Check what comes in for the calendar, the targets and the audit page. Nothing is saved here."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from balai.governance.models import Holiday
from balai.governance.rules import Measure
from balai.governance.wording import KINDS, WEEKDAYS, amount


class EnterHoliday(forms.Form):
    """A day that the institution adds to the list, or takes out of it."""

    on = forms.DateField(
        label=_("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Holiday.Kind, initial=Holiday.Kind.LOCAL, widget=forms.RadioSelect
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    decree = forms.CharField(
        label=_("Decree"),
        max_length=200,
        help_text=_("Number and date of the decision, for example: SK Wali Kota 12/2026, 3 May."),
    )


class WithdrawHoliday(forms.Form):
    """Why a decree on a day off no longer holds."""

    reason = forms.CharField(label=_("Why is it withdrawn?"), max_length=300)


class ServiceHours(forms.Form):
    """The week's hours of service, for always or for a range of days."""

    from_on = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave both days empty for the hours that hold from now on."),
    )
    until_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Ramadan hours, for example, end on a day."),
    )
    decree = forms.CharField(label=_("Decree"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, weekday in enumerate(WEEKDAYS):
            for part, words in (("opens", _("opens")), ("closes", _("closes"))):
                self.fields[f"{part}_{number}"] = forms.TimeField(
                    label=f"{weekday}, {words}",
                    required=False,
                    widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
                )

    def week(self) -> list[dict[str, Any]]:
        """The fields by weekday, for the page."""
        return [
            {"name": name, "opens": self[f"opens_{n}"], "closes": self[f"closes_{n}"]}
            for n, name in enumerate(WEEKDAYS)
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        hours: list[tuple[int, time, time]] = []
        for n in range(len(WEEKDAYS)):
            opens, closes = data.pop(f"opens_{n}", None), data.pop(f"closes_{n}", None)
            if opens and closes and opens < closes:
                hours.append((n, opens, closes))
            elif opens or closes:
                self.add_error(f"closes_{n}", _("Give both hours, and close later than you open."))
        return {**data, "hours": hours}


class SetTarget(forms.Form):
    """An institution's own, stricter promise."""

    limit = forms.IntegerField(label=_("Our own target"), min_value=1)
    since_on = forms.DateField(
        label=_("Holds from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    decree = forms.CharField(label=_("Decree"), max_length=200, required=False)

    def __init__(self, *args: Any, unit: Measure, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["limit"].help_text = _(
            "At most %(amount)s: stricter is possible, not looser."
        ) % {"amount": amount(unit, most)}


class FindEntries(forms.Form):
    """What to see of the audit log."""

    kind = forms.ChoiceField(
        label=_("About"), required=False, choices=[("", _("Everything")), *KINDS.items()]
    )
    number = forms.CharField(label=_("Number"), required=False, max_length=60)
    before = forms.IntegerField(required=False, widget=forms.HiddenInput)
