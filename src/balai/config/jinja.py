"""The environment of the hot lists: autoescaping, with our translations, addresses and times."""

from functools import cache
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment

from balai.config import moments


def environment(**options: Any) -> Environment:
    """Make the Jinja2 environment that Django hands its options to."""
    options["autoescape"] = True
    made = Environment(**options, extensions=["jinja2.ext.i18n"])  # noqa: S701 - autoescape is set above
    # Django's functions look the language up at each call, so one environment serves every reader.
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    made.globals |= {
        "url": url,
        "static": cache(static),  # an address with a hash, the same while a process lives
        "language": translation.get_language,
    }
    made.filters |= {
        "moment": moments.moment,
        "day": moments.day,
        "short": moments.short,
        "ago": moments.ago,
        "span": moments.span,
    }
    return made


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page: url("inbox:conversation", 12)."""
    return reverse(name, args=args, kwargs=kwargs)
