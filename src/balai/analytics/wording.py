"""The words and signs of reports: durations, shares, and what is said where a figure is none."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from balai.analytics.rules import Share, Spread

FORMULA_STARTERS = ("=", "+", "-", "@", "\t", "\r")


def working_time(minutes: float) -> str:
    """A time of service: "72,5 min", "3 h 20 min". Hours are hours of service, never days."""
    if minutes < 120:
        shown = number_format(round(minutes, 1), 0 if minutes == round(minutes) else 1)
        return _("%(minutes)s min") % {"minutes": shown}
    hours, rest = divmod(round(minutes), 60)
    if not rest:
        return _("%(hours)s h") % {"hours": number_format(hours)}
    return _("%(hours)s h %(minutes)d min") % {"hours": number_format(hours), "minutes": rest}


def time_words(spread: Spread, value: float | None) -> str:
    """A median or p90; empty where there is nothing or too little to say."""
    if value is None or not spread.is_enough:
        return ""
    sign = "" if spread.is_exact else "≈ "
    return sign + working_time(value if spread.is_exact else round(value))


def share_words(share: Share) -> str:
    """ "72,7 %"; empty where there is nothing or too little to say."""
    if share.percent is None or not share.is_enough:
        return ""
    return f"{number_format(round(share.percent, 1), 1)} %"


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula (CWE-1236)."""
    return f"'{text}" if text.startswith(FORMULA_STARTERS) else text
