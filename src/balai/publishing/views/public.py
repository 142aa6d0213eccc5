"""What everybody reads: the posts of an institution, and what it put right."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from balai.people.models import Institution
from balai.publishing import rules, selectors
from balai.publishing.models import Picture, Variant
from balai.publishing.services import approved_content
from balai.publishing.views.item import picture_answer

ON_A_PAGE = 20


@require_safe
def nearest(request: HttpRequest) -> HttpResponse:
    """The news of the installation's own institution."""
    return redirect("publishing:news", _first().slug)


@require_safe
def nearest_corrections(request: HttpRequest) -> HttpResponse:
    """The corrections of the installation's own institution."""
    return redirect("publishing:corrections", _first().slug)


@require_safe
def news(request: HttpRequest, slug: str, topic: str = "") -> HttpResponse:
    """The posts of an institution, newest first, by topic."""
    institution = get_object_or_404(Institution, slug=slug)
    found = selectors.public_posts(institution, topic)
    before = request.GET.get("sebelum", "")
    if before.isdecimal() and len(before) < 18:
        found = found.filter(pk__lt=int(before))
    posts = list(found.order_by("-pk")[: ON_A_PAGE + 1])
    if topic and not posts and not before:
        raise Http404
    shown = {
        "institution": institution,
        "posts": posts[:ON_A_PAGE],
        "older": posts[ON_A_PAGE - 1].pk if len(posts) > ON_A_PAGE else 0,
        "topics": selectors.topics_of(institution),
        "topic": topic,
        "topic_name": posts[0].item.topic if topic and posts else "",
    }
    return render(request, "publishing/news.html", shown)


@require_safe
def story(request: HttpRequest, slug: str, item_id: int) -> HttpResponse:
    """One post at its permanent address; where it was withdrawn, the notice (410)."""
    institution = get_object_or_404(Institution, slug=slug)
    mine = selectors.variants_of(institution).filter(item=item_id, account=None)
    found = get_object_or_404(mine, state__in=[*rules.OUT, Variant.State.WITHDRAWN])
    known: dict[str, Any] = {"institution": institution, "post": found, "item": found.item}
    if found.state == Variant.State.WITHDRAWN:
        return render(request, "publishing/withdrawn.html", known, status=410)
    content = approved_content(found)
    corrections = found.corrections.filter(corrected_at__isnull=False).order_by("-pk")
    known |= {
        "content": content,
        "paragraphs": [part for part in content["text"].split("\n") if part.strip()],
        "corrections": [
            (one, rules.compared(one.before.text, one.after.text))
            for one in corrections.select_related("before", "after")
        ],
        "elsewhere": selectors.places_elsewhere(found.item),
        "address": settings.BALAI_ADDRESS.rstrip("/") + found.url,
    }
    return render(request, "publishing/story.html", known)


@require_safe
def picture(request: HttpRequest, slug: str, item_id: int, sha256: str) -> HttpResponse:
    """A picture of a public post, and of no other."""
    institution = get_object_or_404(Institution, slug=slug)
    mine = selectors.public_posts(institution).filter(item=item_id)
    found = get_object_or_404(mine)
    if sha256 not in {one["sha256"] for one in approved_content(found)["pictures"]}:
        raise Http404
    kept = Picture.objects.filter(item=item_id, sha256=sha256).first()
    if kept is None:
        raise Http404
    return picture_answer(kept, "public, max-age=86400")


@require_safe
def corrections(request: HttpRequest, slug: str) -> HttpResponse:
    """What was wrong, what is right, and how long it took; what was taken away, and why."""
    institution = get_object_or_404(Institution, slug=slug)
    shown = {
        "institution": institution,
        "corrections": list(selectors.corrections_in_public(institution)[:200]),
        "withdrawals": list(selectors.withdrawals_in_public(institution)[:200]),
    }
    return render(request, "publishing/corrections.html", shown)


def _first() -> Institution:
    first = Institution.objects.order_by("pk").first()
    if first is None:
        raise Http404
    return first
