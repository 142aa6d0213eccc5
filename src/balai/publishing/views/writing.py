"""The pages on which words are written: a new post, other words, a correction, a withdrawal."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balai.ground.forms import note_refusal, tried
from balai.people.middleware import StaffRequest, needs
from balai.publishing import pages, selectors, services
from balai.publishing.forms import (
    CorrectionForm,
    PostForms,
    TextsForm,
    WithdrawalForm,
    local_minute,
)
from balai.publishing.models import Item, Variant
from balai.publishing.selectors import Place
from balai.publishing.views.item import find

State = Variant.State


@needs("post.write")
def write(request: StaffRequest) -> HttpResponse:
    """Begin a post."""
    return _write(request, None)


@needs("post.write")
def rewrite(request: StaffRequest, item_id: int) -> HttpResponse:
    """Change a post that is not out."""
    return _write(request, find(request, item_id))


@require_POST
@needs("post.write")
def look(request: StaffRequest) -> HttpResponse:
    """The preview of what is being typed: counted, judged, advised. Nothing is kept."""
    known = request.POST.get("item", "")
    item = find(request, int(known)) if known.isdecimal() and len(known) < 18 else None
    forms = _forms(request, item, request.POST)
    return render(request, "publishing/seen.html", {"seen": _seen(request, forms, item)})


@needs("post.correct")
def correct(request: StaffRequest, item_id: int) -> HttpResponse:
    """Put right what is public."""
    item = find(request, item_id)
    standing = _standing(item)
    places = [selectors.place_of(variant) for variant in standing]
    data = request.POST if request.method == "POST" else None
    now_said = {
        f"text-{variant.account_id or 0}": variant.revision.text
        for variant in standing
        if variant.revision
    }
    form = CorrectionForm(data, initial={"noticed_at": local_minute()})
    texts = TextsForm(data, places=places, initial=now_said, auto_id="t_%s")
    if data is not None and form.is_valid() and texts.is_valid():
        said = texts.said()
        right = {variant.pk: said[variant.account_id or 0] for variant in standing}
        if tried(form, services.correct, item, texts=right, by=request.member):
            messages.success(request, _("Being corrected. It stands on the page of corrections."))
            return redirect("publishing:item", item.pk)
    shown = {
        "item": item,
        "form": form,
        "places": [
            (field, place, _how(place)) for field, place in zip(list(texts), places, strict=True)
        ],
    }
    return render(request, "publishing/correct.html", shown, status=422 if data else 200)


@needs("post.withdraw")
def withdraw(request: StaffRequest, item_id: int) -> HttpResponse:
    """Take a post away because a rule demands it."""
    item = find(request, item_id)
    data = request.POST if request.method == "POST" else None
    form = WithdrawalForm(data)
    if data is not None and form.is_valid() and tried(
        form, services.withdraw, item, by=request.member
    ):  # fmt: skip
        messages.success(request, _("Withdrawn. The notice stays where the post was."))
        return redirect("publishing:item", item.pk)
    shown = {"item": item, "form": form}
    return render(request, "publishing/withdraw.html", shown, status=422 if data else 200)


def _write(request: StaffRequest, item: Item | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    forms = _forms(request, item, data)
    only_looks = data is not None and "look" in data
    if data is not None and not only_looks and forms.is_valid():
        kept = _kept(request, forms, item)
        if kept is not None:
            messages.success(request, _("Kept as a draft."))
            return redirect("publishing:item", kept.pk)
    wrong = data is not None and not only_looks
    shown = {
        "forms": forms,
        "form": forms.about if wrong else None,
        "item": item,
        "seen": _seen(request, forms, item) if data is not None else [],
    }
    return render(request, "publishing/write.html", shown, status=422 if wrong else 200)


def _kept(request: StaffRequest, forms: PostForms, item: Item | None) -> Item | None:
    said: dict[str, Any] = {
        "texts": forms.texts.said(),
        "facts": forms.facts.said(),
        "by": request.member,
        **forms.about.cleaned_data,
    }
    try:
        if item is None:
            return services.write_item(institution=request.member.institution, **said)
        return services.rewrite_item(item, **said)
    except ValidationError as refused:
        note_refusal(forms.about, refused)
        return None


def _forms(request: StaffRequest, item: Item | None, data: Any) -> PostForms:
    institution = request.member.institution
    places = selectors.places_of(institution)
    return PostForms(data, institution=institution, places=places, by=request.member, item=item)


def _seen(request: StaffRequest, forms: PostForms, item: Item | None) -> list[pages.Seen]:
    """The words as they are typed, for an item as it would be."""
    about = forms.about
    about.is_valid()
    said = about.cleaned_data
    shown = Item(pk=item.pk if item else None, institution=request.member.institution)
    for name in ("purpose", "segment", "objective", "is_sensitive", "has_humour", "language"):
        setattr(shown, name, said.get(name, getattr(shown, name)))
    return pages.looked_at(shown, forms.texts.places, forms.texts.raw())


def _standing(item: Item) -> list[Variant]:
    found = item.variants.filter(state__in=[State.PUBLISHED, State.CORRECTED])
    variants = list(found.select_related("account", "revision").order_by("pk"))
    for variant in variants:
        variant.item = item
    return variants


def _how(place: Place) -> str:
    if place.account is None:
        return _("Our own page changes at once; the old words stay readable.")
    if place.line is None:
        return _("There is no line: change it by hand, then say so here.")
    if place.can_edit:
        return _("The post itself is changed; the network keeps the old words.")
    return _("This network changes no post: what you say above is posted beside it, with a link.")
