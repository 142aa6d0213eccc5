"""Tags of the house for Django templates: icons, and parts that Jinja2 renders."""

from datetime import date, datetime, tzinfo
from functools import cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from balai.config import moments
from balai.people.models import Member
from balai.people.selectors import may_somewhere

register = template.Library()


@register.simple_tag
def icon(name: str, **options: str) -> SafeString:
    """A sign from static/balai/icons.svg. It is decoration: the words stand beside it."""
    return _icon(name, options.get("class", "icon"))


@cache  # a page has some forty of a few dozen signs, and they never change while a process lives
def _icon(name: str, look: str) -> SafeString:
    return render_to_string("parts/icon.html", {"name": name, "class": look})


@register.simple_tag
@cache
def fixed(name: str) -> SafeString:
    """A part that says the same on every page while a process lives: drawn once."""
    return render_to_string(name)


@register.simple_tag(takes_context=True)
def jinja(context: template.Context, name: str, **values: Any) -> SafeString:
    """A hot part, rendered by its autoescaping Jinja2 template with `values` and the request."""
    request = context.get("request")
    text = render_to_string(
        name, {**values, "shell": context.get("shell")}, request, using="jinja2"
    )
    return mark_safe(text)  # noqa: S308 - it comes from an autoescaping template


@register.filter
def moment(at: datetime | None, zone: tzinfo | None = None) -> str:
    """Day and time in the institution's zone."""
    return moments.moment(at, zone)


@register.filter
def day(on: date | datetime | None) -> str:
    """A day in words: 22 November 2025."""
    return moments.day(on)


@register.filter
def ago(at: datetime | None) -> str:
    """How long ago, or how long until, in short words."""
    return moments.ago(at)


@register.filter
def may(member: Member | None, action: str) -> bool:
    """Whether to offer a button: shell.member|may:"calendar.edit". The verb checks again."""
    return may_somewhere(member, action, member.institution_id) if member else False
