"""What an officer may say about a conversation."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from balai.inbox.forms.composing import ArticleIds
from balai.inbox.models import Conversation, QueueOrder
from balai.inbox.selectors import VIEWS, Asked, filter_choices
from balai.inbox.wording import LANGUAGE_NAMES, MODERATION_NAMES, channel_label
from balai.people.models import Institution, Member, Unit
from balai.people.selectors import current_members

Choices = Iterable[tuple[Any, Any]]
NOT_NEEDED = {
    "praise": _("Praise or thanks"),
    "off_topic": _("Nothing that concerns this office"),
    "spam": _("Spam or advertising"),
    "duplicate": _("The same was said and answered elsewhere"),
}
SAFE_CHANNELS = {
    "whistleblowing": _("Whistleblowing"),
    "self_harm": _("Somebody may harm themselves"),
    "child": _("A child is concerned"),
    "personal_data": _("Personal data that must not be read here"),
}


class Filters(forms.Form):
    """The filters of the queue. A value that does not exist filters nothing."""

    view = forms.ChoiceField(choices=[(v, v) for v in VIEWS], required=False)
    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    intent = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All kinds")), *Conversation.Intent.choices],
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("All languages")), *LANGUAGE_NAMES.items()],
    )
    label = forms.ChoiceField(label=_("Label"), required=False)
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("As it is set")), *QueueOrder.Order.choices],
    )
    after = forms.RegexField(r"^\d{1,19}-\d{1,19}$", required=False)

    def __init__(
        self,
        data: Any,
        *,
        institution: Institution,
        offered: dict[str, list[tuple[str, str]]] | None = None,
    ) -> None:
        super().__init__(data)
        offered = offered or filter_choices(institution)
        channels = [(code, channel_label(code)) for code, _same in offered["channel"]]
        self.choose("channel", _("All channels"), channels)
        self.choose("unit", _("All units"), offered["unit"])
        self.choose("label", _("All labels"), offered["label"])

    def choose(self, name: str, everything: Any, choices: list[tuple[str, str]]) -> None:
        """Offer choices that only the database knows."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", everything), *choices]

    def drawn(self) -> list[dict[str, Any]]:
        """The lists of choices as the page draws them."""
        return [
            {
                "name": name,
                "label": str(field.label),
                "chosen": str(self[name].value() or ""),
                "choices": [
                    (str(code), str(words)) for code, words in cast(Choices, field.choices)
                ],
            }
            for name, field in self.fields.items()
            if isinstance(field, forms.ChoiceField) and name != "view"
        ]

    def kept(self) -> dict[str, str]:
        """What a saved view keeps: everything wanted but the place in the list."""
        self.is_valid()
        return {n: said for n, said in self.cleaned_data.items() if said and n != "after"}

    def asked(self) -> Asked:
        """What is wanted of the queue; wrong values are left out."""
        self.is_valid()
        said = self.cleaned_data
        first, _dash, second = said.get("after", "").partition("-")
        return Asked(
            view=said.get("view") or "open",
            channel=said.get("channel", ""),
            unit_id=int(said["unit"]) if said.get("unit") else None,
            intent=said.get("intent", ""),
            language=said.get("language", ""),
            label_id=int(said["label"]) if said.get("label") else None,
            order=said.get("order", ""),
            after=(int(first), int(second)) if second else None,
        )


class AnswerForm(forms.Form):
    """An answer to the citizen. The channel's own length is checked by the verb."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=20_000,
        error_messages={"required": _("Write the answer first.")},
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    asks_back = forms.BooleanField(
        label=_("This asks the citizen something; the next word is theirs"), required=False
    )
    fun_reason = forms.CharField(
        label=_("Why it helps this citizen"), max_length=200, required=False
    )
    articles = ArticleIds()
    in_addition = forms.BooleanField(required=False, widget=forms.HiddenInput)
    form_key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    after = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(forms.Form):
    """A note that only the office sees."""

    text = forms.CharField(
        label=_("Internal note"),
        max_length=20_000,
        error_messages={"required": _("Write the note first.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TriageForm(forms.Form):
    """What this is, in an officer's judgement."""

    intent = forms.ChoiceField(label=_("Kind"), choices=Conversation.Intent)
    priority = forms.TypedChoiceField(label=_("Urgency"), choices=Conversation.Priority, coerce=int)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("Unknown")), *LANGUAGE_NAMES.items()]
    )
    sentiment = forms.ChoiceField(
        label=_("Tone"), required=False, choices=[("", "—"), *Conversation.Sentiment.choices]
    )

    def said(self) -> dict[str, str | int]:
        """What the verb wants to hear: nothing that was left empty."""
        return {name: value for name, value in self.cleaned_data.items() if value != ""}


class AssignForm(forms.Form):
    """Whose it is. Both empty: it is everybody's again."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("No unit")
    )
    to = forms.ModelChoiceField(
        Member.objects.none(), label=_("Officer"), required=False, empty_label=_("Nobody yet")
    )

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        unit, to = self.fields["unit"], self.fields["to"]
        assert isinstance(unit, forms.ModelChoiceField)
        assert isinstance(to, forms.ModelChoiceField)
        unit.queryset = Unit.objects.filter(institution=institution, dissolved_on=None)
        to.queryset = current_members(institution)


class SetAsideForm(forms.Form):
    """Why no answer is needed."""

    reason = forms.ChoiceField(label=_("Reason"), choices=NOT_NEEDED)


class SealForm(forms.Form):
    """Why ordinary officers should no longer read it."""

    path = forms.ChoiceField(label=_("Reason"), choices=SAFE_CHANNELS)


class ModerateForm(forms.Form):
    """Which rule of conversation was broken."""

    rule = forms.ChoiceField(
        label=_("Rule"),
        choices=[
            ("", "—"),
            *((code, format_lazy("{} {}", code, name)) for code, name in MODERATION_NAMES.items()),
        ],
        help_text=_("Criticism of the office breaks no rule, however sharp."),
        error_messages={"required": _("Choose the rule that was broken.")},
    )


class ReasonForm(forms.Form):
    """A reason in the officer's own words; it is kept in the audit log."""

    reason = forms.CharField(
        label=pgettext_lazy("why something is done", "Reason"),
        max_length=300,
        error_messages={"required": _("Say why; the reason is kept in the audit log.")},
    )


class NothingForm(forms.Form):
    """A deed that needs no words."""


class ProofForm(forms.Form):
    """Where on the network the answer was found."""

    url = forms.URLField(
        label=_("Link to our answer on the network"),
        max_length=500,
        assume_scheme="https",
        error_messages={"required": _("Paste the link: it is the proof.")},
    )
