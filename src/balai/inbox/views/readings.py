"""The machine's reading of a message in words: what it says, how sure, and why."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from balai.ground.plain import plain_text
from balai.inbox.models import Conversation
from balai.inbox.wording import (
    LANGUAGE_NAMES,
    PERSONAL_KINDS,
    SENSITIVE_NAMES,
    URGENCY_NAMES,
    Words,
)


class Explained(NamedTuple):
    """One field of a reading: its name, what the machine says, how sure, and its reasons."""

    label: str
    value: str
    percent: int | None
    reasons: Sequence[str]


def explained(reading: Mapping[str, Any]) -> list[Explained]:
    """Every field that says something, in the order of weight."""
    return list(_explained(reading)) if reading.get("because") is not None else []


def _explained(reading: Mapping[str, Any]) -> Iterator[Explained]:
    because: Mapping[str, Sequence[str]] = reading["because"]
    guesses = (
        ("intent", _("Kind"), dict(Conversation.Intent.choices)),
        ("urgency", _("Urgency"), URGENCY_NAMES),
        ("language", _("Language"), LANGUAGE_NAMES),
        ("sentiment", _("Tone"), dict(Conversation.Sentiment.choices)),
    )
    for field, label, names in guesses:
        guess = reading.get(field) or {}
        value = str(guess.get("value") or "")
        if value and value != "und":
            words = plain_text(str(dict(names).get(value, value)))
            yield Explained(label, words, _percent(guess), because.get(field, ()))
    abuse = reading.get("abuse") or {}
    if abuse.get("abusive"):
        words = _("insults or threatens somebody")
        yield Explained(_("Abuse"), words, _abusive(abuse), because.get("abuse", ()))
    if reading.get("sensitive"):
        words = _listed(SENSITIVE_NAMES, reading["sensitive"])
        yield Explained(_("Sensitive"), words, None, because.get("sensitive", ()))
    kinds = sorted({str(span["kind"]) for span in reading.get("personal_data") or ()})
    if kinds:
        words = _listed(PERSONAL_KINDS, kinds)
        yield Explained(_("Personal data"), words, None, because.get("personal_data", ()))


def _listed(names: Mapping[str, Words], codes: Sequence[str]) -> str:
    return ", ".join(plain_text(str(names.get(code, code))) for code in codes)


def _abusive(abuse: Mapping[str, Any]) -> int | None:
    p = abuse.get("p")  # one number in readings of core-1, since then one for each label
    return _percent({"p": p.get("abusive") if isinstance(p, Mapping) else p})


def _percent(guess: Mapping[str, Any]) -> int | None:
    p = guess.get("p")
    return None if p is None else round(float(p) * 100)
