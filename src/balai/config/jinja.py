"""The environment of the hot lists: autoescaping, with our translations."""

from typing import Any

from jinja2 import Environment


def environment(**options: Any) -> Environment:
    """Make the Jinja2 environment that Django hands its options to."""
    options["autoescape"] = True
    return Environment(**options, extensions=["jinja2.ext.i18n"])  # noqa: S701 - autoescape is set above
