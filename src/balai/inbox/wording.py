"""The inbox's codes in words for a person. Nothing is decided here."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from balai.channels.selectors import all_promises
from balai.governance.selectors import BeyondCalendar, Calendar
from balai.inbox.models import Conversation, Correction
from balai.inbox.rules import reply_state
from balai.inbox.selectors import Rights
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
KEPT_NAMES: dict[str, Words] = {  # what an erasure leaves, by the codes of a certificate
    "counts": gettext_lazy("That messages came and went, when and on which line, without words"),
    "network_ids": gettext_lazy("The network's message numbers, so that none is taken in again"),
    "audit": gettext_lazy("The audit log, which holds no personal data"),
    "sealed": gettext_lazy("What lies on a safe channel, under its keepers' own duty"),
    "backups": gettext_lazy("Backups, until they end by themselves"),
}
ERASED_NAMES: dict[str, Words] = {
    "conversations": gettext_lazy("conversations"),
    "messages": gettext_lazy("messages"),
    "files": gettext_lazy("files"),
    "dispatches": gettext_lazy("sent messages"),
    "parcels": gettext_lazy("raw copies"),
    "accounts": gettext_lazy("accounts"),
}
# Domain 4.6: an emergency is counted by the clock on the wall, everything else in service time.
BY_THE_WALL = frozenset({"emergency_acknowledgement"})
SOON = 60  # minutes
ONE_DAY = 480  # minutes of service


WAYS: dict[str, tuple[str, Words]] = {
    "public": ("eye", gettext_lazy("Everybody can read this answer on %(line)s.")),
    "direct": (
        "lock",
        gettext_lazy("A private message on %(line)s: only the citizen can read it."),
    ),
    "mail": ("lock", gettext_lazy("A letter by e-mail: only the citizen can read it.")),
    "sms": ("lock", gettext_lazy("An SMS: only the citizen can read it.")),
    "page": (
        "lock",
        gettext_lazy("On the citizen's own status page: only the citizen can read it."),
    ),
}
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


def reply_left(until: datetime | None, at: datetime) -> Due | None:
    """How long the network still takes an answer; None where it takes one for ever."""
    state = reply_state(may=True, until=until, at=at)
    if until is None:
        return None
    if state == "over":
        return Due(_("No answer is taken any more"), "late")
    words = _("Answer is taken for %(span)s") % {"span": span((until - at).total_seconds() / 60)}
    return Due(words, "soon" if state == "ending" else "")


class Way(NamedTuple):
    """How an answer reaches the citizen, in words: the sign, who can read it, what it costs."""

    icon: str
    words: str
    cost: str
    left: Due | None


def way(rights: Rights, line: str, at: datetime) -> Way:
    """May we answer, how, until when, at what price: before anybody writes."""
    icon, words = WAYS[rights.how]
    cost = (
        _("Each message that the network makes of it costs %(price)s.") % {"price": rights.price}
        if rights.price
        else ""
    )
    return Way(icon, str(words) % {"line": line}, cost, reply_left(rights.until, at))


def cost_of(price: str, pieces: int) -> str:
    """What a text costs, where the network takes a price: "2 messages, 700 IDR"."""
    if not price:
        return ""
    made = ngettext("%(n)d message", "%(n)d messages", pieces) % {"n": pieces}
    amount, _space, currency = price.partition(" ")
    try:
        total = Decimal(amount.replace(",", ".")) * pieces
    except InvalidOperation:
        return f"{made} à {price}"
    return f"{made}, {total.normalize():f} {currency}".rstrip()


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
