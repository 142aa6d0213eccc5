"""Forms about teams, shifts and absence."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from balai.desk.forms.hours import HoursField, said
from balai.desk.models import Absence, Shift, Team
from balai.desk.rules.duty import Hours
from balai.desk.selectors import seats_of
from balai.desk.wording import WEEKDAYS
from balai.people.models import Institution, Member, Unit
from balai.people.selectors import current_members

DATE = {"type": "date"}
HOURS_HINT = _(
    "For example 07.30-12.00, 13.00-16.00. Empty: nobody works. Hours may end on the next day."
)


def _date(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))


def _offer(form: forms.Form, **offered: Any) -> None:
    for name, rows in offered.items():
        cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = rows


class TeamForm(forms.Form):
    """What a team is and who works in it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Unit"),
        required=False,
        empty_label=_("No unit"),
        help_text=_("What belongs to this unit is given out to the team."),
    )
    takes_unsorted = forms.BooleanField(
        label=_("Also takes what belongs to no unit yet"), required=False
    )
    lead = forms.ModelChoiceField(
        Member.objects.none(),
        label=_("Leads the team"),
        required=False,
        empty_label=_("No one"),
        help_text=_("Is told when 80 % of the time for an answer has passed."),
    )
    head = forms.ModelChoiceField(
        Member.objects.none(),
        label=_("Answers for the unit"),
        required=False,
        empty_label=_("No one"),
        help_text=_("Is told when an answer is late."),
    )
    members = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        label=_("Members"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: Any = None, *, institution: Institution, team: Team | None = None
    ) -> None:
        initial: dict[str, Any] = {}
        if team is not None:
            initial = {
                "name": team.name,
                "unit": team.unit_id,
                "lead": team.lead_id,
                "head": team.head_id,
                "takes_unsorted": team.takes_unsorted,
                "members": [member.pk for member in seats_of(team)],
            }
        super().__init__(data, initial=initial)
        people = current_members(institution)
        units = institution.units.filter(dissolved_on=None).order_by("name")
        _offer(self, unit=units, lead=people, head=people, members=people)


class ShiftForm(forms.Form):
    """A shift: hours of every weekday, and who works them."""

    name = forms.CharField(label=_("Name"), max_length=60)
    members = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        label=_("Who works it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    works_on_days_off = forms.BooleanField(
        label=_("Also on holidays and days of collective leave"), required=False
    )

    def __init__(self, data: Any = None, *, team: Team, shift: Shift | None = None) -> None:
        initial: dict[str, Any] = {}
        week: dict[int, list[Hours]] = {}
        if shift is not None:
            for span in shift.spans.order_by("starts"):
                week.setdefault(span.weekday, []).append((span.starts, span.ends))
            initial = {
                "name": shift.name,
                "works_on_days_off": shift.works_on_days_off,
                "members": list(shift.duties.values_list("member_id", flat=True)),
            }
        initial |= {f"day_{weekday}": said(hours) for weekday, hours in week.items()}
        super().__init__(data, initial=initial)
        seated = [member.pk for member in seats_of(team)]
        _offer(self, members=Member.objects.filter(pk__in=seated).order_by("name"))
        for weekday, name in enumerate(WEEKDAYS):
            hint = "" if weekday else HOURS_HINT
            self.fields[f"day_{weekday}"] = HoursField(label=name, help_text=hint)

    def spans(self) -> list[tuple[int, Hours]]:
        """Weekday and hours of everything that was filled in."""
        return [(day, span) for day in range(7) for span in self.cleaned_data[f"day_{day}"]]


class ChangeForm(forms.Form):
    """Other hours on one date."""

    on = _date(_("Date"))
    hours = HoursField(label=_("Hours"), help_text=HOURS_HINT)
    member = forms.ModelChoiceField(
        Member.objects.none(), label=_("Who"), required=False, empty_label=_("The whole shift")
    )
    reason = forms.CharField(
        label=pgettext_lazy("why something is done", "Reason"), max_length=120, required=False
    )

    def __init__(self, data: Any = None, *, shift: Shift) -> None:
        super().__init__(data)
        _offer(self, member=Member.objects.filter(duties__shift=shift).order_by("name"))


class AbsenceForm(forms.Form):
    """Who is away, when, and who stands in."""

    member = forms.ModelChoiceField(Member.objects.none(), label=_("Who"), empty_label=None)
    kind = forms.ChoiceField(
        label=pgettext_lazy("why something is done", "Reason"),
        choices=Absence.Kind,
        help_text=_("Only you and whoever arranges the desk see it."),
    )
    first_on = _date(_("First day"))
    last_on = _date(_("Last day"))
    deputy = forms.ModelChoiceField(
        Member.objects.none(),
        label=_("Deputy"),
        required=False,
        empty_label=_("Nobody: the team shares it"),
        help_text=_("Gets what is new, and goes on with what citizens wait for."),
    )

    def __init__(self, data: Any = None, *, by: Member, may_enter_for_others: bool) -> None:
        super().__init__(data, initial={"member": by.pk})
        people = current_members(by.institution_id)
        mine = people if may_enter_for_others else people.filter(pk=by.pk)
        _offer(self, member=mine, deputy=people)


class HandOverForm(forms.Form):
    """What the next shift should know."""

    text = forms.CharField(
        label=_("For the next shift"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What is open, who was promised what, what to watch."),
    )


class CapacityForm(forms.Form):
    """How many open conversations somebody can have at once."""

    most = forms.IntegerField(label=_("Open conversations at once"), min_value=1, max_value=500)


class DeskForm(forms.Form):
    """What the desk does by itself."""

    gives_out = forms.BooleanField(
        label=_("Give out new work by load, all the time"), required=False
    )
    sends_away_notes = forms.BooleanField(
        label=_("Send the away note outside the hours of service"), required=False
    )


class ReasonForm(forms.Form):
    """A reason in one's own words; it is kept in the audit log."""

    reason = forms.CharField(label=pgettext_lazy("why something is done", "Reason"), max_length=300)
