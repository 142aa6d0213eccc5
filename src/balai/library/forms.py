"""Check what comes in about articles. Nothing is saved here."""

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from balai.library.models import Article, Edition, Language
from balai.library.rules import LONGEST_BODY
from balai.library.services import Cited, Worded
from balai.people.models import Institution, Member, Unit
from balai.people.selectors import current_members


class AboutForm(forms.Form):
    """What an article is about, whose it is, and when to look at it again."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Article.Kind)
    topic = forms.CharField(
        label=_("Topic"), max_length=80, required=False, help_text=_("For example: street lamps.")
    )
    intent = forms.ChoiceField(
        label=_("Fits"), required=False, choices=[("", _("Everything")), *Article.Intent.choices]
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("No unit")
    )
    owner = forms.ModelChoiceField(
        Member.objects.none(), label=_("Who keeps it right"), required=True
    )
    review_on = forms.DateField(
        label=_("Look again on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    is_public = forms.BooleanField(
        label=_("Also on the public site"),
        required=False,
        help_text=_("Everybody may read it once it is in force. It holds no variables then."),
    )

    def __init__(self, *args: Any, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        units = institution.units.filter(dissolved_on=None).order_by("name")
        for name, offered in (("unit", units), ("owner", current_members(institution))):
            cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = offered


class WordingForm(forms.Form):
    """What it says in one language."""

    language = forms.ChoiceField(label=_("Language"), choices=Language, initial=Language.IND)
    title = forms.CharField(label=_("Title"), max_length=160)
    body = forms.CharField(
        label=pgettext_lazy("kind of article", "Answer"),
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class CitationForm(forms.Form):
    """Where it stands."""

    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("A regulation, a decree, a page of ours.")
    )
    url = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")


if TYPE_CHECKING:
    _Rows = forms.BaseFormSet[Any]
else:
    _Rows = forms.BaseFormSet  # Django's formsets take no type arguments at run time


def _kept(rows: _Rows) -> list[dict[str, Any]]:
    """What stands in the rows that are filled in and not to be dropped."""
    filled = [form for form in rows.forms if form.initial or form.has_changed()]
    return [form.cleaned_data for form in filled if form not in rows.deleted_forms]


class _Wordings(_Rows):
    def said(self) -> list[Worded]:
        """Every row that somebody filled in."""
        return [Worded(row["language"], row["title"], row["body"]) for row in _kept(self)]


class _Citations(_Rows):
    def said(self) -> list[Cited]:
        """Every row that somebody filled in."""
        return [Cited(row["source"], row["url"]) for row in _kept(self)]


class ArticleForms:
    """The three parts of the page on which an article is written."""

    def __init__(
        self, data: Any, *, institution: Institution, by: Member, article: Article | None = None
    ) -> None:
        start = article.editions.order_by("-number").first() if article else None
        self.about = AboutForm(
            data,
            institution=institution,
            initial=_about(article, by) | {"is_public": bool(start and start.is_public)},
        )
        wordings, citations = _rows_of(start)
        more = forms.formset_factory(
            WordingForm, formset=_Wordings, **_rows(min_num=0 if wordings else 1)
        )
        cites = forms.formset_factory(CitationForm, formset=_Citations, **_rows(min_num=0))
        self.wordings = cast("_Wordings", more(data, initial=wordings, prefix="w"))
        self.citations = cast("_Citations", cites(data, initial=citations, prefix="c"))

    def is_valid(self) -> bool:
        """Whether all three parts are right; every part is looked at, so that all problems show."""
        return all([self.about.is_valid(), self.wordings.is_valid(), self.citations.is_valid()])


class ReasonForm(forms.Form):
    """A reason in one's own words; it is kept in the audit log."""

    reason = forms.CharField(label=pgettext_lazy("why something is done", "Reason"), max_length=300)


class ReviewForm(forms.Form):
    """When to look again at what is still right."""

    review_on = forms.DateField(
        label=_("Look again on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class SearchForm(forms.Form):
    """What to look for among the articles."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    state = forms.ChoiceField(required=False, choices=[("overdue", ""), *Edition.State.choices])


def _rows(*, min_num: int) -> dict[str, Any]:
    """One empty row below those that stand there, which can be dropped."""
    return {
        "extra": 1,
        "min_num": min_num,
        "max_num": 12,
        "can_delete": True,
        "can_delete_extra": False,
    }


def _about(article: Article | None, by: Member) -> dict[str, Any]:
    if article is None:
        return {"owner": by.pk, "unit": by.unit_id}
    return {
        "kind": article.kind,
        "topic": article.topic,
        "intent": article.intent,
        "unit": article.unit_id,
        "owner": article.owner_id,
        "review_on": _iso(article.review_on),
    }


def _rows_of(edition: Edition | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if edition is None:
        return [], []
    wordings = edition.wordings.order_by("pk").values("language", "title", "body")
    citations = edition.citations.order_by("pk").values("source", "url")
    return [dict(row) for row in wordings], [dict(row) for row in citations]


def _iso(on: date) -> str:
    return on.isoformat()
