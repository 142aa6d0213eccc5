"""What the public pages show, gathered and put into words."""

from typing import Any

from django.http import HttpRequest

from balai.people.models import Institution
from balai.portal.selectors import answers_of, door_of, public_articles, stoc_of, told_by
from balai.portal.shelf import wants_text
from balai.registry.selectors import channel_name

TEXT_LAYOUT, LAYOUT = "portal/text_only.html", "public.html"


def frame(request: HttpRequest, institution: Institution) -> dict[str, Any]:
    """What every public page needs: whose it is, and how the reader wants it."""
    plain = wants_text(request)
    return {
        "institution": institution,
        "layout": TEXT_LAYOUT if plain else LAYOUT,
        "text_only": plain,
    }


def home_page(institution: Institution) -> dict[str, Any]:
    """The front page: what was asked and answered, and the ways to us."""
    door = door_of(institution)
    return {
        "door": door,
        "answers": answers_of(institution),
        "stoc": stoc_of(institution),
        "told": told_by(institution),
        "accounts": [
            {"account": one, "channel": channel_name(one.channel)} for one in door.accounts
        ],
    }


def articles_page(institution: Institution) -> dict[str, Any]:
    """Every public answer, by topic."""
    topics: dict[str, list[Any]] = {}
    for found in public_articles(institution):
        topics.setdefault(found.article.topic, []).append(found)
    return {"topics": sorted(topics.items())}
