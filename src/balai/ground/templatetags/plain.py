"""Filters for what strangers wrote: names and texts that a page can show."""

from django import template

from balai.ground import plain

register = template.Library()


@register.filter
def plain_name(name: object) -> str:
    """A stranger's name on one line; hidden signs are seen. Put it into <bdi>."""
    return plain.plain_name(str(name or ""))


@register.filter
def plain_text(text: object) -> str:
    """A stranger's or a network's words; hidden signs are seen."""
    return plain.plain_text(str(text or ""))


@register.filter
def web_address(address: object) -> str:
    """The address if a click may lead there (http, https), else nothing."""
    return plain.web_address(str(address or ""))
