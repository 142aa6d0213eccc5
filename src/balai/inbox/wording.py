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
from balai.library.selectors import advice

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
    "npwp": gettext_lazy("tax number"),
    "phone": gettext_lazy("telephone number"),
    "email": gettext_lazy("e-mail address"),
    "account": gettext_lazy("account number"),
    "plate": gettext_lazy("licence plate"),
    "name": gettext_lazy("name"),
    "address": gettext_lazy("address"),
}
MODERATION_NAMES: dict[str, Words] = {
    "M1": gettext_lazy("Hatred against people for their origin, faith, sex or disability"),
    "M2": gettext_lazy("Threats or calls to violence"),
    "M3": gettext_lazy("Insults against a person, without a matter"),
    "M4": gettext_lazy("Somebody else's personal data"),
    "M5": gettext_lazy("Obscene content"),
    "M6": gettext_lazy("Fraud, advertising or the same message again and again"),
}
# Domain 4.6: an emergency is counted by the clock on the wall, everything else in service time.
BY_THE_WALL = frozenset({"emergency_acknowledgement"})
SOON = 60  # minutes
ONE_DAY = 480  # minutes of service


ADVICE_NAMES: dict[str, Words] = {
    "long_sentence": gettext_lazy("A long sentence. Can it be two? “%(words)s”"),
    "passive_heap": gettext_lazy("Who does it? Many passives in one sentence: %(words)s"),
    "jargon": gettext_lazy("“%(words)s”: people say “%(instead)s”."),
    "short_form": gettext_lazy("What does %(words)s stand for? Write it out once."),
    "no_greeting": gettext_lazy("It begins without a greeting."),
    "no_next_step": gettext_lazy("It does not say what happens next, or what the citizen can do."),
}


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


def advised(text: str, language: str) -> list[str]:
    """What could be plainer in an answer, in words for whoever writes it."""
    return [
        str(ADVICE_NAMES[one.rule]) % {"words": one.words, "instead": one.instead}
        for one in advice(text, language or "ind")
    ]


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
