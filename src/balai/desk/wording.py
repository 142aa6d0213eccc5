"""The desk's codes in words for a person. Nothing is decided here."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

WEEKDAYS: tuple[Words, ...] = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
LANGUAGES: tuple[tuple[str, Words], ...] = (
    ("ind", _("Indonesian")),
    ("jav", _("Javanese")),
    ("sun", _("Sundanese")),
    ("min", _("Minangkabau")),
    ("ban", _("Balinese")),
    ("ace", _("Acehnese")),
    ("bjn", _("Banjarese")),
    ("bug", _("Buginese")),
    ("mad", _("Madurese")),
    ("eng", _("English")),
)
HOOK_KINDS: dict[str, Words] = {
    "message.received": _("a message was received"),
    "conversation.moved": _("a conversation moved"),
    "conversation.answered": _("an answer is out"),
    "conversation.escalated": _("a promised answer comes near or is late"),
    "endpoint.test": _("a trial"),
}
LOOKS = {"on": "ok", "off": "outline", "paused": "urgent", "broken": "late"}
OUTCOMES = {"done": "ok", "nothing": "outline", "failed": "urgent"}
DELIVERIES = {"waiting": "soon", "sending": "info", "delivered": "ok", "failed": "late"}
DEEDS: dict[str, Words] = {
    "unit": _("moved to the unit"),
    "team": _("passed to the team"),
    "member": _("given to a person"),
    "label": _("labelled"),
    "raise_to": _("made more urgent"),
    "notify": _("told somebody"),
    "notify_lead": _("told whoever leads the team"),
    "away": _("sent the away note"),
}
TRACES: dict[str, Words] = {
    "rule.written": _("Written"),
    "rule.switched_on": _("Switched on"),
    "rule.switched_off": _("Switched off"),
    "rule.paused": _("Paused itself"),
    "rule.moved": _("Moved up"),
    "rule.retired": _("Rule ended"),
}
