"""Feeds: Atom (RFC 4287) and JSON Feed 1.1 of public posts, iCalendar (RFC 5545) for the desk."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from balai.ground.clock import now
from balai.people.models import Institution, Member
from balai.people.selectors import may_somewhere
from balai.publishing import selectors
from balai.publishing.models import Variant
from balai.publishing.pages import FEED_SALT, name_of

IN_A_FEED = 50
BEHIND, AHEAD = timedelta(days=31), timedelta(days=180)


@require_safe
def atom(request: HttpRequest, slug: str, topic: str = "") -> HttpResponse:
    """The newest posts as Atom; identifiers never change."""
    institution, posts = _posts(slug, topic)
    shown = {
        "institution": institution,
        "posts": posts,
        "base": _base(),
        "self": _base() + request.path,
        "home": _home(institution, topic),
        "updated": max((changed_at(post) for post in posts), default=now()),
        "topic": posts[0].item.topic if topic and posts else "",
    }
    kind = "application/atom+xml; charset=utf-8"
    return render(request, "publishing/atom.xml", shown, content_type=kind)


@require_safe
def json_feed(request: HttpRequest, slug: str, topic: str = "") -> HttpResponse:
    """The newest posts as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    institution, posts = _posts(slug, topic)
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": institution.name,
        "home_page_url": _home(institution, topic),
        "feed_url": _base() + request.path,
        "language": "id",
        "items": [
            {
                "id": _base() + post.url,
                "url": _base() + post.url,
                "title": post.item.title,
                "content_text": post.revision.text if post.revision else "",
                "date_published": post.published_at,
                "date_modified": changed_at(post),
                "tags": [post.item.topic] if post.item.topic else [],
            }
            for post in posts
        ],
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False},
                        content_type="application/feed+json; charset=utf-8")  # fmt: skip


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of the desk for a member's own calendar program, by an unguessable address."""
    try:
        member_id = signing.loads(token, salt=FEED_SALT)
    except signing.BadSignature as forged:
        raise Http404 from forged
    member = get_object_or_404(Member.objects.select_related("institution"), pk=member_id)
    gone = member.left_at is not None or not member.user.is_active
    if gone or not may_somewhere(member, "post.view", member.institution_id):
        raise Http404
    found = selectors.calendar_between(member.institution, now() - BEHIND, now() + AHEAD)
    answer = HttpResponse(_icalendar(found), content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


def changed_at(post: Variant) -> datetime:
    """When a public post last changed: its publication or its newest correction."""
    newest = post.corrections.filter(corrected_at__isnull=False).order_by("-corrected_at").first()
    corrected = newest.corrected_at if newest else None
    return corrected or post.published_at or now()


def _posts(slug: str, topic: str) -> tuple[Institution, list[Variant]]:
    institution = get_object_or_404(Institution, slug=slug)
    posts = list(selectors.public_posts(institution, topic)[:IN_A_FEED])
    if topic and not posts:
        raise Http404
    for post in posts:
        post.last_changed = changed_at(post)  # type: ignore[attr-defined]
    return institution, posts


def _home(institution: Institution, topic: str) -> str:
    if topic:
        return _base() + reverse("publishing:topic", args=[institution.slug, topic])
    return _base() + reverse("publishing:news", args=[institution.slug])


def _base() -> str:
    return str(settings.BALAI_ADDRESS).rstrip("/")


def _icalendar(variants: Iterable[Variant]) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Balai//Publikasi//ID"]
    host = _base().partition("://")[2]
    for variant in variants:
        if variant.at is None:
            continue
        address = _base() + reverse("publishing:item", args=[variant.item_id])
        lines += [
            "BEGIN:VEVENT",
            f"UID:publikasi-{variant.pk}@{host}",
            f"DTSTAMP:{_utc(now())}",
            f"DTSTART:{_utc(variant.at)}",
            f"DTEND:{_utc(variant.at + timedelta(minutes=15))}",
            f"SUMMARY:{_escaped(f'{variant.item.title} ({name_of(variant)})')}",
            f"DESCRIPTION:{_escaped(variant.get_state_display())}",
            f"URL:{address}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """RFC 5545, 3.3.11."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def _folded(line: str) -> bytes:
    """RFC 5545, 3.1: at most 75 octets a line, a continuation begins with a space."""
    rest = line
    parts: list[str] = []
    while rest:
        room, taken = 75 if not parts else 74, 0
        for sign in rest:
            size = len(sign.encode())
            if size > room:
                break
            room, taken = room - size, taken + 1
        parts.append(rest[:taken])
        rest = rest[taken:]
    return ("\r\n ".join(parts) + "\r\n").encode()
