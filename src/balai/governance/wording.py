"""Governance's codes in words for a person. Nothing is decided here."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from balai.governance.rules import Measure, Target

Words = str | Promise

CLOCKS: dict[str, Words] = {
    "emergency_acknowledgement": _("Emergency: acknowledgement"),
    "question_first_response": _("Question: first response"),
    "complaint_first_response": _("Complaint: first response"),
    "rumour_first_statement": _("Rumour of high harm: first statement"),
    "incident_holding_statement": _("Incident: first statement"),
    "incident_update": _("Incident: next update"),
    "correction": _("Correction of an own mistake"),
    "moderation_appeal": _("Appeal against moderation"),
    "idea_report_back": _("Idea: report back"),
    "follow_up": _("Follow-up after a hand-over"),
    "complaint_verification": _("Complaint: verification"),
    "complaint_ordinary": _("Complaint: ordinary"),
    "complaint_without_oversight": _("Complaint: without examination"),
    "complaint_with_oversight": _("Complaint: with examination"),
    "complaint_auto_close": _("Complaint: closing when the reporter is silent"),
    "consent_withdrawal": _("Personal data: use stops when consent is withdrawn"),
    "breach_notice": _("Personal data: notice of a breach"),
    "data_access": _("Personal data: a copy to whoever asks"),
    "data_deletion": _("Personal data: deletion for whoever asks"),
}
MARKS: dict[str, Words] = {
    "V": _("Read in the official text"),
    "V2": _("Read in a copy of the text"),
    "U": _("Not verified"),
    "D": _("Balai's own choice"),
}
WEEKDAYS: tuple[Words, ...] = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
KINDS: dict[str, Words] = {
    "people.institution": _("Institution"),
    "people.unit": _("Unit"),
    "people.member": _("Member"),
    "people.grant": _("Role of a member"),
    "people.delegation": _("Lent role"),
    "registry.officialaccount": _("Official account"),
    "governance.holiday": _("Day off"),
    "governance.localtarget": _("Response target"),
    "channels.connection": _("Connection"),
    "channels.dispatch": _("Dispatch"),
    "inbox.conversation": _("Conversation"),
    "inbox.message": _("Message"),
    "inbox.citizen": _("Citizen"),
    "inbox.label": _("Label"),
    "inbox.savedview": _("Saved view"),
    "inbox.promise": _("Promise to a citizen"),
    "inbox.rightsrequest": _("Request about own data"),
    "inbox.certificate": _("Certificate of erasure"),
    "inbox.handoff": _("Emergency hand-off"),
    "inbox.keeper": _("Keeper of a safe channel"),
}
MEASURES: dict[Measure, Callable[[int], str]] = {
    Measure.CLOCK_MINUTES: lambda n: ngettext("%(n)d minute", "%(n)d minutes", n),
    Measure.CLOCK_HOURS: lambda n: ngettext("%(n)d hour", "%(n)d hours", n),
    Measure.WORKING_MINUTES: lambda n: ngettext(
        "%(n)d minute of service", "%(n)d minutes of service", n
    ),
    Measure.WORKING_DAYS: lambda n: ngettext("%(n)d working day", "%(n)d working days", n),
}


def limit_of(target: Target) -> str:
    """The limit with its measure: 5 working days."""
    return amount(target.unit, target.limit)


def amount(unit: Measure, n: int) -> str:
    """A number of a measure in words."""
    return MEASURES[unit](n) % {"n": n}


def clock(code: str) -> Words:
    """The name of a clock; the code itself for one that a newer pack brought."""
    return CLOCKS.get(code, code)


def kind(label: str) -> Words:
    """What sort of thing an entry of the audit log is about."""
    return KINDS.get(label, label)
