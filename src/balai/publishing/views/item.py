"""One item: its variants, their steps, its pictures, its archive."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from balai.ground.forms import tried
from balai.people.middleware import StaffRequest, needs
from balai.publishing import archive as archives
from balai.publishing import pages, selectors, services
from balai.publishing.forms import PictureForm, ReasonForm, WordsForm
from balai.publishing.models import Correction, Item, Picture, Variant
from balai.publishing.steps import BY_SLUG, Step


@needs("post.view")
def item(request: StaffRequest, item_id: int) -> HttpResponse:
    """Everything about one item."""
    return page(request, find(request, item_id))


@needs("post.view")
def variant(request: StaffRequest, variant_id: int) -> HttpResponse:
    """The variant on the page of its item."""
    found = _variant(request, variant_id)
    return redirect(f"{_address(found.item)}#v{found.pk}")


@require_POST
@needs("post.view")
def deed(request: StaffRequest, variant_id: int, deed: str) -> HttpResponse:
    """One step of a variant; the verb checks who may."""
    found, step = _variant(request, variant_id), BY_SLUG.get(deed)
    if step is None:
        raise Http404
    form = step.make_form(found, request.POST)
    if form.is_valid() and tried(form, step.verb, found, by=request.member) is not None:
        messages.success(request, str(step.done))
        return redirect(f"{_address(found.item)}#v{found.pk}")
    return _with_form(request, found, step, form)


@require_POST
@needs("post.write")
def submit(request: StaffRequest, item_id: int) -> HttpResponse:
    """Give every draft to review, or say everything that is missing."""
    found = find(request, item_id)
    try:
        services.submit(found, by=request.member)
    except ValidationError as refused:
        for words in refused.messages:
            messages.error(request, words)
    else:
        messages.success(request, _("Given to review. Another person approves it."))
    return redirect(_address(found))


@require_POST
@needs("post.write")
def add_picture(request: StaffRequest, item_id: int) -> HttpResponse:
    """Add a picture, drawn anew."""
    found = find(request, item_id)
    form = PictureForm(request.POST, request.FILES, auto_id="p_%s")
    if form.is_valid():
        said = form.cleaned_data
        try:
            services.add_picture(
                found, body=said["file"].read(), alt=said["alt"], licence=said["licence"],
                by=request.member,
            )  # fmt: skip
        except ValidationError as refused:
            form.add_error("file", refused.messages)
        else:
            messages.success(request, _("Added. Place and device are no longer in it."))
            return redirect(_address(found))
    return page(request, found, status=422, picture_form=form, form=form)


@require_POST
@needs("post.write")
def drop_picture(request: StaffRequest, picture_id: int) -> HttpResponse:
    """Leave a picture out."""
    found = _picture(request, picture_id)
    services.drop_picture(found, by=request.member)
    return redirect(_address(found.item))


@require_GET
@needs("post.view")
def picture(request: StaffRequest, picture_id: int) -> HttpResponse:
    """The picture for those who write the post."""
    return picture_answer(_picture(request, picture_id), "private, max-age=3600")


@require_POST
@needs("post.hold")
def one_step(request: StaffRequest, item_id: int) -> HttpResponse:
    """Send a warning or a correction at once; a second person reads it afterwards."""
    found = find(request, item_id)
    form = ReasonForm(request.POST, auto_id="skip_%s")
    if form.is_valid() and tried(form, services.publish_in_one_step, found, by=request.member):
        messages.success(request, _("It leaves now. A second person reads it within a day."))
        return redirect(_address(found))
    return page(request, found, status=422, skip_form=form, form=form)


@require_POST
@needs("post.approve")
def review(request: StaffRequest, item_id: int) -> HttpResponse:
    """Read what left in one step, as a second person."""
    found = find(request, item_id)
    form = WordsForm(request.POST, auto_id="review_%s")
    if form.is_valid() and tried(form, services.review_afterwards, found, by=request.member):
        messages.success(request, _("Your review is noted."))
        return redirect(_address(found))
    return page(request, found, status=422, review_form=form, form=form)


@require_POST
@needs("post.publish")
def corrected(request: StaffRequest, correction_id: int) -> HttpResponse:
    """A person changed the post by hand."""
    mine = Correction.objects.filter(variant__institution=request.member.institution)
    found = get_object_or_404(mine.select_related("variant__item"), pk=correction_id)
    try:
        services.prove_correction(found, by=request.member)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    return redirect(_address(found.variant.item))


@require_GET
@needs("post.view")
def archive(request: StaffRequest, item_id: int) -> HttpResponse:
    """Everything that is kept of an item, with the hash of every part."""
    found = find(request, item_id)
    body = json.dumps(archives.archive_of(found), ensure_ascii=False, indent=1, default=str)
    answer = HttpResponse(body, content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="kiriman-{found.pk}.json"'
    return answer


def find(request: StaffRequest, item_id: int) -> Item:
    """The item of the institution at work, or 404."""
    return get_object_or_404(selectors.items_of(request.member.institution), pk=item_id)


def page(request: StaffRequest, found: Item, *, status: int = 200, **shown: Any) -> HttpResponse:
    """The page of an item, with a form that was refused in its place."""
    return render(
        request, "publishing/item.html", pages.item_page(request.member, found, **shown),
        status=status,
    )  # fmt: skip


def picture_answer(found: Picture, cache: str) -> HttpResponse:
    """The bytes that we drew ourselves, under headers with which no browser runs anything."""
    answer = HttpResponse(bytes(found.body), content_type=found.mime)
    answer.headers["Cache-Control"] = cache
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _with_form(request: StaffRequest, found: Variant, step: Step, form: BaseForm) -> HttpResponse:
    shown = pages.item_page(request.member, found.item, form=form)
    for card in shown["cards"]:
        if card.variant.pk == found.pk:
            for offered in (card.main, card.more):
                offered[:] = [(one, form if one is step else f) for one, f in offered]
    return render(request, "publishing/item.html", shown, status=422)


def _variant(request: StaffRequest, variant_id: int) -> Variant:
    mine = selectors.variants_of(request.member.institution)
    return get_object_or_404(mine, pk=variant_id)


def _picture(request: StaffRequest, picture_id: int) -> Picture:
    mine = Picture.objects.filter(item__institution=request.member.institution)
    return get_object_or_404(mine.select_related("item"), pk=picture_id)


def _address(found: Item) -> str:
    return reverse("publishing:item", args=[found.pk])
