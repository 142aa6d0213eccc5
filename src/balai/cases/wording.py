"""The codes of cases in words for a person. Nothing is decided here."""

from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from balai.governance.selectors import BeyondCalendar, Calendar
from balai.library.selectors import advice

Words = str | Promise

VIEW_NAMES: dict[str, Words] = {
    "open": pgettext_lazy("case", "Open"),
    "mine": gettext_lazy("Mine"),
    "unit": gettext_lazy("My unit"),
    "overdue": gettext_lazy("Overdue"),
    "news": gettext_lazy("Citizen wrote"),
    "disputed": gettext_lazy("Disputed"),
    "waiting": gettext_lazy("Citizen judges"),
    "ended": pgettext_lazy("case", "Ended"),
}
LOOKS = {
    "received": "info",
    "needs_clarification": "soon",
    "verified": "info",
    "returned": "urgent",
    "disputed": "late",
    "answered": "soon",
    "resolved": "ok",
    "confirmed": "ok",
    "closed": "outline",
    "rejected": "outline",
    "duplicate": "outline",
    "withdrawn": "outline",
}
# What a citizen reads: no word of the office, and whose turn it is.
PUBLIC_STATES: dict[str, tuple[Words, Words]] = {
    "received": (
        gettext_lazy("We have your report"),
        gettext_lazy("An officer checks it and finds out who is responsible."),
    ),
    "needs_clarification": (
        gettext_lazy("We asked you something"),
        gettext_lazy("Please answer where you wrote to us. Our clock waits for you meanwhile."),
    ),
    "verified": (
        gettext_lazy("Your report was checked"),
        gettext_lazy("We are sending it to the unit that is responsible."),
    ),
    "rejected": (
        gettext_lazy("We cannot handle this report"),
        gettext_lazy("The reason, and where else you can go, stand in our answer."),
    ),
    "duplicate": (
        gettext_lazy("Others reported the same"),
        gettext_lazy("Your report goes on together with theirs. You are told all that they are."),
    ),
    "dispatched": (
        gettext_lazy("A unit has your report"),
        gettext_lazy("It begins its work."),
    ),
    "returned": (
        gettext_lazy("Another unit is being found"),
        gettext_lazy("The first unit is not responsible. Our clock goes on."),
    ),
    "in_progress": (
        gettext_lazy("Work has begun"),
        gettext_lazy("You hear from us when there is an answer."),
    ),
    "planned": (
        gettext_lazy("It is planned"),
        gettext_lazy("The day that we promise stands below."),
    ),
    "action_scheduled": (
        gettext_lazy("The work has a day"),
        gettext_lazy("The day that we promise stands below."),
    ),
    "referred_external": (
        gettext_lazy("Another agency has it"),
        gettext_lazy("It is not in our hands alone. We ask after it and tell you."),
    ),
    "answered": (
        gettext_lazy("We have answered"),
        gettext_lazy("We are checking the result before we ask you whether it is solved."),
    ),
    "resolved": (
        gettext_lazy("Is it solved?"),
        gettext_lazy("We did our part. You have the last word."),
    ),
    "confirmed": (gettext_lazy("Solved, as you say"), gettext_lazy("Thank you for telling us.")),
    "disputed": (
        gettext_lazy("Not solved, as you say"),
        gettext_lazy("Somebody else takes it up now."),
    ),
    "closed": (gettext_lazy("Closed"), gettext_lazy("Thank you for your report.")),
    "withdrawn": (gettext_lazy("You took it back"), gettext_lazy("Nothing more is done about it.")),
}
RESULT_TOLD = gettext_lazy("We did our part and asked you")  # as a step that is past
REJECTIONS: dict[str, Words] = {
    "not_ours": gettext_lazy("Another level of government is responsible"),
    "in_court": gettext_lazy("A court is dealing with it"),
    "no_matter": gettext_lazy("There is no matter that could be handled"),
    "unclear": gettext_lazy("It stayed unclear after we asked"),
    "private": gettext_lazy("A private dispute"),
}
REASONS: dict[str, Words] = {
    "suggested": gettext_lazy("the unit that returned it thinks so"),
    "given": gettext_lazy("the conversation was given to it"),
    "hint": gettext_lazy("such matters went there before"),
    "category": gettext_lazy("it had %(n)s cases of this topic"),
    "alike": gettext_lazy("it had %(n)s cases that sound alike"),
    "area": gettext_lazy("it had %(n)s cases in this area"),
}
AUDIENCES: dict[int, Words] = {
    50: gettext_lazy("Half of the time has passed"),
    80: gettext_lazy("Four fifths of the time have passed"),
    100: gettext_lazy("The deadline has passed"),
    150: gettext_lazy("Half as long again as allowed"),
}
ADVICE_NAMES: dict[str, Words] = {
    "long_sentence": gettext_lazy("A long sentence. Can it be two? “%(words)s”"),
    "passive_heap": gettext_lazy("Who does it? Many passives in one sentence: %(words)s"),
    "jargon": gettext_lazy("“%(words)s”: people say “%(instead)s”."),
    "short_form": gettext_lazy("What does %(words)s stand for? Write it out once."),
    "no_greeting": gettext_lazy("It begins without a greeting."),
    "no_next_step": gettext_lazy("It does not say what happens next, or what the citizen can do."),
}
FATES: dict[str, tuple[Words, str]] = {
    "waiting": (gettext_lazy("Leaves in a moment"), "info"),
    "sending": (gettext_lazy("Being sent"), "info"),
    "confirming": (gettext_lazy("Being confirmed by the network"), "info"),
    "out": (gettext_lazy("Out"), "ok"),
    "refused": (gettext_lazy("Refused by the network"), "late"),
    "unknown": (gettext_lazy("Not known whether it is out"), "late"),
    "cancelled": (gettext_lazy("Called off"), "outline"),
}
A_DAY = 480  # minutes of service
SOON = 480.0  # minutes of service: within a working day


class Due(NamedTuple):
    """When something is due, in words, and how that looks: late, soon or nothing."""

    words: str
    look: str


def due(due_at: datetime, calendar: Calendar, at: datetime) -> Due:
    """How much service time is left until a deadline, or by how much it was missed."""
    late = due_at <= at
    try:
        minutes = calendar.working_minutes(*((due_at, at) if late else (at, due_at)))
    except BeyondCalendar:
        minutes = abs((due_at - at).total_seconds()) / 180  # by the wall, a third of it service
    words = _("%(span)s late") if late else _("%(span)s left")
    return Due(words % {"span": span(minutes)}, "late" if late else "soon" * (minutes < SOON))


def span(minutes: float) -> str:
    """A length of service time in its largest sensible unit."""
    if minutes < 90:
        whole = max(1, round(minutes))
        return ngettext("%(n)d minute", "%(n)d minutes", whole) % {"n": whole}
    if minutes < A_DAY * 2:
        hours = round(minutes / 60)
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = round(minutes / A_DAY)
    return ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days}


def advised(text: str, language: str) -> list[str]:
    """What could be plainer in an answer, in words for whoever writes it."""
    return [
        str(ADVICE_NAMES[one.rule]) % {"words": one.words, "instead": one.instead}
        for one in advice(text, language or "ind")
    ]


def because(reasons: tuple[tuple[str, int], ...]) -> str:
    """What speaks for a unit, in one line."""
    return "; ".join(str(REASONS[sign]) % {"n": n} for sign, n in reasons)


def pseudonym(key: str) -> str:
    """What a citizen is called on the pages of a case."""
    return _("Citizen %(code)s") % {"code": key[:4]}
