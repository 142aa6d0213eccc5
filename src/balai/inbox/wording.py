"""The inbox's codes in words for a person. Nothing is decided here."""

from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from balai.channels.selectors import all_promises
from balai.governance.selectors import BeyondCalendar, Calendar
from balai.inbox.models import Conversation, Correction

Words = str | Promise

LANGUAGE_NAMES: dict[str, Words] = {
    "ind": gettext_lazy("Indonesian"),
    "jav": gettext_lazy("Javanese"),
    "sun": gettext_lazy("Sundanese"),
    "min": gettext_lazy("Minangkabau"),
    "ban": gettext_lazy("Balinese"),
    "ace": gettext_lazy("Acehnese"),
    "bjn": gettext_lazy("Banjarese"),
    "bug": gettext_lazy("Buginese"),
    "mad": gettext_lazy("Madurese"),
    "nij": gettext_lazy("Ngaju"),
    "bbc": gettext_lazy("Toba Batak"),
    "eng": gettext_lazy("English"),
}
CLOCK_NAMES: dict[str, Words] = {
    "emergency_acknowledgement": gettext_lazy("Emergency: acknowledgement"),
    "complaint_first_response": gettext_lazy("Complaint: first response"),
    "question_first_response": gettext_lazy("Question: first response"),
}
URGENCY_NAMES: dict[str, Words] = {
    "danger": gettext_lazy("Danger"),
    "urgent": gettext_lazy("Urgent"),
    "normal": gettext_lazy("Normal"),
}
SENSITIVE_NAMES: dict[str, Words] = {
    "whistleblow": gettext_lazy("whistleblowing"),
    "self_harm": gettext_lazy("somebody may harm themselves"),
    "child": gettext_lazy("a child is concerned"),
    "violence": gettext_lazy("violence"),
}
PERSONAL_KINDS: dict[str, Words] = {
    "nik": gettext_lazy("NIK"),
    "kk": gettext_lazy("family card number"),
    "phone": gettext_lazy("telephone number"),
    "email": gettext_lazy("e-mail address"),
    "account": gettext_lazy("account number"),
    "plate": gettext_lazy("licence plate"),
}
# Domain 4.6: an emergency is counted by the clock on the wall, everything else in service time.
BY_THE_WALL = frozenset({"emergency_acknowledgement"})
SOON = 60  # minutes
ONE_DAY = 480  # minutes of service


class Due(NamedTuple):
    """When the first response is due, in words, and how that looks: late, soon or nothing."""

    words: str
    kind: str


def due(clock: str, due_at: datetime | None, calendar: Calendar, at: datetime) -> Due | None:
    """How much time is left, in service time where the clock runs in service time."""
    if due_at is None:
        return None
    if due_at <= at:
        return Due(_("%(span)s late") % {"span": span((at - due_at).total_seconds() / 60)}, "late")
    minutes = _left(clock, due_at, calendar, at)
    kind = "soon" if minutes < SOON else ""
    if clock in BY_THE_WALL:
        return Due(_("%(span)s left") % {"span": span(minutes)}, kind)
    return Due(_("%(span)s of service left") % {"span": span(minutes, day=ONE_DAY)}, kind)


def span(minutes: float, *, day: int = 1440) -> str:
    """A length of time in its largest sensible unit; `day` is how many minutes a day has."""
    minutes = max(1, round(minutes))
    if minutes < 90:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < day * 2:
        hours = round(minutes / 60)
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = round(minutes / day)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def channel_label(slug: str) -> str:
    """What a channel is called; the code of one that no longer exists stays readable."""
    return channel_labels().get(slug, slug)


class Corrected(NamedTuple):
    """What a person said against the machine, in the reader's words."""

    by: str
    field: Words
    read: Words
    said: Words


def corrected(one: Correction) -> Corrected:
    """A correction with the names of its codes."""
    column = Conversation._meta.get_field(one.field)
    names = {str(code): name for code, name in getattr(column, "flatchoices", ())}
    names |= LANGUAGE_NAMES if one.field == "language" else {}
    read, said = (names.get(code, code) for code in (one.read, one.said))
    return Corrected(str(one.by), getattr(column, "verbose_name", one.field), read, said)


def pseudonym(key: str) -> str:
    """What a citizen is called on the screens until somebody opens the identity."""
    return _("Citizen %(code)s") % {"code": key[:4]}


@cache
def channel_labels() -> dict[str, str]:
    """The name of every channel by its code."""
    return {one.slug: one.label for one in all_promises()}


def _left(clock: str, due_at: datetime, calendar: Calendar, at: datetime) -> float:
    if clock not in BY_THE_WALL:
        try:
            return calendar.working_minutes(at, due_at)
        except BeyondCalendar:
            pass  # an imported conversation: count by the wall
    return (due_at - at).total_seconds() / 60
