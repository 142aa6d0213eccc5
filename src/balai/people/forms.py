"""Check what comes in about people, units and roles. Nothing is saved here."""

from datetime import timedelta
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from balai.ground.clock import now
from balai.people.models import Institution, Member, Role, Unit
from balai.people.rules import NEVER_ENTRUSTED
from balai.people.selectors import current_members, members_holding, roles_of

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class Within(forms.Form):
    """A form about one institution: units and members are its own, present ones."""

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.institution = institution
        for name in ("unit", "parent"):
            if name in self.fields:
                self.choose(name, institution.units.filter(dissolved_on=None).order_by("name"))

    def choose(self, name: str, queryset: QuerySet[Any]) -> None:
        """Offer these rows in a field."""
        cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = queryset


class Invite(Within):
    """Somebody who is to work here."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), help_text=_("The person signs in with it."))
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For the whole institution. Roles for one unit are given on the next page."),
    )


class GiveRole(Within):
    """A role, for everything or for one unit and those below it."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", "---"), *Role.choices])
    unit = forms.ModelChoiceField(
        label=_("Only for this unit and those below it"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("The whole institution"),
    )


class ForATime(Within):
    """A form about something that begins and ends."""

    starts_at = forms.DateTimeField(label=_("From"), widget=MOMENT)
    ends_at = forms.DateTimeField(label=_("Until"), widget=MOMENT)
    days: ClassVar[int] = 7  # what is proposed

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        start = timezone.localtime(now()).replace(second=0, microsecond=0)
        self.fields["starts_at"].initial = start
        self.fields["ends_at"].initial = start + timedelta(days=self.days)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("The end lies before the beginning."))
        return data


class LendRole(ForATime):
    """A role that its holder lends for a time."""

    field_order = ("role", "deputy", "starts_at", "ends_at", "reason")
    role = forms.ChoiceField(label=_("Role"))
    deputy = forms.ModelChoiceField(label=_("Deputy"), queryset=Member.objects.none())
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("For example: annual leave.")
    )

    def __init__(self, *args: Any, lender: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {held.role for held in roles_of(lender) if held.lender_id is None}
        labels = dict(Role.choices)
        role = cast("forms.ChoiceField", self.fields["role"])
        role.choices = [(code, labels[code]) for code in sorted(own)]
        self.choose("deputy", current_members(self.institution).exclude(pk=lender.pk))


class Entrust(ForATime):
    """A role in this institution that another one shall fill for a time."""

    field_order = ("holder", "role", "starts_at", "ends_at", "reason")
    holder = forms.ModelChoiceField(
        label=_("To the institution"), queryset=Institution.objects.none()
    )
    role = forms.ChoiceField(label=_("Role"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("For example: regent's decree number 12 of 2026."),
    )
    days: ClassVar[int] = 365

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = cast("forms.ChoiceField", self.fields["role"])
        role.choices = [one for one in Role.choices if one[0] not in NEVER_ENTRUSTED]
        self.choose("holder", Institution.objects.exclude(pk=self.institution.pk).order_by("name"))


class NameOfficer(Within):
    """Who acts under a mandate: a member here who holds its role."""

    officer = forms.ModelChoiceField(label=_("Officer"), queryset=Member.objects.none())

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("officer", members_holding(role, self.institution))


class Move(Within):
    """Another unit for a member."""

    unit = forms.ModelChoiceField(
        label=_("Unit"), queryset=Unit.objects.none(), required=False, empty_label=_("No unit")
    )


class Why(forms.Form):
    """An end, with its reason."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It stays on record. Name no citizen.")
    )


class Sure(forms.Form):
    """A step that needs no more than a yes."""


class AddUnit(Within):
    """A part of the institution."""

    name = forms.CharField(label=_("Name"), max_length=200)
    code = forms.SlugField(
        label=_("Code"), help_text=_("Short, in small letters, for lists and imports: dpupr.")
    )
    parent = forms.ModelChoiceField(
        label=_("Under"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("At the top"),
    )


class EditInstitution(forms.Form):
    """What the institution is called, and in which zone it works."""

    name = forms.CharField(label=_("Name of the institution"), max_length=200)
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=Institution.Zone, widget=forms.RadioSelect
    )
    region_code = forms.CharField(
        label=_("Region code"),
        required=False,
        max_length=13,
        help_text=_("Kemendagri code, for example 32.73"),
    )


class Begin(forms.Form):
    """The first page: the institution and the person who will add everybody else."""

    name = forms.CharField(
        label=_("Name of the institution"),
        max_length=200,
        help_text=_("As citizens know it, for example: Pemerintah Desa Sukamaju."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Institution.Kind, initial=Institution.Kind.VILLAGE
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=Institution.Zone,
        initial=Institution.Zone.WIB,
        widget=forms.RadioSelect,
    )
    region_code = forms.CharField(
        label=_("Region code"),
        required=False,
        max_length=13,
        help_text=_("Kemendagri code, for example 32.73"),
    )
    admin_name = forms.CharField(label=_("Your name"), max_length=120)
    admin_email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    admin_password = forms.CharField(
        label=_("Your password"),
        help_text=_("At least 10 characters. A sentence that only you know is best."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )
