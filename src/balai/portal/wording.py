"""Figures and codes of the public pages in words for a person. Nothing is decided here."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from balai.portal.rules import LEAST

HOUR = 60


def count_words(n: int | None) -> str:
    """A count, or that it is too small to be told."""
    if n is None:
        return _("fewer than %(n)d") % {"n": LEAST}
    return number_format(n, 0, force_grouping=True)


def percent_words(percent: float | None) -> str:
    """ "72,7 %", or that there are too few cases."""
    return _("too few cases") if percent is None else f"{number_format(percent, 1)} %"


def time_words(minutes: float | None) -> str:
    """A time in hours of service: "35 minutes", "3 hours 20 minutes", or too few cases."""
    if minutes is None:
        return _("too few cases")
    whole = round(minutes)
    if whole < 2 * HOUR:
        return _("%(minutes)d minutes") % {"minutes": whole}
    hours, rest = divmod(whole, HOUR)
    if not rest:
        return _("%(hours)s hours") % {"hours": number_format(hours)}
    return _("%(hours)s hours %(minutes)d minutes") % {
        "hours": number_format(hours),
        "minutes": rest,
    }
