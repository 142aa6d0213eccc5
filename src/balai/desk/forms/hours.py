"""Hours as a person types them: 07.30-12.00, 13.00-16.00."""

import re
from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from balai.desk.rules.duty import Hours

MOST_SPANS = 6
SPAN = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s*(?:-|\u2013|s/?d\.?)\s*(\d{1,2})(?:[.:](\d{2}))?")


class HoursField(forms.CharField):
    """Several spans of a day in one line; empty means that nobody works."""

    def __init__(self, **options: Any) -> None:
        options = {"required": False, "max_length": 120, **options}
        super().__init__(**options)

    def clean(self, value: Any) -> list[Hours]:
        """The spans. Raises ValidationError in words that show how to write them."""
        text = str(super().clean(value) or "")
        parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
        if len(parts) > MOST_SPANS:
            raise ValidationError(_("At most %(n)d spans a day.") % {"n": MOST_SPANS})
        return [_span(part) for part in parts]


def said(hours: Sequence[Hours]) -> str:
    """Hours as the field shows them."""
    return ", ".join(f"{starts:%H.%M}-{ends:%H.%M}" for starts, ends in hours)


def _span(part: str) -> Hours:
    found = SPAN.fullmatch(part)
    try:
        if found is None:
            raise ValueError(part)
        from_hour, from_minute, to_hour, to_minute = (int(one or 0) for one in found.groups())
        # 24.00 is how people write midnight at the end of a day.
        span = (
            time(from_hour, from_minute),
            time(to_hour % 24 if to_hour == 24 else to_hour, to_minute),
        )
    except ValueError as wrong:
        raise ValidationError(
            _("“%(text)s” is no span of hours. Write it like 07.30-12.00.") % {"text": part}
        ) from wrong
    if span[0] == span[1]:
        raise ValidationError(_("“%(text)s” ends when it begins.") % {"text": part})
    return span
