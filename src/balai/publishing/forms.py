"""Check what comes in about posts. Nothing is saved here."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from balai.people.models import Institution, Member, Unit
from balai.people.selectors import current_members
from balai.publishing.models import Item, Objective, Purpose, Withdrawal
from balai.publishing.selectors import Place
from balai.publishing.services import Stated

LONGEST_TEXT = 20_000
LANGUAGES = (("ind", _("Indonesian")), ("jav", _("Javanese")), ("sun", _("Sundanese")),
             ("min", _("Minangkabau")), ("ban", _("Balinese")), ("eng", _("English")))  # fmt: skip


class AboutForm(forms.Form):
    """What a post is for, and for whom."""

    title = forms.CharField(label=_("Title"), max_length=160)
    purpose = forms.ChoiceField(
        label=_("What it is for"),
        required=False,
        choices=[("", _("Choose")), *Purpose.choices],
    )
    objective = forms.ModelChoiceField(
        Objective.objects.none(), label=_("Objective"), required=False, empty_label=_("None")
    )
    segment = forms.CharField(
        label=_("For whom"),
        max_length=120,
        required=False,
        help_text=_("For example: parents of children under five."),
    )
    topic = forms.CharField(label=_("Topic"), max_length=80, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, initial="ind")
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("No unit")
    )
    is_sensitive = forms.BooleanField(
        label=_("Sensitive topic: two people approve it"), required=False
    )
    has_humour = forms.BooleanField(label=_("With humour: two people approve it"), required=False)

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        units = institution.units.filter(dissolved_on=None).order_by("name")
        goals = Objective.objects.filter(institution=institution).order_by("due_on")
        for name, offered in (("unit", units), ("objective", goals)):
            cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = offered


class TextsForm(forms.Form):
    """The words for each place; empty: nothing is said there."""

    def __init__(self, *args: Any, places: Sequence[Place], **options: Any) -> None:
        super().__init__(*args, **options)
        self.places = places
        for place in places:
            self.fields[f"text-{place.key}"] = forms.CharField(
                label=place.account.handle if place.account else _("Our own page"),
                required=False,
                max_length=LONGEST_TEXT,
                strip=False,
                widget=forms.Textarea(attrs={"rows": 5}),
            )

    def said(self) -> dict[int, str]:
        """The words by account; our own page is 0."""
        return {place.key: self.cleaned_data[f"text-{place.key}"] for place in self.places}

    def raw(self) -> dict[int, str]:
        """The words as they stand in the fields, also when the form is wrong."""
        names = {place.key: f"text-{place.key}" for place in self.places}
        return {key: str(self[name].value() or "") for key, name in names.items()}


class FactForm(forms.Form):
    """A statement, and where it stands."""

    statement = forms.CharField(label=_("Statement"), max_length=300)
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("A regulation, a data release, a decree.")
    )
    url = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")
    valid_until = forms.DateField(
        label=_("Right until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


if TYPE_CHECKING:
    _Rows = forms.BaseFormSet[Any]
else:
    _Rows = forms.BaseFormSet  # Django's formsets take no type arguments at run time


class _Facts(_Rows):
    def said(self) -> list[Stated]:
        """Every row that somebody filled in and did not drop."""
        filled = [form for form in self.forms if form.initial or form.has_changed()]
        rows = [form.cleaned_data for form in filled if form not in self.deleted_forms]
        return [
            Stated(row["statement"], row["source"], row["url"], None, row["valid_until"])
            for row in rows
        ]


class PostForms:
    """A post as one page asks for it: what it is for, the words, the facts."""

    def __init__(
        self,
        data: Any,
        *,
        institution: Institution,
        places: Sequence[Place],
        by: Member,
        item: Item | None = None,
    ) -> None:
        about = _about(item, by)
        self.about = AboutForm(data, institution=institution, initial=about, auto_id="a_%s")
        self.texts = TextsForm(data, places=places, initial=_texts(item), auto_id="t_%s")
        facts = _facts(item)
        rows = forms.formset_factory(
            FactForm, formset=_Facts, extra=1, max_num=20, can_delete=True, can_delete_extra=False
        )
        self.facts = cast("_Facts", rows(data, initial=facts, prefix="f"))

    def is_valid(self) -> bool:
        """Whether all parts are right; every part is looked at, so that all problems show."""
        return all([self.about.is_valid(), self.texts.is_valid(), self.facts.is_valid()])


class PictureForm(forms.Form):
    """A picture, and what it shows."""

    file = forms.FileField(label=_("Picture (JPG, PNG, WebP)"))
    alt = forms.CharField(
        label=_("What it shows"),
        max_length=1500,
        help_text=_("For those who do not see it. One sentence is enough."),
    )
    licence = forms.CharField(
        label=_("Whose picture"), max_length=200, required=False,
        help_text=_("Photographer, licence, consent of those in it."),
    )  # fmt: skip


class WordsForm(forms.Form):
    """Some words: a reason, a comment, what was found."""

    words = forms.CharField(
        label=_("Comment"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class RemarkForm(WordsForm):
    """A comment that is pinned to words of the text."""

    quote = forms.CharField(
        label=_("About these words"), max_length=300, required=False,
        help_text=_("Copy them from the text, or leave it empty."),
    )  # fmt: skip
    field_order = ["quote", "words"]


class ReasonForm(forms.Form):
    """A reason in one's own words; it is kept in the audit log."""

    reason = forms.CharField(label=pgettext_lazy("why something is done", "Reason"), max_length=300)


class TimeForm(forms.Form):
    """When it leaves, in the institution's zone; empty: at once."""

    at = forms.DateTimeField(
        label=_("When"),
        required=False,
        help_text=_("Empty: at once, after 20 seconds in which you can still stop it."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class ProofForm(forms.Form):
    """Where the post stands."""

    url = forms.CharField(label=_("Address of the post"), max_length=500)


class CorrectionForm(forms.Form):
    """What was wrong and since when we know; the right words stand in a TextsForm."""

    words = forms.CharField(
        label=_("What was wrong, and what is right"),
        max_length=400,
        help_text=_("Everybody reads it on the page of corrections."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    noticed_at = forms.DateTimeField(
        label=_("Since when we know"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class WithdrawalForm(forms.Form):
    """Which rule demands that a post is taken away."""

    rule = forms.ChoiceField(label=_("Rule"), choices=Withdrawal.Rule, widget=forms.RadioSelect)
    citation = forms.CharField(label=_("Where it is written"), max_length=200)
    notice = forms.CharField(
        label=_("Notice for the public"), max_length=300,
        help_text=_("It stays where the post was. Do not repeat what must not be said."),
    )  # fmt: skip


class ObjectiveForm(forms.Form):
    """What communication shall change."""

    name = forms.CharField(label=_("What shall change"), max_length=200)
    lens = forms.ChoiceField(label=_("Outcome"), choices=Objective.Lens)
    measure = forms.CharField(label=_("Measured by"), max_length=200)
    baseline = forms.DecimalField(label=_("Today"), max_digits=14, decimal_places=2)
    target = forms.DecimalField(label=_("Target"), max_digits=14, decimal_places=2)
    owner = forms.ModelChoiceField(Member.objects.none(), label=_("Who answers for it"))
    due_on = forms.DateField(
        label=_("Due on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        owners = cast("forms.ModelChoiceField[Any]", self.fields["owner"])
        owners.queryset = current_members(institution)


def local_minute(at: datetime | None = None) -> str:
    """A moment as a datetime field shows it, in the zone of the page."""
    return timezone.localtime(at or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M")


def _about(item: Item | None, by: Member) -> dict[str, Any]:
    if item is None:
        return {"unit": by.unit_id, "language": "ind"}
    names = ("title", "purpose", "segment", "topic", "language", "is_sensitive", "has_humour")
    return {
        **{name: getattr(item, name) for name in names},
        "objective": item.objective_id,
        "unit": item.unit_id,
    }


def _texts(item: Item | None) -> dict[str, str]:
    if item is None:
        return {}
    said = item.variants.exclude(state="cancelled").select_related("revision")
    return {
        f"text-{variant.account_id or 0}": variant.revision.text
        for variant in said
        if variant.revision is not None
    }


def _facts(item: Item | None) -> list[dict[str, Any]]:
    if item is None:
        return []
    rows = item.facts.values("statement", "source", "url", "valid_until")
    return [dict(row) for row in rows]
