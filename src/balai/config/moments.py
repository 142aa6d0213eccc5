"""Time on screens, for both template engines: the institution's zone, short words."""

from datetime import date, datetime, tzinfo

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from balai.ground.clock import now

ZONE_WORDS = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def moment(at: datetime | None, zone: tzinfo | None = None) -> str:
    """Day and time with the name of the zone: the institution's, which a middleware activates."""
    if at is None:
        return ""
    local = timezone.localtime(at, zone)
    words = ZONE_WORDS.get(str(local.tzinfo), local.tzname() or "")
    return f"{formats.date_format(local, 'j F Y, H.i')} {words}".rstrip()


def day(on: date | datetime | None) -> str:
    """A day in words: 22 November 2025."""
    if on is None:
        return ""
    if isinstance(on, datetime):
        on = timezone.localtime(on).date()
    return formats.date_format(on, "j F Y")


def short(at: datetime | None) -> str:
    """The shortest useful form for a list: the time today, else the day."""
    if at is None:
        return ""
    local, today = timezone.localtime(at), timezone.localtime(now())
    if local.date() == today.date():
        return formats.date_format(local, "H.i")
    return formats.date_format(local, "j M" if local.year == today.year else "j M Y")


def ago(at: datetime | None) -> str:
    """How long ago, or how long until, in short words."""
    if at is None:
        return ""
    minutes = round((now() - at).total_seconds() / 60)
    words = span(abs(minutes))
    if minutes == 0:
        return _("now")
    return (_("%(span)s ago") if minutes > 0 else _("in %(span)s")) % {"span": words}


def span(minutes: int) -> str:
    """A length of time in its largest sensible unit."""
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        hours = round(minutes / 60)
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = round(minutes / 1440)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
