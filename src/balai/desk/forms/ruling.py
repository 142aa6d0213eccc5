"""Forms about rules, away notes and addresses of other systems."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from balai.channels.models import Connection
from balai.desk.models import RuleVersion
from balai.desk.rules.hooks import KINDS
from balai.desk.rules.matching import NO_UNIT, Conditions, Deeds
from balai.desk.selectors import teams_of
from balai.desk.wording import HOOK_KINDS, LANGUAGES
from balai.inbox.models import Conversation
from balai.inbox.selectors import labels_in_use
from balai.people.models import Institution
from balai.people.selectors import current_members

ANY = ("", _("does not matter"))
YES_NO = [ANY, ("yes", _("yes")), ("no", _("no"))]
MANY = forms.CheckboxSelectMultiple


def _words(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=400, help_text=hint)


def _boxes(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=MANY)


def _one(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False)


class RuleForm(forms.Form):
    """When, if, then. What is left empty asks for nothing or does nothing."""

    name = forms.CharField(label=_("Name"), max_length=80)
    when = forms.ChoiceField(label=pgettext_lazy("of a rule", "When"), choices=RuleVersion.When)
    quiet_hours = forms.IntegerField(
        label=_("Hours of silence"), required=False, min_value=1, max_value=1440
    )
    limit_per_hour = forms.IntegerField(
        label=_("At most per hour"),
        min_value=1,
        max_value=10_000,
        initial=100,
        help_text=_("Beyond it the rule pauses itself and says so."),
    )
    words = _words(_("The message says one of"), _("Words or phrases, separated by commas."))
    topics = _words(_("Topic"), _("As the machine read it; separated by commas."))
    places = _words(_("Place"), _("Names or codes of areas, separated by commas."))
    intents = _boxes(_("It is"))
    languages = _boxes(_("Language"))
    connections = _boxes(_("Line"))
    units = _boxes(_("Unit"))
    at_least = forms.ChoiceField(
        label=_("Urgency at least"),
        required=False,
        choices=[("0", ANY[1]), *((str(v), n) for v, n in Conversation.Priority.choices if v)],
    )
    is_open = forms.ChoiceField(label=_("Waits for us"), required=False, choices=YES_NO)
    in_hours = forms.ChoiceField(
        label=_("Came within the hours of service"), required=False, choices=YES_NO
    )
    to_unit = _one(_("Move it to the unit"))
    to_team = _one(_("Pass it to the team"))
    to_member = _one(_("Give it to"))
    label = _one(_("Put the label"))
    raise_to = forms.ChoiceField(
        label=_("Raise the urgency to"),
        required=False,
        choices=[("", "—"), *((str(v), n) for v, n in Conversation.Priority.choices if v)],
        help_text=_("Never lowers it."),
    )
    notify = _boxes(_("Tell"))
    notify_lead = forms.BooleanField(label=_("Tell whoever leads the team"), required=False)
    away = forms.BooleanField(
        label=_("Send the away note, outside the hours of service"), required=False
    )

    def __init__(
        self,
        data: Any = None,
        *,
        institution: Institution,
        version: RuleVersion | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(version) if version else None)
        people = [(str(one.pk), one.name) for one in current_members(institution)]
        units = [
            (str(one.pk), one.name)
            for one in institution.units.filter(dissolved_on=None).order_by("name")
        ]
        lines = Connection.objects.filter(institution=institution).exclude(state="closed")
        nothing = ("", "—")
        offered: dict[str, list[Any]] = {
            "intents": list(Conversation.Intent.choices),
            "languages": list(LANGUAGES),
            "connections": [(str(one.pk), one.name) for one in lines.order_by("name")],
            "units": [(str(NO_UNIT), _("no unit")), *units],
            "to_unit": [nothing, *units],
            "to_team": [nothing, *((str(t.pk), t.name) for t in teams_of(institution))],
            "to_member": [nothing, *people],
            "label": [nothing, *((str(t.pk), t.name) for t in labels_in_use(institution))],
            "notify": people,
        }
        for name, choices in offered.items():
            cast("forms.ChoiceField", self.fields[name]).choices = choices

    def about(self) -> dict[str, Any]:
        """What the verbs want: name, occasion, limit, conditions and deeds."""
        said = self.cleaned_data
        return {
            "name": said["name"],
            "when": said["when"],
            "quiet_hours": said["quiet_hours"],
            "limit_per_hour": said["limit_per_hour"],
            "conditions": self.conditions(),
            "deeds": Deeds(
                unit=_number(said["to_unit"]),
                team=_number(said["to_team"]),
                member=_number(said["to_member"]),
                label=_number(said["label"]),
                raise_to=_number(said["raise_to"]),
                notify=tuple(map(int, said["notify"])),
                notify_lead=said["notify_lead"],
                away=said["away"],
            ),
        }

    def conditions(self) -> Conditions:
        """What the form asks for."""
        said = self.cleaned_data
        return Conditions(
            topics=_parts(said["topics"]),
            intents=tuple(said["intents"]),
            at_least=int(said["at_least"] or 0),
            places=_parts(said["places"]),
            languages=tuple(said["languages"]),
            connections=tuple(map(int, said["connections"])),
            words=_parts(said["words"]),
            units=tuple(map(int, said["units"])),
            is_open=_yes_no(said["is_open"]),
            in_hours=_yes_no(said["in_hours"]),
        )


class AwayForm(forms.Form):
    """What citizens are told outside the hours of service, in each language."""

    def __init__(self, data: Any = None, *, texts: dict[str, str]) -> None:
        super().__init__(data, initial=texts)
        for code, name in LANGUAGES:
            self.fields[code] = forms.CharField(
                label=str(name),
                required=False,
                max_length=600,
                widget=forms.Textarea(attrs={"rows": 3}),
            )


class EndpointForm(forms.Form):
    """An address of another system, and what it is told."""

    name = forms.CharField(label=_("Name"), max_length=80)
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput,
        help_text=_("Begins with https://"),
    )
    kinds = forms.MultipleChoiceField(
        label=_("What it is told"),
        choices=[(kind, HOOK_KINDS[kind]) for kind in KINDS],
        widget=MANY,
        help_text=_("Only numbers and states, never words or names of citizens."),
    )


def _initial(version: RuleVersion) -> dict[str, Any]:
    asked, deeds = Conditions.of(version.conditions), Deeds.of(version.deeds)
    return {
        "name": version.rule.name,
        "when": version.when,
        "quiet_hours": version.quiet_hours,
        "limit_per_hour": version.rule.limit_per_hour,
        "words": ", ".join(asked.words),
        "topics": ", ".join(asked.topics),
        "places": ", ".join(asked.places),
        "intents": list(asked.intents),
        "languages": list(asked.languages),
        "connections": list(map(str, asked.connections)),
        "units": list(map(str, asked.units)),
        "at_least": str(asked.at_least),
        "is_open": _said(asked.is_open),
        "in_hours": _said(asked.in_hours),
        "to_unit": deeds.unit,
        "to_team": deeds.team,
        "to_member": deeds.member,
        "label": deeds.label,
        "raise_to": deeds.raise_to,
        "notify": list(map(str, deeds.notify)),
        "notify_lead": deeds.notify_lead,
        "away": deeds.away,
    }


def _parts(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _number(text: str) -> int | None:
    return int(text) if text else None


def _yes_no(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


def _said(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"
